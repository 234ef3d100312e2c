// A TLS connection before its peers have agreed on a protocol. Gives way to the protocol's own
// connection then.
#pragma once
#include <cstdint>
#include <memory>
#include <string>

#include "proxy/caller.hpp"
#include "proxy/connection.hpp"
#include "proxy/reactor.hpp"
#include "proxy/transport.hpp"

namespace temps::proxy {

class Worker;

class Handshake final : public Connection, private Timer {
 public:
  Handshake(Worker& worker, int fd, Caller peer);

  // `is_watched`: the reactor knows the descriptor already.
  enum class Watched : std::uint8_t { no, yes };
  void start(Watched watched);
  [[nodiscard]] int descriptor() const { return transport_.fd(); }
  // The client may send its request yet; the connection of the protocol drains.
  void drain() override {}
  void close() override;
  void on_events(std::uint32_t events) override;

 private:
  void on_time() override { close(); }
  void proceed();
  void hand_over();

  Worker& worker_;
  Transport transport_;
  Caller peer_;
  bool closed_ = false;
};

}  // namespace temps::proxy

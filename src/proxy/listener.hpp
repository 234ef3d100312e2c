// A listening socket of one loop.
#pragma once
#include <cstdint>
#include <string>

#include "core/result.hpp"
#include "proxy/address.hpp"
#include "proxy/reactor.hpp"

namespace temps::proxy {

class Worker;

enum class Encryption : std::uint8_t { none, tls };

// Makes a listening socket; each loop has one of its own for the same address (SO_REUSEPORT). Port
// 0 in `address` is replaced by the port that the kernel chose. Fails with `proxy.address_in_use`,
// `proxy.cannot_listen`.
Result<int> open_listener(Address& address);
// Does nobody else listen there? SO_REUSEPORT alone would let two proxies share a port by accident.
// Fails as open_listener().
Result<> check_unused(const Address& address);

class Listener final : public EventTarget {
 public:
  // Accepts nothing before resume().
  Listener(Worker& worker, int fd, Encryption encryption);
  ~Listener() override;
  void resume();
  // The kernel goes on queueing connections.
  void pause();
  void on_events(std::uint32_t events) override;
  // Takes what the kernel has queued; closing the socket would reset these connections.
  void accept_waiting();

 private:
  enum class Accepted : std::uint8_t { one, none };
  Accepted accept_one();
  void refuse_one();

  void begin(int fd, std::string address);

  Worker& worker_;
  int fd_;
  Encryption encryption_;
  bool paused_ = true;
  int reserve_;  // closed for a moment when descriptors run out, so that a client can be refused
};

}  // namespace temps::proxy

// A connection of a balancer that says first whom it speaks for (the PROXY protocol). Gives way to
// what an ordinary connection begins with then.
#pragma once
#include <cstdint>
#include <string>

#include "proxy/caller.hpp"
#include "proxy/connection.hpp"
#include "proxy/listener.hpp"
#include "proxy/reactor.hpp"

namespace temps::proxy {

class Worker;

class Introduction final : public Connection, private Timer {
 public:
  // `address`: the balancer's.
  Introduction(Worker& worker, int fd, Encryption encryption, std::string address);
  ~Introduction() override;

  void start();
  // The client may send its request yet; the connection of the protocol drains.
  void drain() override {}
  void close() override;
  void on_events(std::uint32_t events) override;

 private:
  void on_time() override;
  void read();
  void refuse();
  bool skip(std::size_t bytes) const;
  void hand_over(Caller caller);

  Worker& worker_;
  int fd_;
  Encryption encryption_;
  std::string address_;
  bool closed_ = false;
};

}  // namespace temps::proxy

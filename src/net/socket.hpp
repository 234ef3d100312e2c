// Stream sockets: TCP and unix.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "net/descriptor.hpp"

namespace temps::net {

// "127.0.0.1:8080", "[::1]:8080", "localhost:8080" or "unix:/run/temps/serve.sock".
struct Address {
  std::string host;        // empty for a unix socket
  std::uint16_t port = 0;  // 0 when listening: any free port
  std::string path;        // of a unix socket
  [[nodiscard]] bool is_unix() const { return host.empty(); }
  [[nodiscard]] std::string text() const;
};
// Fails with `net.bad_address`.
Result<Address> parse_address(std::string_view text);

// Connects; names are looked up and every address tried in turn. Fails with `net.unreachable`. Has
// no time limit of its own: wrap it in within().
Task<Descriptor> connect(Loop& loop, Address address);

class Listener {
 public:
  // Fails with `net.address_in_use`, `net.cannot_listen`. A stale unix socket file is replaced;
  // `mode` is its file mode.
  static Result<Listener> open(Loop& loop, const Address& address, unsigned mode = 0600);
  Task<Descriptor> accept();
  // The address in use, with the real port.
  [[nodiscard]] const Address& address() const { return address_; }
  void close() { socket_.close(); }

 private:
  Listener(Loop& loop, Descriptor socket, Address address)
      : loop_(&loop), socket_(std::move(socket)), address_(std::move(address)) {}
  Loop* loop_;
  Descriptor socket_;
  Address address_;
};

// A TCP port that nothing listens on at the moment, on 127.0.0.1. Fails with `net.cannot_listen`.
Result<std::uint16_t> free_port();

}  // namespace temps::net

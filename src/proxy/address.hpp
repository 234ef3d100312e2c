// Socket addresses as text and back.
#pragma once
#include <sys/socket.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace temps::proxy {

struct Address {
  sockaddr_storage storage{};
  socklen_t length = 0;
  [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
  [[nodiscard]] int family() const { return storage.ss_family; }
};

// "127.0.0.1:80", "[::1]:80", ":80" (every address, IPv6 and IPv4) or "unix:/path". Names are not
// resolved, but "localhost" means 127.0.0.1. Fails with `proxy.bad_address`.
Result<Address> parse_address(std::string_view text);
// "127.0.0.1:80", "[::1]:80", "unix:/path".
std::string to_text(const Address& address);
// 0 for local sockets.
std::uint16_t port_of(const Address& address);
// The IP address alone, IPv4 in IPv6 as IPv4; "unix" for local sockets.
std::string host_text(const sockaddr_storage& address);
// Is it an IPv4 address or an IPv6 address in brackets?
bool is_ip_literal(std::string_view host);

}  // namespace temps::proxy

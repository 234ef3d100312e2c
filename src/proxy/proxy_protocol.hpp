// The PROXY protocol, versions 1 and 2 (HAProxy's doc/proxy-protocol.txt): what a balancer of TCP
// connections says about its client before the client's first byte.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/network.hpp"

namespace temps::proxy {

struct ProxyHeader {
  enum class State : std::uint8_t { need_more, complete, failed };
  State state = State::failed;
  std::size_t bytes = 0;              // of the whole header; the client's own bytes follow
  std::optional<IpAddress> client{};  // nothing: the balancer speaks for itself, or does not know
  bool by_tls = false;                // the client speaks TLS to the balancer (version 2)
};

// So much of a header is waited for; what is longer is refused. Version 1 has 107 bytes at most,
// version 2 as many as its additions (such as the client's certificate) need.
inline constexpr std::size_t proxy_header_bytes_max = 16UL * 1024;

// `bytes`: all that the connection has brought so far.
ProxyHeader read_proxy_header(std::string_view bytes);

}  // namespace temps::proxy

// What trusted proxies in front say about their client: X-Forwarded-For, -Proto, -Host and -Port,
// or Forwarded (RFC 7239).
#pragma once
#include <cstdint>
#include <string>

#include "core/network.hpp"
#include "http1/http1.hpp"

namespace temps::proxy {

struct Forwarding {
  enum class Scheme : std::uint8_t { unsaid, http, https };

  std::string address;  // of the client; empty: nobody who is trusted has named one
  std::string host;     // with the port, as the client asked for it; empty: unsaid
  std::string port;     // that the client has connected to; empty: unsaid
  Scheme scheme = Scheme::unsaid;

  // As new, but for the capacity of strings.
  void clear();
};

// Of a request that comes from one of `trusted`. Each proxy appends whom it was asked by, so the
// list is read from its end: the first address that is not trusted is the client, and what stands
// before it may be the client's invention. Of the other fields the last value counts.
void read_forwarding(const http1::Fields& fields, const Networks& trusted, Forwarding& into);

}  // namespace temps::proxy

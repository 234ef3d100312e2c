// Who has opened a connection, and whose word is believed.
#pragma once
#include <string>

#include "core/network.hpp"

namespace temps::proxy {

struct Caller {
  std::string address;      // as host_text() writes it
  bool is_trusted = false;  // what it says about its own clients is believed
  bool by_tls = false;      // it speaks TLS to the balancer that has introduced it
};

struct Trust {
  Networks proxies;      // believed in what they say about their clients
  Networks introducers;  // begin each connection with the PROXY protocol
  [[nodiscard]] Caller caller(std::string address) const {
    const bool is_trusted = proxies.contains(std::string_view(address));
    return {std::move(address), is_trusted};
  }
};

}  // namespace temps::proxy

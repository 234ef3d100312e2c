// How to talk to an authority, and for how long.
#pragma once
#include <chrono>
#include <optional>
#include <string>

#include "tls/tls.hpp"

namespace temps::acme {

struct Options {
  std::string directory_url;  // "https://acme-v02.api.letsencrypt.org/directory"
  // Who vouches for the authority's own address; the machine's authorities where not given.
  std::optional<tls::Trust> trust{};
  std::string user_agent = "temps";
  std::chrono::nanoseconds request_time_max = std::chrono::seconds(30);
  // From the answer to a challenge until the authority has looked at it, and from the request for
  // the certificate until it is there.
  std::chrono::nanoseconds check_time_max = std::chrono::minutes(5);
  std::chrono::nanoseconds issue_time_max = std::chrono::minutes(5);
  // For Solver::remove, which runs even when the order is called off.
  std::chrono::nanoseconds removal_time_max = std::chrono::seconds(30);
};

}  // namespace temps::acme

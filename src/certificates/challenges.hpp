// What the data plane shows to an authority that checks names.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "acme/acme.hpp"
#include "certificates/shelf.hpp"
#include "core/concurrency.hpp"
#include "gateway/gateway.hpp"

namespace temps::certificates {

// Answers of kind http_01 and tls_alpn_01, those of all orders together.
class Challenges {
 public:
  Challenges(gateway::Gateway& gateway, const std::filesystem::path& folder)
      : gateway_(gateway), shelf_(folder) {}

  // At the start of the process: what a former one left is no longer shown.
  Task<> clear();
  // Ends when every loop of the proxy shows it. Fails with `proxy_away`, and as
  // Gateway::publish_challenges.
  Task<> show(acme::Answer answer);
  Task<> hide(acme::Answer answer);

 private:
  Task<> publish(std::vector<routing::Challenge> wanted);

  gateway::Gateway& gateway_;
  Shelf shelf_;
  std::vector<routing::Challenge> shown_;
  Mutex mutex_;  // one change at a time: each publishes all of them
};

}  // namespace temps::certificates

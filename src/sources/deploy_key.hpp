// Keys that open a repository over ssh. Private to the module.
#pragma once
#include <string>

#include "core/secret.hpp"
#include "core/task.hpp"
#include "net/loop.hpp"

namespace temps::sources {

struct DeployKey {
  std::string public_half;  // "ssh-ed25519 AAAA… temps shop"
  Secret private_half;
};
// By ssh-keygen. Fails with `process.not_found`, `sources.failed`.
Task<DeployKey> make_deploy_key(net::Loop& loop, std::string project);

}  // namespace temps::sources

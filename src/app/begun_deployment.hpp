// What a command does with the deployment that it has begun.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>

#include "app/api_client.hpp"
#include "app/commands.hpp"
#include "app/folder_target.hpp"

namespace temps::app {

// Of `--timeout`; asked before anything is begun. Fails with `app.usage`.
Result<std::optional<std::chrono::seconds>> wait_limit(const DeployOptions& options);

// Waits until it is live and prints where, or with `--detach` how to follow it. Fails as
// wait_for_deployment() does.
Task<> see_through(net::Loop& loop, ApiClient& client, DeployOptions options, ProjectView project,
                   std::int64_t number);

}  // namespace temps::app

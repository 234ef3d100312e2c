// Following a deployment to its end.
#pragma once
#include <cstdint>
#include <string>

#include "app/api_client.hpp"
#include "app/commands.hpp"
#include "core/task.hpp"

namespace temps::app {

// "?environment=staging", or nothing for production, which is what the API takes then.
std::string in_environment(const std::string& environment, char separator = '?');

// Shows the deployment's log on standard error (as NDJSON on standard output with Format::json)
// until it has ended. Fails with `app.unhealthy` when it did not go live.
Task<> follow_deployment(ApiClient& client, std::string project, std::int64_t number, Format format,
                         std::string environment = {});

// Shows what becomes of the certificate that Temps orders for the domain, until it is there. Who
// waits for DNS waits a minute here at most; Temps itself goes on. Fails with
// `app.no_certificate` when the order has failed.
Task<> follow_certificate(ApiClient& client, DomainOptions options);

}  // namespace temps::app

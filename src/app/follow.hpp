// Following a deployment to its end.
#pragma once
#include <chrono>
#include <csignal>
#include <cstdint>
#include <optional>
#include <string>

#include "app/api_client.hpp"
#include "app/commands.hpp"
#include "app/errors.hpp"
#include "core/concurrency.hpp"
#include "core/task.hpp"

namespace temps::app {

// "?environment=staging", or nothing for production, which is what the API takes then.
std::string in_environment(const std::string& environment, char separator = '?');

// " --environment staging" for what is said of commands, or nothing for production.
std::string environment_words(const std::string& environment);

// Shows the deployment's log on standard error (as NDJSON on standard output with Format::json)
// until it has ended. Fails with `app.unhealthy` when it did not go live.
Task<> follow_deployment(ApiClient& client, std::string project, std::int64_t number, Format format,
                         std::string environment = {});

struct Wait {
  std::string project;
  std::int64_t number;
  std::string environment;                    // empty: production
  std::optional<std::chrono::seconds> limit;  // of the wait; the deployment goes on
  Format format = Format::text;
};
// The same until Ctrl-C or the limit at most: says then how to follow on, and how to end it. Fails
// with `app.interrupted`, `app.still_running` as well.
Task<> wait_for_deployment(net::Loop& loop, ApiClient& client, Wait wait);

// Until Ctrl-C at most; fails with `app.interrupted` and these words then.
template <class T>
Task<T> unless_interrupted(net::Loop& loop, Task<T> task, std::string words) {
  const auto interruption = [](net::Loop& on, std::string said) -> Task<T> {
    co_await on.signal({SIGINT, SIGTERM});
    std::optional<T> never;
    co_await fail(errors::interrupted, "interrupted; {}", said);
    co_return std::move(*never);
  };
  co_return co_await race(std::move(task), interruption(loop, std::move(words)));
}

// Shows what becomes of the certificate that Temps orders for the domain, until it is there. Who
// waits for DNS waits a minute here at most; Temps itself goes on. Fails with
// `app.no_certificate` when the order has failed.
Task<> follow_certificate(ApiClient& client, DomainOptions options);

}  // namespace temps::app

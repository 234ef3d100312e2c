#include "app/begun_deployment.hpp"

#include "app/errors.hpp"
#include "app/follow.hpp"
#include "app/terminal.hpp"
#include "settings/units.hpp"

namespace temps::app {

namespace {

Task<> leave(ApiClient& client, DeployOptions options, ProjectView project, std::int64_t number) {
  if (options.common.format == Format::json) {
    print(co_await client.call(
        "GET", project_path(project.name, fmt::format("/deployments/{}{}", number,
                                                      in_environment(options.environment)))));
    co_return;
  }
  print(fmt::format("#{}", number));
  note(fmt::format("Follow it with: temps logs {} --deployment {} -f{}", project.name, number,
                   environment_words(options.environment)));
}

}  // namespace

Result<std::optional<std::chrono::seconds>> wait_limit(const DeployOptions& options) {
  if (options.timeout.empty()) return std::nullopt;
  const auto limit = settings::parse_duration(options.timeout);
  if (!limit) return fail(errors::usage, "--timeout takes a time such as 10m or 90s");
  return std::optional(*limit);
}

Task<> see_through(net::Loop& loop, ApiClient& client, DeployOptions options, ProjectView project,
                   std::int64_t number) {
  const auto limit = co_await wait_limit(options);
  note(fmt::format("deployment #{} of {}", number, project.name));
  if (options.detach) co_return co_await leave(client, options, project, number);
  co_await wait_for_deployment(loop, client,
                               {.project = project.name,
                                .number = number,
                                .environment = options.environment,
                                .limit = limit,
                                .format = options.common.format});
  if (options.common.format == Format::text) {
    print(fmt::format("#{} is live: {}", number,
                      co_await address_of(client, project, options.environment)));
  }
}

}  // namespace temps::app

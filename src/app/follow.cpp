#include "app/follow.hpp"

#include <optional>

#include "app/errors.hpp"
#include "app/terminal.hpp"
#include "core/text.hpp"

namespace temps::app {

namespace {

struct Line {
  std::string stream;
  std::string text;
};
struct Ended {
  std::string status;
  std::optional<std::string> error;
};

}  // namespace

std::string in_environment(const std::string& environment, char separator) {
  if (environment.empty()) return {};
  return fmt::format("{}environment={}", separator, percent_encoded(environment));
}

std::string environment_words(const std::string& environment) {
  return environment.empty() ? std::string{} : " --environment " + environment;
}

Task<> follow_deployment(ApiClient& client, std::string project, std::int64_t number, Format format,
                         std::string environment) {
  std::optional<Ended> ended;
  co_await client.events(fmt::format("/api/v1/projects/{}/deployments/{}/log/events{}",
                                     percent_encoded(project), number, in_environment(environment)),
                         [&ended, format](std::string_view name, std::string_view data) {
                           if (name == "end") {
                             if (auto decoded = json::decode<Ended>(data)) ended = *decoded;
                             if (format == Format::json) print(data);
                             return ApiClient::Next::stop;
                           }
                           if (format == Format::json) {
                             print(data);
                           } else if (auto line = json::decode<Line>(data)) {
                             note((line->stream == "system" ? "" : "  | ") + line->text);
                           }
                           return ApiClient::Next::go_on;
                         });
  if (!ended) {
    co_await fail(errors::refused,
                  "the server went away; the deployment goes on, see: temps deployments {}{}",
                  project, environment_words(environment));
  }
  if (ended->status == "live" || ended->status == "retired") co_return;
  co_await fail(errors::unhealthy, "deployment #{} is {}: {}", number, ended->status,
                ended->error.value_or("see its log"));
}

Task<> wait_for_deployment(net::Loop& loop, ApiClient& client, Wait wait) {
  const auto where = environment_words(wait.environment);
  const auto how = fmt::format(
      "the deployment goes on. Follow it: temps logs {} --deployment {} -f{}. Cancel it: temps "
      "cancel {} {}{}",
      wait.project, wait.number, where, wait.project, wait.number, where);
  const auto interrupted = [](net::Loop& on, std::string words) -> Task<> {
    co_await on.signal({SIGINT, SIGTERM});
    co_await fail(errors::interrupted, "not waiting any more; {}", words);
  };
  auto followed =
      race(follow_deployment(client, wait.project, wait.number, wait.format, wait.environment),
           interrupted(loop, how));
  if (!wait.limit) co_return co_await std::move(followed);
  auto ended = co_await attempt(within(*wait.limit, std::move(followed)));
  if (!ended && ended.error().is(temps::errors::timed_out)) {
    co_await fail(errors::still_running, "not live after {} s; {}", wait.limit->count(), how);
  }
  co_await std::move(ended);
}

}  // namespace temps::app

// temps deployment, temps cancel.
#include "app/api_client.hpp"
#include "app/commands.hpp"
#include "app/errors.hpp"
#include "app/follow.hpp"
#include "app/terminal.hpp"
#include "core/clock.hpp"
#include "core/text.hpp"
#include "json/json.hpp"

namespace temps::app {

namespace {

struct Stage {
  std::string stage;
  Instant began_at;
  std::optional<Instant> ended_at;
};
struct Deployment {
  std::int64_t number;
  std::string status;
  std::string trigger;
  std::string commit;
  std::string message;
  std::string branch;
  bool live;
  std::optional<std::int64_t> variables;
  std::optional<std::string> error;
  std::string created_at;
  std::optional<std::string> finished_at;
  std::optional<std::vector<Stage>> stages;
};
struct Page {
  std::vector<Deployment> items;
};

std::string path_of(const DeploymentOptions& options, const std::string& below) {
  return fmt::format("/api/v1/projects/{}/deployments{}", percent_encoded(options.project), below);
}

Task<std::int64_t> number_of(ApiClient& client, const DeploymentOptions& options) {
  if (options.number > 0) co_return options.number;
  const auto page = co_await client.get<Page>(
      path_of(options, "?limit=1" + in_environment(options.environment, '&')));
  if (page.items.empty()) {
    co_await fail(errors::refused, "nothing was deployed yet: git push temps main");
  }
  co_return page.items.front().number;
}

std::string in_words(std::chrono::milliseconds time) {
  const auto seconds = std::chrono::duration<double>(time).count();
  if (seconds < 60) return fmt::format("{:.1f} s", seconds);
  const auto whole = static_cast<std::int64_t>(seconds);
  return fmt::format("{} min {} s", whole / 60, whole % 60);
}

void show(const Stage& stage) {
  const SystemClock clock;
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(
      stage.ended_at.value_or(clock.now()) - stage.began_at);
  print(fmt::format("  {:<10} {:>12}{}", stage.stage,
                    in_words(std::max(took, std::chrono::milliseconds(0))),
                    stage.ended_at ? "" : "  so far"));
}

void show(const Deployment& deployment) {
  const auto line = [](std::string_view name, std::string_view value) {
    if (!value.empty()) print(fmt::format("{:<10} {}", name, value));
  };
  line("number", fmt::format("#{}", deployment.number));
  line("state", deployment.status);
  line("by", deployment.trigger);
  line("message", deployment.message);
  line("branch", deployment.branch);
  line("commit", deployment.commit);
  line("variables",
       deployment.variables ? fmt::format("version {}", *deployment.variables) : std::string{});
  line("begun", deployment.created_at.substr(0, 19));
  line("ended", deployment.finished_at.value_or("").substr(0, 19));
  line("error", deployment.error.value_or(""));
  if (!deployment.stages || deployment.stages->empty()) return;
  print("stages");
  for (const auto& stage : *deployment.stages) show(stage);
}

Task<> show_one(net::Loop& loop, Common common, DeploymentOptions options) {
  ApiClient client(loop, co_await find_target(common.url));
  const auto number = co_await number_of(client, options);
  const auto text = co_await client.call(
      "GET", path_of(options, fmt::format("/{}{}", number, in_environment(options.environment))));
  if (common.format == Format::json) co_return print(text);
  show(co_await json::decode<Deployment>(text));
}

Task<> cancel(net::Loop& loop, Common common, DeploymentOptions options) {
  ApiClient client(loop, co_await find_target(common.url));
  const auto number = co_await number_of(client, options);
  const auto text = co_await client.call(
      "POST",
      path_of(options, fmt::format("/{}/cancel{}", number, in_environment(options.environment))));
  if (common.format == Format::json) co_return print(text);
  const auto now = co_await json::decode<Deployment>(text);
  if (now.status == "cancelled") co_return print(fmt::format("#{} is cancelled.", number));
  note(fmt::format("#{} is being ended: temps deployment {} {}{}", number, options.project, number,
                   environment_words(options.environment)));
}

}  // namespace

Result<> show_deployment(const Common& common, const DeploymentOptions& options) {
  net::Loop loop;
  return loop.run(show_one(loop, common, options));
}

Result<> cancel_deployment(const Common& common, const DeploymentOptions& options) {
  net::Loop loop;
  return loop.run(cancel(loop, common, options));
}

}  // namespace temps::app

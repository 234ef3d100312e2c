#include "app/api_client.hpp"
#include "app/commands.hpp"
#include "app/terminal.hpp"
#include "core/text.hpp"

namespace temps::app {

namespace {

struct Instance {
  std::string name;
  std::string project;
  std::string status;
  std::optional<std::int64_t> deployment;
};
struct Instances {
  std::vector<Instance> items;
};

Task<> list(net::Loop& loop, Common common) {
  ApiClient client(loop, co_await find_target(common.url));
  auto text = co_await client.call("GET", "/api/v1/instances");
  if (common.format == Format::json) {
    print(text);
    co_return;
  }
  const auto found = co_await json::decode<Instances>(text);
  for (const auto& instance : found.items) {
    print(fmt::format("{:<36} {:<20} {:<8} {}", instance.name, instance.project, instance.status,
                      instance.deployment ? fmt::format("deployment #{}", *instance.deployment)
                                          : "unknown to the database"));
  }
  if (found.items.empty()) note("Nothing runs.");
}

Task<> remove(net::Loop& loop, Common common, std::string name) {
  ApiClient client(loop, co_await find_target(common.url));
  co_await client.call("DELETE", "/api/v1/instances/" + percent_encoded(name));
  done(common.format, fmt::format("Removed {}.", name));
}

}  // namespace

Result<> list_instances(const Common& common) {
  net::Loop loop;
  return loop.run(list(loop, common));
}

Result<> remove_instance(const Common& common, const std::string& name) {
  net::Loop loop;
  return loop.run(remove(loop, common, name));
}

}  // namespace temps::app

#include "deploys/permissions.hpp"
#include "deploys/routes.hpp"
#include "deploys/views.hpp"
#include "projects/permissions.hpp"

namespace temps::deploys {
namespace {

InstanceView show(const FoundInstance& found) {
  return {.name = found.listed.name,
          .project = found.listed.project,
          .status = found.listed.status,
          .deployment = found.deployment ? std::optional(found.deployment->number) : std::nullopt};
}

Task<http::Page<InstanceView>> list_instances(Api& api) {
  http::Page<InstanceView> page;
  for (const auto& found : co_await api.deploys.instances()) page.items.push_back(show(found));
  co_return page;
}

Task<http::NoContent> remove_instance(Api& api, http::Path<std::string> name) {
  co_await api.deploys.remove_instance(name.value);
  co_return http::NoContent{};
}

}  // namespace

void add_instance_routes(http::Router& router, Api& api) {
  auto routes = router.bind(api);
  routes.get<list_instances>("/api/v1/instances", permissions::read,
                             "List what runs on this machine, known to the database or not");
  routes.del<remove_instance>("/api/v1/instances/{instance}", projects::permissions::remove,
                              "Stop and remove an instance that no deployment knows");
}

}  // namespace temps::deploys

#include "deploys/permissions.hpp"
#include "deploys/routes.hpp"
#include "deploys/views.hpp"

namespace temps::deploys {
namespace {

InstanceView show(const FoundInstance& found) {
  return {.name = found.listed.name,
          .project = found.listed.project,
          .status = found.listed.status,
          .deployment = found.deployment ? std::optional(found.deployment->number) : std::nullopt};
}

// What belongs to no project that is known is for those who may see all of them.
Task<http::Page<InstanceView>> list_instances(Api& api, http::Caller caller) {
  const bool sees_all = !caller.projects_with(permissions::read);
  http::Page<InstanceView> page;
  for (const auto& found : co_await api.deploys.instances()) {
    if (sees_all || caller.may(permissions::read, {found.listed.project})) {
      page.items.push_back(show(found));
    }
  }
  co_return page;
}

Task<http::NoContent> remove_instance(Api& api, http::Path<std::string> name) {
  co_await api.deploys.remove_instance(name.value);
  co_return http::NoContent{};
}

}  // namespace

void add_instance_routes(http::Router& router, Api& api) {
  auto routes = router.bind(api);
  routes
      .get<list_instances>("/api/v1/instances", permissions::read,
                           "List what runs on this machine, known to the database or not")
      .checks_projects = true;
  routes.del<remove_instance>("/api/v1/instances/{instance}", permissions::remove_instances,
                              "Stop and remove an instance that no deployment knows");
}

}  // namespace temps::deploys

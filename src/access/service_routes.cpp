#include <utility>

#include "access/permissions.hpp"
#include "access/routes.hpp"
#include "identity/rules.hpp"

namespace temps::access {
namespace {

// The JSON shapes of this API. A field name is the wire name.
struct ServiceView {
  std::int64_t id;  // that of the user
  std::string name;
  Role role;
  Instant created_at;
};
enum class ServiceRole : std::uint8_t { guest, viewer, developer, admin, owner };
struct ServiceBody {
  std::string name;
  std::optional<ServiceRole> role;  // guest: nothing but what is granted
};

ServiceView view(const identity::User& user) {
  return {user.id.value, user.email, user.role, user.created_at};
}

Role to_role(ServiceRole role) {
  return static_cast<Role>(std::to_underlying(role) + std::to_underlying(Role::guest));
}

Task<http::Page<ServiceView>> list_service_accounts(Api& api) {
  http::Page<ServiceView> page;
  for (const auto& user : co_await api.services.list()) page.items.push_back(view(user));
  co_return page;
}

Task<http::Created<ServiceView>> create_service_account(Api& api, http::Caller caller,
                                                        http::Body<ServiceBody> body) {
  const auto role = to_role(body.value.role.value_or(ServiceRole::guest));
  co_await identity::check_rank(caller.gives(), role);
  const auto made = co_await api.services.create(std::move(body.value.name), role);
  co_return http::Created<ServiceView>{view(made)};
}

}  // namespace

void add_service_routes(http::Router& router, Api& api) {
  auto routes = router.bind(api);
  const auto may = permissions::services;
  routes.get<list_service_accounts>("/api/v1/service-accounts", may, "List the service accounts");
  routes.post<create_service_account>("/api/v1/service-accounts", may,
                                      "Make a service account; it is a user without a login");
}

}  // namespace temps::access

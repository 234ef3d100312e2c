#include <algorithm>
#include <array>

#include "access/routes.hpp"

namespace temps::access {
namespace {

// The JSON shapes of this API. A field name is the wire name.
struct PermissionView {
  std::string name;
  Role role;    // the least that has it
  Scope scope;  // own, installation or project
};
struct ScopeView {
  std::string name;
  std::vector<std::string> permissions;
};
struct CatalogueView {
  std::vector<PermissionView> permissions;
  std::vector<ScopeView> scopes;  // the sets that a key may be limited to
};

Task<http::Ok<CatalogueView>> get_permissions(Api&, const http::Request& request) {
  CatalogueView shown;
  for (const auto& permission : request.permissions) {
    if (permission.scope == Scope::anyone) continue;
    shown.permissions.push_back({std::string(permission.name), permission.least, permission.scope});
  }
  std::ranges::sort(shown.permissions, {}, &PermissionView::name);
  for (const auto set : {scopes::read, scopes::deploy, scopes::write, scopes::admin}) {
    ScopeView scope{std::string(set), {}};
    for (const auto& permission : request.permissions) {
      if (permission.scope == Scope::anyone || !covers({std::string(set)}, permission)) continue;
      scope.permissions.emplace_back(permission.name);
    }
    std::ranges::sort(scope.permissions);
    shown.scopes.push_back(std::move(scope));
  }
  co_return http::Ok<CatalogueView>{std::move(shown)};
}

}  // namespace

void add_catalogue_route(http::Router& router, Api& api) {
  router.bind(api).get<get_permissions>("/api/v1/permissions", temps::permissions::self,
                                        "List all permissions, and what the scopes of keys hold");
}

}  // namespace temps::access

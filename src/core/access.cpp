#include "core/access.hpp"

#include <algorithm>
#include <array>

namespace temps {
namespace {

// "write" includes "deploy" and "read", "admin" all.
constexpr std::array sets{scopes::deploy, scopes::read, scopes::write, scopes::admin};

bool set_holds(std::string_view set, const Permission& permission) {
  if (set == scopes::admin) return permission.least <= Role::admin;
  if (permission.scope == Scope::own) return false;
  if (set == scopes::deploy) return permission.is_deploying;
  if (set == scopes::read) return permission.least <= Role::viewer;
  return set == scopes::write && permission.least <= Role::developer;
}

bool includes(std::string_view set, std::string_view wanted) {
  if (set == wanted || set == scopes::admin) return true;
  return set == scopes::write && wanted != scopes::admin;
}

}  // namespace

bool is_scope_set(std::string_view name) { return std::ranges::find(sets, name) != sets.end(); }

bool covers(const std::vector<std::string>& scopes, const Permission& permission) {
  if (permission.name == permissions::self.name) return true;
  return std::ranges::any_of(scopes, [&permission](const std::string& scope) {
    return scope == permission.name || set_holds(scope, permission);
  });
}

bool covers_set(const std::vector<std::string>& scopes, std::string_view wanted) {
  return std::ranges::any_of(
      scopes, [wanted](const std::string& scope) { return includes(scope, wanted); });
}

}  // namespace temps

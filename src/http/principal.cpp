#include "http/principal.hpp"

#include <algorithm>

namespace temps::http {
namespace {

// The greatest role whose rights the scopes hold, on projects.
Role role_within(const std::optional<std::vector<std::string>>& scopes) {
  if (!scopes) return Role::owner;
  if (covers_set(*scopes, scopes::admin)) return Role::admin;
  if (covers_set(*scopes, scopes::write)) return Role::developer;
  return covers_set(*scopes, scopes::read) ? Role::viewer : Role::anonymous;
}

bool within(const Access& access, const Permission& permission) {
  return !access.scopes || covers(*access.scopes, permission);
}

}  // namespace

Role Principal::role_on(std::string_view project) const {
  const auto granted = access.projects.find(project);
  return granted == access.projects.end() ? role : std::max(role, granted->second);
}

bool Principal::sees(std::string_view project) const {
  return (!access.project || *access.project == project) && role_on(project) >= Role::viewer;
}

bool Principal::may(const Permission& permission) const {
  if (permission.scope == Scope::anyone) return true;
  if (role < permission.least || !within(access, permission)) return false;
  const bool is_everyones = permission.name == permissions::self.name;
  return permission.scope != Scope::project && (is_everyones || !access.project);
}

bool Principal::may(const Permission& permission, const Target& target) const {
  if (!sees(target.project) || role_on(target.project) < permission.least) return false;
  if (access.environment && target.environment && *access.environment != *target.environment) {
    return false;
  }
  return permission.scope == Scope::project && within(access, permission);
}

bool Principal::may_somewhere(const Permission& permission) const {
  return role >= Role::guest && within(access, permission);
}

std::optional<std::vector<std::string>> Principal::projects_with(
    const Permission& permission) const {
  if (!access.project && role >= permission.least && within(access, permission)) {
    return std::nullopt;
  }
  std::vector<std::string> names;
  if (access.project) {
    if (may(permission, {*access.project})) names.push_back(*access.project);
    return names;
  }
  for (const auto& [name, granted] : access.projects) {
    if (may(permission, {name})) names.push_back(name);
  }
  return names;
}

Role Principal::gives() const {
  if (access.project) return Role::anonymous;
  if (!access.scopes) return role;
  return covers_set(*access.scopes, scopes::admin) ? std::min(role, Role::admin) : Role::anonymous;
}

Role Principal::gives_on(std::string_view project) const {
  if (access.environment || !sees(project)) return Role::anonymous;
  return std::min({role_on(project), role_within(access.scopes), Role::admin});
}

}  // namespace temps::http

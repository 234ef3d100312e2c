#include "http/authorization.hpp"

#include <algorithm>
#include <string>

#include "http/errors.hpp"

namespace temps::http {
namespace {

std::unexpected<Error> refused(const Principal& who, const Permission& permission) {
  const auto& limits = who.access;
  if (limits.scopes && !covers(*limits.scopes, permission)) {
    return fail(errors::forbidden, "this needs the permission {}, which is not in the scopes of {}",
                permission.name, who.kind == "token" ? "this token" : "this API key");
  }
  if (limits.project) {
    return fail(errors::forbidden, "this needs the permission {}; what you use is only for {}{}{}",
                permission.name, *limits.project, limits.environment ? ", environment " : "",
                limits.environment.value_or(""));
  }
  return fail(errors::forbidden, "this needs the permission {}, which your role does not have",
              permission.name);
}

// The environment that a request concerns: the one in its path; else in a query parameter that the
// route knows; else production, or all of them, where a credential for one has to name it.
std::string environment_of(const Route& route, const Request& request) {
  const auto value = request.path_values.find("environment");
  if (value != request.path_values.end()) return value->second;
  const bool asks = std::ranges::find(route.parameters, "environment", &ParameterDoc::name) !=
                    route.parameters.end();
  const auto otherwise = route.spans_environments ? "*" : "production";
  return asks ? request.query_value("environment").value_or(otherwise) : otherwise;
}

Result<> check_project(const Router& router, const Route& route, const Request& request) {
  const auto& who = request.principal;
  if (route.checks_projects) {
    if (who.may_somewhere(route.permission)) return {};
    return refused(who, route.permission);
  }
  // A route that says neither is a mistake, and open to nobody.
  const auto part = request.path_values.find("project");
  if (part == request.path_values.end()) return refused(who, route.permission);
  const auto& project = part->second;
  if (!who.sees(project)) {
    return fail(router.hidden_project(), "there is no project \"{}\"", project.substr(0, 100));
  }
  if (who.may(route.permission, {project, environment_of(route, request)})) return {};
  return refused(who, route.permission);
}

}  // namespace

Result<> check_permission(const Router& router, const Route& route, const Request& request) {
  const auto& who = request.principal;
  if (route.permission.scope == Scope::anyone) return {};
  if (who.role == Role::anonymous) {
    return fail(errors::unauthenticated, "log in, or send an API key as bearer token");
  }
  if (route.permission.scope == Scope::project) return check_project(router, route, request);
  if (who.may(route.permission)) return {};
  return refused(who, route.permission);
}

}  // namespace temps::http

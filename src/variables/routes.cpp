#include "variables/routes.hpp"

#include <limits>
#include <map>

#include "variables/errors.hpp"
#include "variables/permissions.hpp"

namespace temps::variables {
namespace {

// The JSON shapes of this API. A field name is the wire name.
struct VariableView {
  std::string name;
  Kind kind;
  std::optional<std::string> value;  // of a plain one only
  std::int64_t since;                // the version that brought this value
};
struct VariablesView {
  std::int64_t version;  // 0: nothing was ever set
  std::optional<Instant> made_at;
  std::optional<std::string> made_by;
  std::vector<VariableView> variables;
};
struct VersionView {
  std::int64_t number;
  Instant made_at;
  std::string made_by;
  std::vector<std::string> set;
  std::vector<std::string> removed;
};
struct EditView {
  std::int64_t version;  // that has it; the one before where nothing differs
  std::vector<std::string> set;
  std::vector<std::string> removed;
  std::string note;  // what is left to do
};
struct RevealedView {
  std::string name;
  Kind kind;
  Disclosed value;
};
struct ValueBody {
  Secret value;
  std::optional<Kind> kind;  // as it was, and plain for a new one
};
struct EditBody {
  std::map<std::string, ValueBody> set;
  std::vector<std::string> remove;
};
struct VersionQuery {
  std::optional<std::int64_t> version;  // the newest where none is given
};

Task<projects::EnvironmentId> find(Api& api, std::string project, std::string environment) {
  const auto found = co_await api.projects.get(std::move(project));
  const auto place = co_await api.projects.environment(found.id, std::move(environment));
  co_return place.id;
}

VariableView view(const Variable& variable) {
  return {
      .name = variable.name,
      .kind = variable.kind,
      .value = variable.kind == Kind::plain ? std::optional(variable.value.reveal()) : std::nullopt,
      .since = variable.since};
}

EditView view(const Version& version) {
  const bool is_changed = !version.set.empty() || !version.removed.empty();
  return {.version = version.number,
          .set = version.set,
          .removed = version.removed,
          .note = is_changed ? "takes effect with the next deployment: a restart gives it to the "
                               "live release, a redeploy builds with it, too"
                             : "nothing differs from what is set already"};
}

Task<http::Ok<EditView>> edit(Api& api, projects::EnvironmentId environment, Edit wanted) {
  const auto version = co_await api.variables.edit(environment, std::move(wanted));
  co_return http::Ok<EditView>{view(version)};
}

Task<http::Ok<VariablesView>> list_variables(Api& api, http::Path<std::string> project,
                                             http::Path<std::string> environment,
                                             http::Query<VersionQuery> query) {
  const auto id = co_await find(api, project.value, environment.value);
  const auto number =
      query.value.version ? *query.value.version : co_await api.variables.newest(id);
  VariablesView shown{.version = number, .made_at = {}, .made_by = {}, .variables = {}};
  if (number != 0) {
    auto version = co_await api.variables.version(id, number);
    shown.made_at = version.made_at;
    shown.made_by = std::move(version.made_by);
  }
  for (const auto& variable : co_await api.variables.at(id, number)) {
    shown.variables.push_back(view(variable));
  }
  co_return http::Ok<VariablesView>{std::move(shown)};
}

Task<http::Ok<EditView>> change_variables(Api& api, http::Caller caller,
                                          http::Path<std::string> project,
                                          http::Path<std::string> environment,
                                          http::Body<EditBody> body) {
  const auto id = co_await find(api, project.value, environment.value);
  Edit wanted{.remove = std::move(body.value.remove), .by = caller.email};
  for (auto& [name, change] : body.value.set) {
    wanted.set.push_back({name, std::move(change.value), change.kind});
  }
  co_return co_await edit(api, id, std::move(wanted));
}

Task<http::Ok<EditView>> set_variable(Api& api, http::Caller caller,
                                      http::Path<std::string> project,
                                      http::Path<std::string> environment,
                                      http::Path<std::string> name, http::Body<ValueBody> body) {
  const auto id = co_await find(api, project.value, environment.value);
  Edit wanted{.by = caller.email};
  wanted.set.push_back({name.value, std::move(body.value.value), body.value.kind});
  co_return co_await edit(api, id, std::move(wanted));
}

Task<http::Ok<EditView>> remove_variable(Api& api, http::Caller caller,
                                         http::Path<std::string> project,
                                         http::Path<std::string> environment,
                                         http::Path<std::string> name) {
  const auto id = co_await find(api, project.value, environment.value);
  co_return co_await edit(api, id, {.remove = {name.value}, .by = caller.email});
}

// A POST, so that no cache and no link can do it.
Task<http::Ok<RevealedView>> reveal_variable(Api& api, http::Path<std::string> project,
                                             http::Path<std::string> environment,
                                             http::Path<std::string> name) {
  const auto id = co_await find(api, project.value, environment.value);
  const auto variable = co_await api.variables.get(id, name.value);
  co_return http::Ok<RevealedView>{
      {variable.name, variable.kind, Disclosed{variable.value.reveal()}}};
}

Task<http::Page<VersionView>> list_variable_versions(Api& api, http::Path<std::string> project,
                                                     http::Path<std::string> environment,
                                                     http::Query<http::PageQuery> query) {
  const auto id = co_await find(api, project.value, environment.value);
  const auto before = co_await query.value.number(std::numeric_limits<std::int64_t>::max());
  auto found = co_await api.variables.versions(id, before, query.value.wanted());
  http::Page<VersionView> page;
  page.next =
      http::next_cursor(found, query.value, [](const Version& version) { return version.number; });
  for (auto& version : found) {
    page.items.push_back({version.number, version.made_at, std::move(version.made_by),
                          std::move(version.set), std::move(version.removed)});
  }
  co_return page;
}

}  // namespace

void add_routes(http::Router& router, Api& api) {
  auto routes = router.bind(api);
  namespace may = permissions;
  const std::string environment = "/api/v1/projects/{project}/environments/{environment}";
  const auto all = environment + "/variables";
  const auto one = all + "/{name}";
  routes.get<list_variables>(all, may::read,
                             "Show an environment's variables; secret ones without their values");
  routes.patch<change_variables>(all, may::write, "Set and remove variables, all of them or none");
  routes.put<set_variable>(one, may::write, "Set a variable");
  routes.del<remove_variable>(one, may::write, "Remove a variable");
  routes.post<reveal_variable>(one + "/reveal", may::reveal, "Show a variable with its value");
  routes.get<list_variable_versions>(environment + "/variable-versions", may::read,
                                     "List the versions of an environment's variables");
}

}  // namespace temps::variables

#include "access/keys.hpp"

#include <algorithm>
#include <utility>

#include "access/queries.hpp"
#include "core/text.hpp"
#include "projects/errors.hpp"

namespace temps::access {
namespace {

constexpr std::size_t scopes_max = 100;

const Permission* find(std::span<const Permission> permissions, std::string_view name) {
  const auto found = std::ranges::find(permissions, name, &Permission::name);
  return found == permissions.end() ? nullptr : &*found;
}

}  // namespace

Result<> check_scopes(const std::vector<std::string>& wanted,
                      std::span<const Permission> permissions) {
  if (wanted.empty() || wanted.size() > scopes_max) {
    return fail(Error(errors::bad_scope, "name the scopes, or leave them out for all",
                      {{"/scopes", fmt::format("1 to {} of them", scopes_max)}}));
  }
  for (const auto& scope : wanted) {
    const auto* known = find(permissions, scope);
    if (is_scope_set(scope) || (known != nullptr && known->scope != Scope::anyone)) continue;
    return fail(Error(errors::bad_scope,
                      fmt::format("\"{}\" is no scope: read, deploy, write, admin, or permissions "
                                  "such as projects.read",
                                  scope.substr(0, 64)),
                      {{"/scopes", "read, deploy, write, admin, or names of permissions"}}));
  }
  return {};
}

Result<> check_within(const std::optional<std::vector<std::string>>& own,
                      const std::optional<std::vector<std::string>>& wanted,
                      std::span<const Permission> permissions) {
  if (!own) return {};
  const auto refuse = [&own] {
    return fail(errors::beyond_own,
                "the key that you use has the scopes {}; one that it makes has these at most",
                join(*own, ", "));
  };
  if (!wanted) return refuse();
  for (const auto& scope : *wanted) {
    const auto* single = find(permissions, scope);
    const bool has =
        is_scope_set(scope) ? covers_set(*own, scope) : single != nullptr && covers(*own, *single);
    if (!has) return refuse();
  }
  return {};
}

Task<> Keys::check_expiry(http::Principal maker, std::optional<Instant> expires_at) {
  if (maker.kind != "key") co_return;
  const auto end = co_await database_.maybe(queries::key_expiry, identity::KeyId{maker.credential});
  if (!end || !*end || (expires_at && *expires_at <= **end)) co_return;
  co_await fail(errors::beyond_own,
                "the key that you use expires; what it makes has to expire as soon");
}

Task<identity::IssuedKey> Keys::issue(identity::UserId user, http::Principal maker, KeyWish wish,
                                      std::span<const Permission> permissions) {
  if (wish.scopes) co_await check_scopes(*wish.scopes, permissions);
  co_await check_within(maker.access.scopes, wish.scopes, permissions);
  co_await check_expiry(maker, wish.expires_at);
  identity::NewApiKey wanted{.name = std::move(wish.name),
                             .expires_at = wish.expires_at,
                             .scopes = std::move(wish.scopes)};
  if (wish.environment && !wish.project) {
    co_await fail(errors::bad_scope, "an environment is one of a project; name that, too");
  }
  if (wish.project) {
    if (!maker.sees(*wish.project)) {
      co_await fail(projects::errors::no_such_project, "there is no project \"{}\"",
                    wish.project->substr(0, 100));
    }
    const auto project = co_await projects_.get(*wish.project);
    wanted.project = project.id.value;
    if (wish.environment) {
      wanted.environment = (co_await environment_of(projects_, project, *wish.environment)).value;
    }
  }
  co_return co_await identity_.issue_key(user, std::move(wanted));
}

Task<std::map<std::int64_t, KeyPlace>> Keys::places(identity::UserId user) {
  std::map<std::int64_t, KeyPlace> found;
  for (auto& row : co_await database_.all(queries::key_places, user)) {
    if (row.has_environment && !row.environment) row.environment = "";
    found.emplace(row.id.value, KeyPlace{std::move(row.project), std::move(row.environment)});
  }
  co_return found;
}

Task<projects::EnvironmentId> environment_of(projects::Projects& projects,
                                             projects::Project project, std::string name) {
  for (const auto& environment : co_await projects.environments(project.id)) {
    if (environment.name == name) co_return environment.id;
  }
  co_await fail(errors::bad_scope, "{} has no environment \"{}\"", project.name,
                name.substr(0, 64));
  co_return projects::EnvironmentId{};
}

}  // namespace temps::access

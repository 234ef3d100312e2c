#include <algorithm>
#include <set>
#include <utility>

#include "identity/login_views.hpp"
#include "identity/permissions.hpp"
#include "identity/routes.hpp"

namespace temps::identity {
namespace {

struct ProjectAccessView {
  std::string project;
  Role role;
  std::vector<std::string> permissions;
};
struct LimitsView {
  std::optional<std::vector<std::string>> scopes;
  std::optional<std::string> project;
  std::optional<std::string> environment;
};
struct MeView {
  std::int64_t id;
  std::string email;
  Role role;
  std::string credential;                   // "session", "key", "token" or "local"
  bool has_password;                        // else the login is one by a provider
  std::vector<std::string> permissions;     // on the installation, and on every project
  std::vector<ProjectAccessView> projects;  // where there are more
  std::optional<LimitsView> limits;         // of the key or token
};
struct PasswordBody {
  std::optional<Secret> current;  // nobody has to give what they do not have
  Secret password;
  std::optional<bool> revoke_api_keys;  // false; a program keeps the key that it uses
};

template <class May>
std::vector<std::string> names_where(const http::Request& request, May may) {
  std::vector<std::string> names;
  for (const auto& permission : request.permissions) {
    if (permission.scope != Scope::anyone && may(permission)) names.emplace_back(permission.name);
  }
  std::ranges::sort(names);
  return names;
}

Task<http::Ok<MeView>> get_me(Identity& identity, const http::Request& request,
                              http::Caller caller) {
  const auto everywhere = [&caller](const Permission& permission) {
    if (permission.scope != Scope::project) return caller.may(permission);
    return !caller.projects_with(permission).has_value();
  };
  MeView shown{.id = caller.user,
               .email = caller.email,
               .role = caller.role,
               .credential = caller.kind,
               .has_password = co_await identity.has_password(id_of(caller)),
               .permissions = names_where(request, everywhere),
               .projects = {},
               .limits = {}};
  std::set<std::string> names;
  for (const auto& [name, role] : caller.access.projects) names.insert(name);
  if (caller.access.project) names = {*caller.access.project};
  for (const auto& name : names) {
    const auto role = caller.role_on(name);
    if (!caller.sees(name) || (role == caller.role && !caller.access.project)) continue;
    const auto there = [&](const Permission& permission) { return caller.may(permission, {name}); };
    shown.projects.push_back({name, role, names_where(request, there)});
  }
  if (caller.access.is_limited()) {
    shown.limits =
        LimitsView{caller.access.scopes, caller.access.project, caller.access.environment};
  }
  co_return http::Ok<MeView>{std::move(shown)};
}

// Who has a password proves it; who has none has to have logged in just now.
Task<> check_own(Identity& identity, const http::Request& request, const http::Caller& caller,
                 std::optional<Secret> current) {
  if (co_await identity.has_password(id_of(caller))) {
    co_await identity.check_login({.email = caller.email,
                                   .password = std::move(current).value_or(Secret{}),
                                   .address = request.client_address});
    co_return;
  }
  if (caller.kind == "session" && co_await identity.is_fresh(SessionId{caller.credential})) {
    co_return;
  }
  co_await fail(errors::login_again,
                "a first password is set within {} minutes of a login; log out, log in once more, "
                "and set it then",
                session_fresh.count());
}

// Ends all sessions, this one too, and begins a new one.
Task<http::Created<LoginView>> change_password(Identity& identity, const http::Request& request,
                                               http::Caller caller, http::Body<PasswordBody> body) {
  co_await check_own(identity, request, caller, std::move(body.value.current));
  UserChange change{.password = std::move(body.value.password),
                    .revoke_keys = body.value.revoke_api_keys.value_or(false)};
  if (caller.kind == "key") change.kept_key = KeyId{caller.credential};
  auto user = co_await identity.change_user(id_of(caller), std::move(change));
  // A key makes no session: that is for who has passed every step of a login.
  if (caller.kind != "session") co_return http::Created<LoginView>{{.user = view(user)}};
  co_return co_await begin_session(identity, request, std::move(user));
}

}  // namespace

void add_account_routes(http::Router& router, Identity& identity) {
  auto api = router.bind(identity);
  api.get<get_me>("/api/v1/me", temps::permissions::self, "Who am I, and what may I do?");
  api.put<change_password>("/api/v1/me/password", permissions::own, "Change the own password");
}

}  // namespace temps::identity

#include <utility>

#include "identity/login_views.hpp"
#include "identity/permissions.hpp"
#include "identity/routes.hpp"
#include "identity/rules.hpp"

namespace temps::identity {
namespace {

enum class UserRole : std::uint8_t { guest, viewer, developer, admin, owner };
struct NewUserBody {
  std::string email;
  Secret password;
  std::optional<UserRole> role;
};
struct UserChangeBody {
  std::optional<UserRole> role;
  std::optional<Secret> password;
  std::optional<bool> revoke_api_keys;  // true with a new password: whoever knew the old one is out
};

Role role_of(UserRole role) {
  switch (role) {
    case UserRole::guest:
      return Role::guest;
    case UserRole::viewer:
      return Role::viewer;
    case UserRole::developer:
      return Role::developer;
    case UserRole::admin:
      return Role::admin;
    case UserRole::owner:
      return Role::owner;
  }
  return Role::guest;
}

Task<http::Page<UserView>> list_users(Identity& identity, http::Query<http::PageQuery> query) {
  const UserId after{co_await query.value.number(0)};
  auto users = co_await identity.users(after, query.value.wanted());
  http::Page<UserView> page;
  page.next = http::next_cursor(users, query.value, [](const User& user) { return user.id.value; });
  for (const auto& user : users) page.items.push_back(view(user));
  co_return page;
}

Task<http::Ok<UserView>> get_user(Identity& identity, http::Path<UserId> id) {
  auto user = co_await identity.user(id.value);
  co_return http::Ok<UserView>{view(user)};
}

Task<http::Created<UserView>> create_user(Identity& identity, http::Caller caller,
                                          http::Body<NewUserBody> body) {
  NewUser wanted{.email = std::move(body.value.email),
                 .password = std::move(body.value.password),
                 .role = role_of(body.value.role.value_or(UserRole::developer))};
  co_await check_rank(caller.gives(), wanted.role);
  const auto id = co_await identity.create_user(std::move(wanted));
  auto user = co_await identity.user(id);
  co_return http::Created<UserView>{view(user)};
}

Task<http::Ok<UserView>> change_user(Identity& identity, http::Caller caller, http::Path<UserId> id,
                                     http::Body<UserChangeBody> body) {
  const bool revokes = body.value.revoke_api_keys.value_or(body.value.password.has_value());
  UserChange change{
      .by = caller.gives(), .password = std::move(body.value.password), .revoke_keys = revokes};
  if (body.value.role) change.role = role_of(*body.value.role);
  auto user = co_await identity.change_user(id.value, std::move(change));
  co_return http::Ok<UserView>{view(user)};
}

Task<http::NoContent> remove_user(Identity& identity, http::Caller caller, http::Path<UserId> id) {
  co_await identity.remove_user(id.value, caller.gives());
  co_return http::NoContent{};
}

}  // namespace

void add_user_routes(http::Router& router, Identity& identity) {
  auto api = router.bind(identity);
  api.get<list_users>("/api/v1/users", permissions::users, "List the users");
  api.post<create_user>("/api/v1/users", permissions::users, "Make a user");
  api.get<get_user>("/api/v1/users/{user}", permissions::users, "Show a user");
  api.patch<change_user>("/api/v1/users/{user}", permissions::users, "Change a user");
  api.del<remove_user>("/api/v1/users/{user}", permissions::users, "Remove a user");
}

}  // namespace temps::identity

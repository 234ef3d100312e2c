#include "identity/routes.hpp"

#include <utility>

#include "identity/authentication.hpp"
#include "identity/permissions.hpp"

namespace temps::identity {
namespace {

// Browsers keep cookies for 400 days at most; the server's own limit slides.
constexpr std::chrono::hours cookie_lifetime{24 * 400};

struct UserView {
  std::int64_t id;
  std::string email;
  Role role;
  Instant created_at;
};
struct LoginBody {
  std::string email;
  Secret password;
  std::optional<bool> token;          // an API key instead of a cookie, for programs
  std::optional<std::string> device;  // the key's name
};
struct LoginView {
  UserView user;
  std::optional<std::string> token;
};
struct MeView {
  std::int64_t id;
  std::string email;
  Role role;
  std::string credential;  // "session" or "key"
};
struct PasswordBody {
  Secret current;
  Secret password;
  std::optional<bool> revoke_api_keys;  // false; a program keeps the key that it uses
};
struct KeyBody {
  std::string name;
  std::optional<Instant> expires_at;
};
struct KeyView {
  std::int64_t id;
  std::string name;
  Instant created_at;
  std::optional<Instant> expires_at;
  std::optional<Instant> last_used_at;
};
struct NewKeyView {
  KeyView key;
  std::string token;
};
enum class UserRole : std::uint8_t { member, admin };
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
struct SetupBody {
  Secret token;
  std::string email;
  Secret password;
};
struct SetupView {
  bool needed;
};

UserView view(const User& user) { return {user.id.value, user.email, user.role, user.created_at}; }
KeyView view(const ApiKey& key) {
  return {key.id.value, key.name, key.created_at, key.expires_at, key.last_used_at};
}
Role role_of(UserRole role) { return role == UserRole::admin ? Role::admin : Role::member; }
UserId id_of(const http::Caller& caller) { return UserId{caller.user}; }

http::Headers cookie(const http::Request& request, std::string_view token,
                     std::chrono::seconds lifetime) {
  http::Headers headers;
  headers.add("Set-Cookie", fmt::format("{}={}; Path=/; Max-Age={}; HttpOnly; SameSite=Lax{}",
                                        session_cookie(request), token, lifetime.count(),
                                        request.scheme == "https" ? "; Secure" : ""));
  return headers;
}

Task<http::Created<LoginView>> begin_session(Identity& identity, const http::Request& request,
                                             User user) {
  auto session = co_await identity.open_session(std::move(user));
  auto headers = cookie(request, session.token.reveal(), cookie_lifetime);
  co_return http::Created<LoginView>{{view(session.user), std::nullopt}, std::move(headers)};
}

Task<http::Created<LoginView>> log_in(Identity& identity, const http::Request& request,
                                      http::Body<LoginBody> body) {
  auto user = co_await identity.check_login({.email = std::move(body.value.email),
                                             .password = std::move(body.value.password),
                                             .address = request.client_address});
  if (!body.value.token.value_or(false)) {
    co_return co_await begin_session(identity, request, std::move(user));
  }
  NewApiKey wanted{.name = body.value.device.value_or("a program")};
  auto issued = co_await identity.issue_key(user.id, std::move(wanted));
  co_return http::Created<LoginView>{{view(user), issued.token.reveal()}};
}

// Of a program this revokes the key that it uses.
Task<http::NoContent> log_out(Identity& identity, const http::Request& request,
                              http::Caller caller) {
  if (caller.kind == "key") {
    co_await identity.revoke_key(id_of(caller), KeyId{caller.credential});
    co_return http::NoContent{};
  }
  co_await identity.end_session(SessionId{caller.credential});
  co_return http::NoContent{cookie(request, "", std::chrono::seconds(0))};
}

Task<http::Ok<MeView>> get_me(Identity&, http::Caller caller) {
  co_return http::Ok{MeView{caller.user, caller.email, caller.role, caller.kind}};
}

// Ends all sessions, this one too, and begins a new one.
Task<http::Created<LoginView>> change_password(Identity& identity, const http::Request& request,
                                               http::Caller caller, http::Body<PasswordBody> body) {
  co_await identity.check_login({.email = caller.email,
                                 .password = std::move(body.value.current),
                                 .address = request.client_address});
  UserChange change{.password = std::move(body.value.password),
                    .revoke_keys = body.value.revoke_api_keys.value_or(false)};
  if (caller.kind == "key") change.kept_key = KeyId{caller.credential};
  auto user = co_await identity.change_user(id_of(caller), std::move(change));
  co_return co_await begin_session(identity, request, std::move(user));
}

Task<http::Page<KeyView>> list_api_keys(Identity& identity, http::Caller caller,
                                        http::Query<http::PageQuery> query) {
  const KeyId after{co_await query.value.number(0)};
  auto keys = co_await identity.keys(id_of(caller), after, query.value.wanted());
  http::Page<KeyView> page;
  page.next = http::next_cursor(keys, query.value, [](const ApiKey& key) { return key.id.value; });
  for (const auto& key : keys) page.items.push_back(view(key));
  co_return page;
}

Task<http::Created<NewKeyView>> create_api_key(Identity& identity, http::Caller caller,
                                               http::Body<KeyBody> body) {
  auto issued = co_await identity.issue_key(
      id_of(caller), {.name = std::move(body.value.name), .expires_at = body.value.expires_at});
  co_return http::Created<NewKeyView>{{view(issued.key), issued.token.reveal()}};
}

Task<http::NoContent> revoke_api_key(Identity& identity, http::Path<KeyId> key,
                                     http::Caller caller) {
  co_await identity.revoke_key(id_of(caller), key.value);
  co_return http::NoContent{};
}

Task<http::Page<UserView>> list_users(Identity& identity, http::Query<http::PageQuery> query) {
  const UserId after{co_await query.value.number(0)};
  auto users = co_await identity.users(after, query.value.wanted());
  http::Page<UserView> page;
  page.next = http::next_cursor(users, query.value, [](const User& user) { return user.id.value; });
  for (const auto& user : users) page.items.push_back(view(user));
  co_return page;
}

Task<http::Created<UserView>> create_user(Identity& identity, http::Body<NewUserBody> body) {
  NewUser wanted{.email = std::move(body.value.email),
                 .password = std::move(body.value.password),
                 .role = role_of(body.value.role.value_or(UserRole::member))};
  const auto id = co_await identity.create_user(std::move(wanted));
  auto user = co_await identity.user(id);
  co_return http::Created<UserView>{view(user)};
}

Task<http::Ok<UserView>> change_user(Identity& identity, http::Path<UserId> id,
                                     http::Body<UserChangeBody> body) {
  const bool revokes = body.value.revoke_api_keys.value_or(body.value.password.has_value());
  UserChange change{.password = std::move(body.value.password), .revoke_keys = revokes};
  if (body.value.role) change.role = role_of(*body.value.role);
  auto user = co_await identity.change_user(id.value, std::move(change));
  co_return http::Ok<UserView>{view(user)};
}

Task<http::NoContent> remove_user(Identity& identity, http::Path<UserId> id) {
  co_await identity.remove_user(id.value);
  co_return http::NoContent{};
}

Task<http::Ok<SetupView>> get_setup(Identity& identity) {
  co_return http::Ok<SetupView>{{co_await identity.needs_setup()}};
}

Task<http::Created<LoginView>> complete_setup(Identity& identity, const http::Request& request,
                                              http::Body<SetupBody> body) {
  NewUser owner{.email = std::move(body.value.email),
                .password = std::move(body.value.password),
                .role = Role::admin};
  auto user = co_await identity.complete_setup(std::move(body.value.token), std::move(owner));
  co_return co_await begin_session(identity, request, std::move(user));
}

}  // namespace

void add_routes(http::Router& router, Identity& identity) {
  using temps::permissions::open;
  auto api = router.bind(identity);
  api.get<get_setup>("/api/v1/setup", open, "Does Temps wait for its owner?");
  api.post<complete_setup>("/api/v1/setup", open, "Make the owner and log in");
  api.post<log_in>("/api/v1/sessions", open, "Log in");
  api.del<log_out>("/api/v1/sessions/current", permissions::own, "Log out");
  api.get<get_me>("/api/v1/me", permissions::own, "Who am I?");
  api.put<change_password>("/api/v1/me/password", permissions::own, "Change the own password");
  api.get<list_api_keys>("/api/v1/api-keys", permissions::own, "List the own API keys");
  api.post<create_api_key>("/api/v1/api-keys", permissions::own, "Make an API key");
  api.del<revoke_api_key>("/api/v1/api-keys/{key}", permissions::own, "Revoke an API key");
  api.get<list_users>("/api/v1/users", permissions::users, "List the users");
  api.post<create_user>("/api/v1/users", permissions::users, "Make a user");
  api.patch<change_user>("/api/v1/users/{user}", permissions::users, "Change a user");
  api.del<remove_user>("/api/v1/users/{user}", permissions::users, "Remove a user");
}

}  // namespace temps::identity

// The forms of users and logins that several routes answer with, also those of modules that know
// another way to log in or to invite.
#pragma once
#include <optional>
#include <string>

#include "core/secret.hpp"
#include "http/message.hpp"
#include "http/parameters.hpp"
#include "identity/identity.hpp"
#include "identity/pending_logins.hpp"

namespace temps::identity {

struct UserView {
  std::int64_t id;
  std::string email;
  Role role;
  UserKind kind;
  Instant created_at;
};
// What is left to do: POST /api/v1/sessions/second-factor with this token and a code.
struct PendingView {
  Disclosed token;
  Instant expires_at;
};
// Either a user who is logged in, or a second factor that is awaited.
struct LoginView {
  std::optional<UserView> user{};
  std::optional<Disclosed> token{};  // the API key that a program has asked for
  std::optional<PendingView> second_factor{};
};

UserView view(const User& user);
// Tells the journal who a caller without a login has turned out to be.
void name_caller(http::Request& request, const User& user);
UserId id_of(const http::Caller& caller);
Device device_of(const http::Request& request);

// The field that sets the session's cookie; an empty token without a lifetime takes it away.
http::Headers cookie(const http::Request& request, std::string_view token,
                     std::chrono::seconds lifetime);
// A new session with a token of its own. Those that the browser had until now end: a cookie that
// somebody has planted before is worth nothing afterwards.
Task<http::Created<LoginView>> begin_session(Identity& identity, const http::Request& request,
                                             User user);

}  // namespace temps::identity

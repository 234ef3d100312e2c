// The forms of users and logins that several routes answer with. Private.
#pragma once
#include <optional>
#include <string>

#include "http/message.hpp"
#include "http/parameters.hpp"
#include "identity/identity.hpp"

namespace temps::identity {

struct UserView {
  std::int64_t id;
  std::string email;
  Role role;
  UserKind kind;
  Instant created_at;
};
struct LoginView {
  UserView user;
  std::optional<std::string> token;
};

UserView view(const User& user);
UserId id_of(const http::Caller& caller);

// The field that sets the session's cookie; an empty token without a lifetime takes it away.
http::Headers cookie(const http::Request& request, std::string_view token,
                     std::chrono::seconds lifetime);
Task<http::Created<LoginView>> begin_session(Identity& identity, const http::Request& request,
                                             User user);

}  // namespace temps::identity

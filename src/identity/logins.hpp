// Logging in, which takes two steps where a second factor is on.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "core/secret.hpp"
#include "core/task.hpp"
#include "identity/identity.hpp"
#include "identity/pending_logins.hpp"
#include "identity/second_factors.hpp"
#include "identity/sessions.hpp"

namespace temps::identity {

// What a second step has led to.
struct CompletedLogin {
  User user;
  std::optional<std::string> key_name;  // of the API key that is wanted instead of a session
};

class Logins {
 public:
  Logins(Identity& identity, SecondFactors& factors, PendingLogins& pending, Sessions& sessions)
      : identity_(identity), factors_(factors), pending_(pending), sessions_(sessions) {}

  // With the password. A token for the second step where the user has a factor, else the user is
  // logged in already. Fails as Identity::check_login.
  using FirstStep = std::variant<User, PendingToken>;
  Task<FirstStep> begin(LoginAttempt attempt, std::optional<std::string> key_name);
  // Without a password: somebody else has made sure who it is. The second factor is asked for
  // unless that was its business, too.
  enum class Factor : std::uint8_t { asked, trusted };
  Task<FirstStep> vouched(User user, Factor factor);
  // With a code. `who` is set as soon as the token is known to be good, also when this fails: with
  // `login_over`, `bad_code`, `too_many_codes`.
  Task<CompletedLogin> complete(Secret token, Secret code, std::optional<User>& who);

  // The password and, where a factor is on, a code: for what somebody at a screen that was left
  // open must not do. Fails as both steps of a login.
  Task<> check_again(LoginAttempt attempt, std::optional<Secret> code);

  [[nodiscard]] Identity& identity() { return identity_; }
  [[nodiscard]] SecondFactors& factors() { return factors_; }
  [[nodiscard]] Sessions& sessions() { return sessions_; }

 private:
  Identity& identity_;
  SecondFactors& factors_;
  PendingLogins& pending_;
  Sessions& sessions_;
};

}  // namespace temps::identity

#include "identity/logins.hpp"

#include <utility>

namespace temps::identity {

Task<Logins::FirstStep> Logins::begin(LoginAttempt attempt, std::optional<std::string> key_name) {
  auto user = co_await identity_.check_login(std::move(attempt));
  if (!co_await factors_.is_on(user.id)) co_return FirstStep(std::move(user));
  co_return FirstStep(co_await pending_.open(user.id, std::move(key_name)));
}

Task<Logins::FirstStep> Logins::vouched(User user, Factor factor) {
  if (factor == Factor::trusted || !co_await factors_.is_on(user.id)) {
    co_return FirstStep(std::move(user));
  }
  co_return FirstStep(co_await pending_.open(user.id, {}));
}

Task<CompletedLogin> Logins::complete(Secret token, Secret code, std::optional<User>& who) {
  auto login = co_await pending_.attempt(std::move(token));
  who = co_await identity_.user(login.user);
  co_await factors_.check(login.user, std::move(code));
  if (!co_await pending_.complete(login)) {
    co_await fail(errors::login_over, "this login was completed already; begin again");
  }
  co_return CompletedLogin{*who, std::move(login.key_name)};
}

Task<> Logins::check_again(LoginAttempt attempt, std::optional<Secret> code) {
  const auto user = co_await identity_.check_login(std::move(attempt));
  if (!co_await factors_.is_on(user.id)) co_return;
  if (!code) co_await fail(errors::bad_code, "a code of the second factor is needed, too");
  co_await factors_.check(user.id, std::move(*code));
}

}  // namespace temps::identity

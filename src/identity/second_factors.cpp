#include "identity/second_factors.hpp"

#include <algorithm>
#include <utility>

#include "core/random.hpp"
#include "core/text.hpp"
#include "crypto/crypto.hpp"
#include "identity/sign_in_queries.hpp"
#include "identity/totp.hpp"

namespace temps::identity {
namespace {

constexpr std::string_view issuer = "Temps";
constexpr std::size_t app_code_digits = 6;
// 80 bits: nobody guesses them, not even with the hashes in hand.
constexpr std::size_t recovery_code_bytes = 10;
constexpr std::size_t recovery_code_characters = 16;
constexpr std::size_t code_bytes_max = 64;

std::string place_of(UserId user) { return fmt::format("identity/second_factor/{}", user.value); }

// "abcd-efgh-ijkl-mnop", for eyes and fingers.
std::string grouped(std::string_view code) {
  std::string text;
  for (std::size_t at = 0; at < code.size(); at += 4) {
    if (!text.empty()) text += '-';
    text += code.substr(at, 4);
  }
  return text;
}

// As it was made, however it is typed.
std::string plain(std::string_view code) {
  auto text = lowered(code);
  std::erase_if(text, [](char c) { return c == '-' || c == ' '; });
  return text;
}

sql::Bytes hash_of(std::string_view code) { return {crypto::sha256(code)}; }

std::unexpected<Error> factor_off() {
  return fail(errors::factor_off, "the second factor is not on");
}
std::unexpected<Error> factor_on() {
  return fail(errors::factor_on, "the second factor is on already; disable it first");
}

}  // namespace

struct SecondFactors::Attempt {
  Secret key;
  std::int64_t last_step = 0;
  bool is_confirmed = false;
};

Task<FactorState> SecondFactors::state(UserId user) {
  const auto found = co_await database_.maybe(queries::factor_state, user);
  co_return found.value_or(FactorState{});
}

Task<bool> SecondFactors::is_on(UserId user) {
  co_return (co_await state(user)).confirmed_at.has_value();
}

Task<bool> SecondFactors::are_missing(UserId user) {
  co_return co_await database_.one(queries::lacks_factor, user);
}

Task<Enrolment> SecondFactors::enrol(User user) {
  const auto key = random_bytes(totp_secret_bytes);
  auto sealed = co_await vault_.seal(Secret(key), place_of(user.id));
  const auto put = co_await database_.run(queries::put_factor, user.id,
                                          sql::Bytes{std::move(sealed)}, clock_.now());
  if (put == 0) co_await factor_on();
  auto text = to_base32(key);
  auto uri = otpauth_uri(text, user.email, issuer);
  co_return Enrolment{Secret(std::move(text)), Secret(std::move(uri))};
}

Task<SecondFactors::Attempt> SecondFactors::take_attempt(UserId user) {
  const auto now = clock_.now();
  auto row =
      co_await database_.maybe(queries::take_factor_attempt, user, now, now - window, attempts_max);
  if (!row) {
    if (!co_await database_.maybe(queries::factor_state, user)) co_await factor_off();
    co_await fail(
        Error(errors::too_many_codes,
              fmt::format("too many codes were tried; try again in {} minutes", window.count()))
            .retry_in(window));
  }
  auto key = co_await vault_.open(row->secret.bytes, place_of(user));
  co_return Attempt{std::move(key), row->last_step, row->confirmed_at.has_value()};
}

Task<bool> SecondFactors::use_app_code(UserId user, const Attempt& attempt,
                                       const std::string& code) {
  const auto step = matching_step(attempt.key, code, clock_.now(), attempt.last_step);
  if (!step) co_return false;
  co_return co_await database_.run(queries::use_step, user, *step) > 0;
}

Task<bool> SecondFactors::use_recovery_code(UserId user, const std::string& code) {
  if (code.size() != recovery_code_characters) co_return false;
  co_return co_await database_.run(queries::use_recovery_code, user, hash_of(code)) > 0;
}

Task<RecoveryCodes> SecondFactors::put_recovery_codes(sql::Executor& executor, UserId user) {
  co_await executor.run(queries::delete_recovery_codes, user);
  RecoveryCodes codes;
  for (int i = 0; i < recovery_codes_made; ++i) {
    const auto code = lowered(to_base32(random_bytes(recovery_code_bytes)));
    co_await executor.run(queries::insert_recovery_code, user, hash_of(code));
    codes.emplace_back(grouped(code));
  }
  co_return codes;
}

Task<RecoveryCodes> SecondFactors::confirm(UserId user, Secret code) {
  auto attempted = co_await attempt(take_attempt(user));
  if (!attempted && attempted.error().is(errors::factor_off)) {
    co_await fail(errors::not_enrolled, "ask for a secret first, and put it into your app");
  }
  const auto taken = co_await std::move(attempted);
  if (taken.is_confirmed) co_await factor_on();
  if (!co_await use_app_code(user, taken, std::string(trimmed(code.reveal())))) {
    co_await fail(errors::bad_code,
                  "this is not the code of this moment; check that the phone's clock is right");
  }
  auto work = [&](sql::Transaction& transaction) -> Task<RecoveryCodes> {
    if (co_await transaction.run(queries::confirm_factor, user, clock_.now()) == 0) {
      co_await factor_on();
    }
    co_return co_await put_recovery_codes(transaction, user);
  };
  co_return co_await database_.transact<RecoveryCodes>(work);
}

Task<> SecondFactors::check(UserId user, Secret code) {
  if (!co_await is_on(user)) co_await factor_off();
  const auto taken = co_await take_attempt(user);
  const auto text = plain(std::string_view(code.reveal()).substr(0, code_bytes_max));
  const bool is_good = text.size() == app_code_digits ? co_await use_app_code(user, taken, text)
                                                      : co_await use_recovery_code(user, text);
  if (is_good) co_return;
  co_await fail(errors::bad_code, "the code is wrong, or was used already; wait for the next one");
}

Task<RecoveryCodes> SecondFactors::renew_recovery_codes(UserId user) {
  if (!co_await is_on(user)) co_await factor_off();
  auto work = [&](sql::Transaction& transaction) -> Task<RecoveryCodes> {
    co_return co_await put_recovery_codes(transaction, user);
  };
  co_return co_await database_.transact<RecoveryCodes>(work);
}

Task<> SecondFactors::remove(UserId user) {
  if (co_await database_.run(queries::delete_factor, user) == 0) co_await factor_off();
}

}  // namespace temps::identity

// Second factors: one-time codes of a phone's app, and recovery codes for when it is lost.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/clock.hpp"
#include "core/secret.hpp"
#include "core/task.hpp"
#include "identity/identity.hpp"
#include "sql/database.hpp"
#include "vault/vault.hpp"

namespace temps::identity {

struct FactorState {
  std::optional<Instant> confirmed_at;  // nothing: it is off
  std::int64_t recovery_codes = 0;      // that are left
};
// What the app is told; shown once.
struct Enrolment {
  Secret secret;  // base32
  Secret uri;     // otpauth://…, for a QR code
};
using RecoveryCodes = std::vector<Secret>;

// Owns the tables `identity_second_factors` and `identity_recovery_codes`. Secrets of apps are
// sealed; recovery codes are random, so that a plain hash is enough.
class SecondFactors {
 public:
  static constexpr int recovery_codes_made = 10;
  // Of one user, wherever they come from. Only who knows the password gets so far.
  static constexpr std::chrono::minutes window{15};
  static constexpr std::int64_t attempts_max = 10;

  SecondFactors(sql::Database& database, const Clock& clock, vault::Vault& vault)
      : database_(database), clock_(clock), vault_(vault) {}

  Task<FactorState> state(UserId user);
  Task<bool> is_on(UserId user);
  // Of a person who has none. Service accounts cannot have one.
  Task<bool> are_missing(UserId user);

  // Makes a secret, which protects nothing until confirm(). An earlier one that was not confirmed
  // is void. Fails with `factor_on`.
  Task<Enrolment> enrol(User user);
  // The factor is on from now on. Fails with `factor_on`, `not_enrolled`, `bad_code`,
  // `too_many_codes`.
  Task<RecoveryCodes> confirm(UserId user, Secret code);
  // A code of the app or a recovery code, each of which is good once. Fails with `bad_code`,
  // `too_many_codes`, `factor_off`.
  Task<> check(UserId user, Secret code);
  // The former ones are void.
  Task<RecoveryCodes> renew_recovery_codes(UserId user);
  Task<> remove(UserId user);  // Fails with `factor_off`.

 private:
  struct Attempt;
  Task<Attempt> take_attempt(UserId user);
  Task<bool> use_app_code(UserId user, const Attempt& attempt, const std::string& code);
  Task<bool> use_recovery_code(UserId user, const std::string& code);
  static Task<RecoveryCodes> put_recovery_codes(sql::Executor& executor, UserId user);

  sql::Database& database_;
  const Clock& clock_;
  vault::Vault& vault_;
};

}  // namespace temps::identity

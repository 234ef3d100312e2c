// Users, their passwords and the first of them.
#include <algorithm>
#include <utility>

#include "core/check.hpp"
#include "core/counted.hpp"
#include "core/random.hpp"
#include "crypto/crypto.hpp"
#include "identity/identity.hpp"
#include "identity/queries.hpp"
#include "identity/rules.hpp"
#include "identity/sign_in_queries.hpp"

namespace temps::identity {
namespace {

// Each takes a pool thread and 19 MiB while it runs; more wait in vain.
constexpr int hashing_max = 16;

Result<> room_to_hash(int hashing) {
  if (hashing < hashing_max) return {};
  return fail(Error(errors::busy, "too many people log in at this moment; try again shortly")
                  .retry_in(std::chrono::seconds(2)));
}

// Is the same work as for a user, so that the time does not tell whether one exists.
const std::string& nobodys_hash() {
  static const std::string hash =
      crypto::hash_password(Secret(random_token(24))).value_or(std::string{});
  return hash;
}

Result<> keep_an_owner(const std::vector<UserId>& owners, UserId leaving) {
  if (owners.size() > 1 || std::ranges::find(owners, leaving) == owners.end()) return {};
  return fail(errors::last_owner, "this is the last owner; make another user owner first");
}

Result<> refuse_service(const User& user) {
  if (user.kind == UserKind::person) return {};
  return fail(Error(errors::bad_user, "a service account has no password; make it an API key",
                    {{"/password", "is for people"}}));
}

CommonPasswords common_passwords(const Options& options) {
  return options.refuse_common_passwords ? CommonPasswords::refuse : CommonPasswords::allow;
}

std::unexpected<Error> no_such_user(UserId id) {
  return fail(errors::no_such_user, "there is no user {}", id.value);
}

}  // namespace

Result<> Identity::check_new(const NewUser& user) const {
  return check_new_user(user.email, user.password, common_passwords(options_));
}

Task<std::string> Identity::hash(Secret password) {
  co_await room_to_hash(hashing_);
  const Counted counted(hashing_);
  auto hashed = co_await loop_.offload([&password] { return crypto::hash_password(password); });
  co_return co_await std::move(hashed);
}

Task<UserId> Identity::insert(sql::Executor& database, const NewUser& user, std::string hash) {
  auto id = co_await database.maybe(queries::insert_user, user.email, std::move(hash), user.role,
                                    clock_.now());
  if (!id) co_await fail(errors::email_taken, "{} is a user already", user.email);
  co_return *id;
}

Task<UserId> Identity::create_user(NewUser user) {
  user.email = normal_email(user.email);
  co_await check_new(user);
  auto hashed = co_await hash(user.password);
  co_return co_await insert(database_, user, std::move(hashed));
}

Task<std::vector<User>> Identity::users(UserId after, std::int64_t limit) {
  co_return co_await database_.all(queries::list_users, after, limit);
}

Task<User> Identity::user(UserId id) {
  auto found = co_await database_.maybe(queries::get_user, id);
  if (!found) co_await no_such_user(id);
  co_return std::move(*found);
}

Task<User> Identity::change_user(UserId id, UserChange change) {
  const auto before = co_await user(id);
  std::optional<std::string> hashed;
  if (change.password) {
    co_await check_rank(change.by, before.role);
    co_await refuse_service(before);
    co_await check_password(*change.password, before.email, common_passwords(options_));
    hashed = co_await hash(*change.password);
  }
  const auto role = change.role;
  auto work = [&](sql::Transaction& transaction) -> Task<void> {
    const auto owners = co_await transaction.all(queries::lock_owners);
    const auto held = co_await transaction.maybe(queries::lock_role, id);
    if (!held) co_await no_such_user(id);
    co_await check_rank(change.by, std::max(*held, role.value_or(*held)));
    if (role && *role != Role::owner) co_await keep_an_owner(owners, id);
    if (role) co_await transaction.run(queries::set_role, id, *role);
    if (role && *role != *held) co_await transaction.run(queries::delete_sessions, id);
    if (change.revoke_keys) {
      co_await transaction.run(queries::delete_other_keys, id, change.kept_key);
    }
    if (!hashed) co_return;
    co_await transaction.run(queries::set_password, id, *hashed);
    co_await transaction.run(queries::delete_sessions, id);
    co_await transaction.run(queries::delete_pending_of_user, id);
  };
  co_await database_.transact<void>(work);
  co_return co_await user(id);
}

Task<> Identity::check_new_password(UserId id, const Secret& password) {
  const auto found = co_await user(id);
  co_await refuse_service(found);
  co_await check_password(password, found.email, common_passwords(options_));
}

Task<> Identity::remove_user(UserId id, Role by) {
  auto work = [&](sql::Transaction& transaction) -> Task<void> {
    const auto owners = co_await transaction.all(queries::lock_owners);
    const auto held = co_await transaction.maybe(queries::lock_role, id);
    if (held) co_await check_rank(by, *held);
    co_await keep_an_owner(owners, id);
    if (co_await transaction.run(queries::delete_user, id) == 0) co_await no_such_user(id);
  };
  co_await database_.transact<void>(work);
}

Task<User> Identity::check_login(LoginAttempt attempt) {
  const auto email = normal_email(attempt.email);
  co_await counts_.restore_once(limits_);
  co_await limits_.attempt(email.substr(0, 254), attempt.address);
  co_await counts_.keep(limits_);
  co_await room_to_hash(hashing_);
  const Counted counted(hashing_);
  const auto row = co_await database_.maybe(queries::find_login, email);
  const auto verified = co_await loop_.offload([&row, &attempt] {
    // Whoever has no password costs the same as well.
    const bool has_one = row && !row->password_hash.empty();
    return crypto::verify_password(has_one ? row->password_hash : nobodys_hash(), attempt.password);
  });
  if (!row || row->password_hash.empty() || !verified.ok) {
    co_await fail(errors::bad_credentials, "the e-mail address or the password is wrong");
  }
  limits_.succeeded(email.substr(0, 254), attempt.address);
  co_await counts_.keep(limits_);
  if (verified.needs_rehash) {
    auto hashed =
        co_await loop_.offload([&attempt] { return crypto::hash_password(attempt.password); });
    if (hashed) co_await database_.run(queries::set_password, row->id, *hashed);
  }
  co_return User{row->id, row->email, row->role, row->created_at};
}

Task<bool> Identity::has_password(UserId id) {
  const auto found = co_await database_.maybe(queries::has_password, id);
  co_return found.value_or(false);
}

Task<bool> Identity::has_owner() { co_return co_await database_.one(queries::has_owner); }

Task<bool> Identity::needs_setup() { co_return !co_await database_.one(queries::has_users); }

Task<std::optional<Secret>> Identity::setup_token() {
  if (!co_await needs_setup()) {
    co_await database_.run(queries::delete_setup);
    co_return std::nullopt;
  }
  Secret token(random_token(32));
  co_await database_.run(queries::put_setup, sql::Bytes{crypto::sha256(token.reveal())},
                         clock_.now());
  co_return token;
}

Task<User> Identity::complete_setup(Secret token, NewUser owner) {
  owner.email = normal_email(owner.email);
  owner.role = Role::owner;
  const auto given = crypto::sha256(token.reveal());
  // Looked at before the password is hashed, so that guessing costs us little, and again under the
  // lock, so that a link makes one owner.
  const auto check = [&given](const std::optional<sql::Bytes>& kept, bool needed) -> Result<> {
    if (!needed) return fail(errors::setup_done, "Temps has its owner already; log in instead");
    if (kept && crypto::equal_in_constant_time(kept->bytes, given)) return {};
    return fail(
        errors::bad_setup_token,
        "this setup link is not valid; a start of Temps makes the earlier one void, use the "
        "one that it printed last");
  };
  const auto kept = co_await database_.maybe(queries::lock_setup);
  co_await check(kept, co_await needs_setup());
  co_await check_new(owner);
  const auto hashed = co_await hash(owner.password);
  auto work = [&](sql::Transaction& transaction) -> Task<UserId> {
    const auto locked = co_await transaction.maybe(queries::lock_setup);
    const bool taken = co_await transaction.one(queries::has_users);
    co_await check(locked, !taken);
    co_await transaction.run(queries::delete_setup);
    co_return co_await insert(transaction, owner, hashed);
  };
  const auto id = co_await database_.transact<UserId>(work);
  co_return co_await user(id);
}

}  // namespace temps::identity

// Identity: who uses this installation, and how they prove it.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/clock.hpp"
#include "core/id.hpp"
#include "core/permission.hpp"
#include "core/secret.hpp"
#include "core/task.hpp"
#include "identity/errors.hpp"
#include "identity/login_counts.hpp"
#include "identity/login_limits.hpp"
#include "net/loop.hpp"
#include "sql/database.hpp"

namespace temps::identity {

using UserId = Id<struct UserTag>;
using SessionId = Id<struct SessionTag>;
using KeyId = Id<struct KeyTag>;

enum class UserKind : std::uint8_t { person, service };
struct User {
  UserId id;
  std::string email;  // lower case; of a service account: its name
  Role role = Role::developer;
  Instant created_at;
  UserKind kind = UserKind::person;
};
struct NewUser {
  std::string email;
  Secret password;  // 10 characters or more, 256 bytes at most, not the e-mail address
  Role role = Role::developer;
};
struct UserChange {
  Role by = Role::owner;  // of whoever asks: nobody changes or gives a role above it
  std::optional<Role> role{};
  std::optional<Secret> password{};
  bool revoke_keys = false;  // all API keys but
  KeyId kept_key{};          // this one, if any
};

struct ApiKey {
  KeyId id;
  std::string name;
  Instant created_at;
  std::optional<Instant> expires_at;
  std::optional<Instant> last_used_at;  // to the minute
  // What it is limited to; nothing: all that its user may. Ids of project and environment.
  std::optional<std::vector<std::string>> scopes{};
  std::optional<std::int64_t> project{};
  std::optional<std::int64_t> environment{};
};
struct NewApiKey {
  std::string name;  // 1 to 100 characters
  std::optional<Instant> expires_at{};
  std::optional<std::vector<std::string>> scopes{};
  std::optional<std::int64_t> project{};
  std::optional<std::int64_t> environment{};
};
// A token is shown once: only its hash is kept.
struct IssuedKey {
  ApiKey key;
  Secret token;  // "tk_…"
};
// Where a login comes from, by the client's word.
struct Device {
  std::string user_agent{};
  std::string address{};
};
struct Session {
  SessionId id;
  User user;
  Secret token;
};

struct LoginAttempt {
  std::string email;
  Secret password;
  std::string address;  // of the client, for the limits
};

// Whom a token belongs to.
struct Bearer {
  User user;
  std::int64_t credential = 0;  // the session's or key's id
  std::optional<ApiKey> key{};
};

inline constexpr std::chrono::hours session_lifetime{24 * 30};      // since the last use
inline constexpr std::chrono::hours session_lifetime_max{24 * 90};  // however much it is used
// For so long a login is a proof of who sits there, where no password can be asked for.
inline constexpr std::chrono::minutes session_fresh{10};

struct Options {
  bool require_second_factor = false;
  bool refuse_common_passwords = true;
};

// Owns the tables `identity_…`.
class Identity {
 public:
  Identity(sql::Database& database, const Clock& clock, net::Loop& loop, Options options = {})
      : database_(database),
        clock_(clock),
        loop_(loop),
        options_(options),
        limits_(clock),
        counts_(database, clock) {}

  // Fails with `bad_user` and a FieldError for each field, `email_taken`.
  Task<UserId> create_user(NewUser user);
  // In order of id, those behind `after`.
  Task<std::vector<User>> users(UserId after, std::int64_t limit);
  Task<User> user(UserId id);  // Fails with `no_such_user`.
  // A new password or another role ends the user's sessions, API keys when it is asked for. Fails
  // with `no_such_user`, `last_owner`, `above_own_role`, `bad_user`.
  Task<User> change_user(UserId id, UserChange change);
  // `by` as in UserChange. Fails with `no_such_user`, `last_owner`, `above_own_role`.
  Task<> remove_user(UserId id, Role by = Role::owner);
  Task<bool> has_owner();
  // People who log in elsewhere have none until one is set.
  Task<bool> has_password(UserId id);
  // Fails with `bad_user` when change_user() would.
  Task<> check_new_password(UserId id, const Secret& password);

  // The parts of create_user(), for one that is made together with more. The address is as
  // normal_email() yields it. They fail with `bad_user`; `busy`; `email_taken`.
  [[nodiscard]] Result<> check_new(const NewUser& user) const;
  Task<std::string> hash(Secret password);
  Task<UserId> insert(sql::Executor& database, const NewUser& user, std::string hash);

  // The user with this password. Costs the same for an unknown address. Fails with
  // `bad_credentials`, `too_many_attempts`, `busy`.
  Task<User> check_login(LoginAttempt attempt);

  Task<Session> open_session(User user, Device device = {});
  Task<std::optional<Bearer>> find_session(std::string token);
  // Has somebody logged in just now, in this very session?
  Task<bool> is_fresh(SessionId id);
  Task<> end_session(SessionId id);

  // Fails with `bad_key_name`, `too_many_keys`.
  Task<IssuedKey> issue_key(UserId user, NewApiKey key);
  Task<std::optional<Bearer>> find_key(std::string token);
  // In order of id, those behind `after`.
  Task<std::vector<ApiKey>> keys(UserId user, KeyId after, std::int64_t limit);
  Task<> revoke_key(UserId user, KeyId key);  // Fails with `no_such_key`.

  // A new token for the link that makes the first user, replacing an earlier one; nothing when
  // there are users already. It is good until it is used.
  Task<std::optional<Secret>> setup_token();
  Task<bool> needs_setup();
  // Makes the first user, an owner. Fails with `setup_done`, `bad_setup_token`, `bad_user`.
  Task<User> complete_setup(Secret token, NewUser owner);

 private:
  sql::Database& database_;
  const Clock& clock_;
  net::Loop& loop_;
  Options options_;
  LoginLimits limits_;
  LoginCounts counts_;
  int hashing_ = 0;
};

}  // namespace temps::identity

// Invitations: one-time links that make an account with a role, grants and teams.
#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "access/errors.hpp"
#include "access/grants.hpp"
#include "access/teams.hpp"
#include "core/clock.hpp"
#include "core/id.hpp"
#include "core/secret.hpp"
#include "core/task.hpp"
#include "identity/identity.hpp"
#include "sql/database.hpp"

namespace temps::access {

using InvitationId = Id<struct InvitationTag>;

inline constexpr std::chrono::hours invitation_lifetime{24 * 7};

struct InvitedGrant {
  std::int64_t project;
  Role role;
};
struct Invitation {
  InvitationId id;
  std::string email;
  Role role = Role::guest;
  std::string inviter;  // for people to read
  Instant created_at;
  Instant expires_at;
};
struct NewInvitation {
  std::string email;
  Role role = Role::developer;
  std::vector<InvitedGrant> grants{};
  std::vector<TeamId> teams{};
  identity::UserId by{};  // 0: nobody's account
  std::string inviter;
};
// The token is shown once: only its hash is kept.
struct IssuedInvitation {
  Invitation invitation;
  Secret token;
};

// Owns the table `access_invitations`.
class Invitations {
 public:
  Invitations(sql::Database& database, identity::Identity& identity, const Clock& clock)
      : database_(database), identity_(identity), clock_(clock) {}

  // A second one for an address makes the first void. Fails with `identity.bad_user`,
  // `identity.email_taken`, `too_many`.
  Task<IssuedInvitation> invite(NewInvitation invitation);
  Task<std::vector<Invitation>> list();  // those that can still be accepted, in order of id
  Task<> revoke(InvitationId id);        // Fails with `no_such_invitation`.

  // What the token is for. Fails with `bad_invitation`: unknown, used, revoked, too old, or of
  // somebody who could not invite like this any more.
  Task<Invitation> look_at(Secret token);
  // Makes the account, once. Fails with `bad_invitation`, `identity.bad_user`,
  // `identity.email_taken`.
  Task<identity::User> accept(Secret token, Secret password);
  // Makes the account of whoever has proved otherwise that the address is theirs, without a
  // password. Nothing where no invitation is open for it, or it gives the rights of an admin: that
  // takes the link.
  Task<std::optional<identity::UserId>> accept_proved(sql::Transaction& transaction,
                                                      std::string email);

 private:
  Task<> give(sql::Transaction& transaction, identity::UserId user, std::string grants,
              std::vector<TeamId> teams);

  sql::Database& database_;
  identity::Identity& identity_;
  const Clock& clock_;
};

}  // namespace temps::access

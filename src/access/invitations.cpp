#include "access/invitations.hpp"

#include <utility>

#include "access/queries.hpp"
#include "core/random.hpp"
#include "crypto/crypto.hpp"
#include "identity/rules.hpp"
#include "json/json.hpp"

namespace temps::access {
namespace {

constexpr std::string_view invitation_prefix = "ti_";
constexpr std::size_t token_bytes = 32;
constexpr std::size_t token_characters_max = 128;
constexpr std::int64_t invitations_max = 500;  // all are shown in one list

sql::Bytes hash_of(const Secret& token) { return {crypto::sha256(token.reveal())}; }

Result<> check_length(const Secret& token) {
  if (token.reveal().size() <= token_characters_max) return {};
  return fail(errors::bad_invitation, "this is no invitation");
}

std::unexpected<Error> not_valid() {
  return fail(errors::bad_invitation,
              "the invitation was used, revoked or is too old; ask for another one");
}

}  // namespace

Task<IssuedInvitation> Invitations::invite(NewInvitation invitation) {
  invitation.email = identity::normal_email(invitation.email);
  co_await identity::check_email(invitation.email);
  if (co_await database_.one(queries::has_user, invitation.email)) {
    co_await fail(identity::errors::email_taken, "{} is a user already", invitation.email);
  }
  const auto now = clock_.now();
  Secret token(std::string(invitation_prefix) + random_token(token_bytes));
  Invitation made{{},  invitation.email,         invitation.role, invitation.inviter,
                  now, now + invitation_lifetime};
  const auto by = invitation.by.value == 0 ? std::nullopt : std::optional(invitation.by);
  auto work = [&](sql::Transaction& transaction) -> Task<std::optional<InvitationId>> {
    co_await transaction.run(queries::clear_invitations, made.email, now);
    co_return co_await transaction.maybe(queries::insert_invitation, made.email, made.role,
                                         sql::Json{json::encode(invitation.grants)},
                                         invitation.teams, hash_of(token), by, made.inviter, now,
                                         made.expires_at, invitations_max);
  };
  const auto id = co_await database_.transact<std::optional<InvitationId>>(work);
  if (!id) {
    co_await fail(errors::too_many, "there are {} invitations; revoke one", invitations_max);
  }
  made.id = *id;
  co_return IssuedInvitation{std::move(made), std::move(token)};
}

Task<std::vector<Invitation>> Invitations::list() {
  co_return co_await database_.all(queries::list_invitations, clock_.now());
}

Task<> Invitations::revoke(InvitationId id) {
  if (co_await database_.run(queries::remove_invitation, id) > 0) co_return;
  co_await fail(errors::no_such_invitation, "there is no invitation {}", id.value);
}

Task<Invitation> Invitations::look_at(Secret token) {
  co_await check_length(token);
  auto found = co_await database_.maybe(queries::find_invitation, hash_of(token), clock_.now());
  if (!found) co_await not_valid();
  co_return std::move(*found);
}

Task<identity::User> Invitations::accept(Secret token, Secret password) {
  // Looked at before the password is hashed, so that guessing costs us little.
  const auto invitation = co_await look_at(token);
  co_await identity_.check_new({.email = invitation.email, .password = password});
  const auto hashed = co_await identity_.hash(password);
  const auto now = clock_.now();
  auto work = [&](sql::Transaction& transaction) -> Task<identity::UserId> {
    const auto taken = co_await transaction.maybe(queries::take_invitation, hash_of(token), now);
    if (!taken) co_await not_valid();
    const identity::NewUser wanted{
        .email = taken->email, .password = password, .role = taken->role};
    const auto user = co_await identity_.insert(transaction, wanted, hashed);
    co_await give(transaction, user, taken->grants.text, taken->teams);
    co_return user;
  };
  const auto user = co_await database_.transact<identity::UserId>(work);
  co_return co_await identity_.user(user);
}

Task<std::optional<identity::UserId>> Invitations::accept_proved(sql::Transaction& transaction,
                                                                 std::string email) {
  const auto taken = co_await transaction.maybe(queries::take_proved, email, clock_.now());
  if (!taken) co_return std::nullopt;
  const identity::NewUser wanted{.email = taken->email, .password = {}, .role = taken->role};
  const auto user = co_await identity_.insert(transaction, wanted, "");
  co_await give(transaction, user, taken->grants.text, taken->teams);
  co_return user;
}

Task<> Invitations::give(sql::Transaction& transaction, identity::UserId user, std::string grants,
                         std::vector<TeamId> teams) {
  for (const auto& grant : co_await json::decode<std::vector<InvitedGrant>>(grants)) {
    co_await transaction.run(queries::give, projects::ProjectId{grant.project}, user, grant.role,
                             clock_.now());
  }
  co_await transaction.run(queries::join_teams, std::move(teams), user);
}

}  // namespace temps::access

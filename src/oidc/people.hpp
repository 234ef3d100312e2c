// Which account somebody has who comes from a provider.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "access/invitations.hpp"
#include "core/clock.hpp"
#include "core/task.hpp"
#include "identity/identity.hpp"
#include "oidc/errors.hpp"
#include "oidc/oidc.hpp"
#include "sql/database.hpp"

namespace temps::oidc {

struct Link {
  LinkId id;
  std::string provider;  // its name
  std::string label;
  std::string email;  // as the provider said last
  Instant created_at;
  std::optional<Instant> last_used_at;
};

// Owns the table `oidc_links`.
class People {
 public:
  static constexpr std::int64_t links_max = 20;  // of a user

  People(sql::Database& database, const Clock& clock, identity::Identity& identity,
         access::Invitations& invitations)
      : database_(database), clock_(clock), identity_(identity), invitations_(invitations) {}

  // Whoever is linked; else the account with the same proved e-mail address or a new one, as far as
  // the provider's settings go. An address alone never gives the rights of an admin. Fails with
  // `wrong_domain`, `unverified_email`, `link_first`, `unknown_person`.
  Task<identity::User> recognise(Provider provider, Person person);

  // The login becomes one of the user's, whatever its e-mail address. Fails with `already_linked`,
  // `wrong_domain`.
  Task<> link(identity::UserId user, Provider provider, Person person);
  Task<std::vector<Link>> links_of(identity::UserId user);
  // Fails with `no_such_link`, and with `last_way_in` where no password is left.
  Task<> unlink(identity::UserId user, LinkId link);

 private:
  Task<identity::UserId> welcome(sql::Transaction& transaction, const Provider& provider,
                                 const Person& person);

  sql::Database& database_;
  const Clock& clock_;
  identity::Identity& identity_;
  access::Invitations& invitations_;
};

// Is somebody of this address admitted at all? Fails with `wrong_domain`.
Result<> check_domain(const Provider& provider, const Person& person);

}  // namespace temps::oidc

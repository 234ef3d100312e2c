#include "oidc/people.hpp"

#include <algorithm>
#include <utility>

#include "core/text.hpp"
#include "identity/rules.hpp"
#include "oidc/queries.hpp"

namespace temps::oidc {

namespace {

using identity::User;
using identity::UserId;

std::unexpected<Error> unknown(const Provider& provider, const Person& person) {
  return fail(errors::unknown_person,
              "nobody here is known as {} of {}; ask an admin for an invitation, or log in with "
              "your password and link this login under Account, Security",
              person.email.empty() ? "this person" : person.email, provider.label);
}

std::unexpected<Error> link_first(const Provider& provider, const Person& person) {
  return fail(errors::link_first,
              "{} has an account here that is not linked with {}; log in with the password and "
              "link it under Account, Security",
              person.email, provider.label);
}

}  // namespace

Result<> check_domain(const Provider& provider, const Person& person) {
  if (provider.email_domains.empty()) return {};
  const auto at = person.email.rfind('@');
  const auto domain = at == std::string::npos ? std::string{} : person.email.substr(at + 1);
  const auto& admitted = provider.email_domains;
  if (person.email_verified && std::ranges::find(admitted, domain) != admitted.end()) return {};
  return fail(errors::wrong_domain,
              "only people with a verified e-mail address of {} get in by {}; log in there with "
              "another account, or here with a password",
              join(provider.email_domains, ", "), provider.label);
}

Task<User> People::recognise(Provider provider, Person person) {
  co_await check_domain(provider, person);
  const auto known = co_await database_.maybe(queries::use_link, provider.id, person.subject,
                                              person.email, clock_.now());
  if (known) co_return co_await identity_.user(*known);
  auto work = [&](sql::Transaction& transaction) -> Task<UserId> {
    const auto user = co_await welcome(transaction, provider, person);
    const auto link = co_await transaction.maybe(queries::insert_link, provider.id, person.subject,
                                                 user, person.email, clock_.now());
    if (!link) co_await fail(errors::already_linked, "try to log in once more");
    co_return user;
  };
  const auto user = co_await database_.transact<UserId>(work);
  co_return co_await identity_.user(user);
}

Task<UserId> People::welcome(sql::Transaction& transaction, const Provider& provider,
                             const Person& person) {
  const bool is_asked =
      provider.links_by_email || provider.unknown_people != UnknownPeople::refused;
  if (!is_asked && !person.email_verified) co_await unknown(provider, person);
  if (!person.email_verified || !identity::check_email(person.email)) {
    co_await fail(errors::unverified_email,
                  "{} does not say that your e-mail address is verified; verify it there, or log "
                  "in with your password and link this login under Account, Security",
                  provider.label);
  }
  const auto there = co_await transaction.maybe(queries::user_by_email, person.email);
  if (there) {
    // Whoever can make a provider say an address must not become admin by it.
    if (!provider.links_by_email || there->role >= Role::admin) {
      co_await link_first(provider, person);
    }
    co_return there->id;
  }
  if (provider.unknown_people == UnknownPeople::refused) co_await unknown(provider, person);
  // An invitation says more about its address than that it is somebody's.
  const auto invited = co_await invitations_.accept_proved(transaction, person.email);
  if (invited) co_return *invited;
  if (provider.unknown_people == UnknownPeople::invited) {
    co_await fail(errors::unknown_person,
                  "there is no invitation for {} that {} could accept; ask an admin for one, and "
                  "open its link where it gives the rights of an admin",
                  person.email, provider.label);
  }
  co_return co_await identity_.insert(
      transaction, {.email = person.email, .password = {}, .role = Role::guest}, "");
}

Task<> People::link(UserId user, Provider provider, Person person) {
  co_await check_domain(provider, person);
  auto work = [&](sql::Transaction& transaction) -> Task<void> {
    if (co_await transaction.one(queries::count_links, user) >= links_max) {
      co_await fail(errors::already_linked, "you have {} links; remove one", links_max);
    }
    const auto made = co_await transaction.maybe(queries::insert_link, provider.id, person.subject,
                                                 user, person.email, clock_.now());
    if (made) co_return;
    const auto owner =
        co_await transaction.maybe(queries::linked_user, provider.id, person.subject);
    if (owner == user) co_return;
    co_await fail(errors::already_linked,
                  "this login of {} belongs to another account here; it has to be unlinked there "
                  "first",
                  provider.label);
  };
  co_await database_.transact<void>(work);
}

Task<std::vector<Link>> People::links_of(UserId user) {
  co_return co_await database_.all(queries::links_of, user);
}

Task<> People::unlink(UserId user, LinkId link) {
  auto work = [&](sql::Transaction& transaction) -> Task<void> {
    // Locks the user, so that two links that go at once do not both count on the other.
    const auto has_password = co_await transaction.maybe(queries::has_password, user);
    if (co_await transaction.run(queries::delete_link, user, link) == 0) {
      co_await fail(errors::no_such_link, "you have no link {}", link.value);
    }
    const auto left = co_await transaction.one(queries::count_links, user);
    if (left > 0 || has_password.value_or(false)) co_return;
    co_await fail(errors::last_way_in,
                  "you have no password, and this is your last link; set a password first");
  };
  co_await database_.transact<void>(work);
}

}  // namespace temps::oidc

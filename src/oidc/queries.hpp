// The statements of this module. Private.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "identity/identity.hpp"
#include "oidc/oidc.hpp"
#include "oidc/people.hpp"
#include "sql/catalogue.hpp"

namespace temps::oidc::queries {

using identity::UserId;

#define TEMPS_PROVIDER_COLUMNS                                          \
  "id, name, label, issuer, client_id, email_domains, unknown_people, " \
  "links_by_email, trusted_second_factor, created_at"

// Two that are added at once count one after the other.
inline constexpr sql::Command<> lock_providers{
    "oidc.lock_providers", "lock table oidc_providers in share row exclusive mode"};
inline constexpr sql::Query<std::int64_t> count_providers{"oidc.count_providers",
                                                          "select count(*) from oidc_providers"};
// Nothing when the name or the issuer is taken.
inline constexpr sql::Query<Provider, std::string, std::string, std::string, std::string,
                            sql::Bytes, std::vector<std::string>, UnknownPeople, bool, bool,
                            Instant>
    insert_provider{"oidc.insert_provider",
                    "insert into oidc_providers (name, label, issuer, client_id, sealed_secret, "
                    "email_domains, unknown_people, links_by_email, trusted_second_factor, "
                    "created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) "
                    "on conflict do nothing returning " TEMPS_PROVIDER_COLUMNS};
inline constexpr sql::Query<Provider> all_providers{"oidc.all_providers",
                                                    "select " TEMPS_PROVIDER_COLUMNS
                                                    " from oidc_providers order by label, name"};
inline constexpr sql::Query<Provider, std::string> provider_by_name{
    "oidc.provider_by_name",
    "select " TEMPS_PROVIDER_COLUMNS " from oidc_providers where name = $1"};
inline constexpr sql::Query<Provider, ProviderId, std::string, std::optional<sql::Bytes>,
                            std::vector<std::string>, UnknownPeople, bool, bool>
    change_provider{"oidc.change_provider",
                    "update oidc_providers set label = $2, "
                    "sealed_secret = coalesce($3, sealed_secret), email_domains = $4, "
                    "unknown_people = $5, links_by_email = $6, trusted_second_factor = $7 "
                    "where id = $1 returning " TEMPS_PROVIDER_COLUMNS};
inline constexpr sql::Command<ProviderId> delete_provider{
    "oidc.delete_provider", "delete from oidc_providers where id = $1"};
inline constexpr sql::Query<sql::Bytes, ProviderId> secret_of{
    "oidc.secret_of", "select sealed_secret from oidc_providers where id = $1"};

// Who is known by a login. The e-mail address is kept as it was told last.
inline constexpr sql::Query<UserId, ProviderId, std::string, std::string, Instant> use_link{
    "oidc.use_link",
    "update oidc_links set email = case when $3 = '' then email else $3 end, last_used_at = $4 "
    "where provider_id = $1 and subject = $2 returning user_id"};
inline constexpr sql::Query<UserId, ProviderId, std::string> linked_user{
    "oidc.linked_user", "select user_id from oidc_links where provider_id = $1 and subject = $2"};
// Nothing when the login is somebody's already.
inline constexpr sql::Query<LinkId, ProviderId, std::string, UserId, std::string, Instant>
    insert_link{"oidc.insert_link",
                "insert into oidc_links (provider_id, subject, user_id, email, created_at) "
                "values ($1, $2, $3, $4, $5) on conflict do nothing returning id"};
inline constexpr sql::Query<std::int64_t, UserId> count_links{
    "oidc.count_links", "select count(*) from oidc_links where user_id = $1"};
inline constexpr sql::Query<Link, UserId> links_of{
    "oidc.links_of",
    "select l.id, p.name, p.label, l.email, l.created_at, l.last_used_at from oidc_links l "
    "join oidc_providers p on p.id = l.provider_id where l.user_id = $1 order by l.id"};
inline constexpr sql::Query<bool, UserId> has_password{
    "oidc.has_password", "select password_hash <> '' from identity_users where id = $1 for update"};
inline constexpr sql::Command<UserId, LinkId> delete_link{
    "oidc.delete_link", "delete from oidc_links where user_id = $1 and id = $2"};
inline constexpr sql::Query<identity::User, std::string> user_by_email{
    "oidc.user_by_email",
    "select id, email, role, created_at, kind from identity_users "
    "where email = $1 and kind = 'person' for update"};

#undef TEMPS_PROVIDER_COLUMNS

inline sql::Catalogue catalogue() {
  return sql::catalogue("oidc", lock_providers, count_providers, insert_provider, all_providers,
                        provider_by_name, change_provider, delete_provider, secret_of, use_link,
                        linked_user, insert_link, count_links, links_of, has_password, delete_link,
                        user_by_email);
}

}  // namespace temps::oidc::queries

#pragma once
#include "certificates/certificates.hpp"
#include "sql/catalogue.hpp"
#include "sql/database.hpp"

namespace temps::certificates::queries {

#define TEMPS_CERTIFICATE_COLUMNS                                                  \
  "c.id, c.version, c.names, c.algorithm, c.source, c.state, c.issuer, c.serial, " \
  "c.fingerprint, c.not_before, c.not_after, c.stored_at"

// What the files for the data plane are made of.
struct Content {
  std::string chain;
  sql::Bytes sealed_key;
};

// A second one of the same subject takes the place of the first.
inline constexpr sql::Query<Certificate, std::string, std::vector<std::string>, x509::Algorithm,
                            Source, std::string, std::string, std::string, Instant, Instant,
                            std::string, sql::Bytes, Instant>
    put_certificate{
        "certificates.put_certificate",
        "insert into certificates as c (version, subject, names, algorithm, source, state, issuer, "
        "serial, fingerprint, not_before, not_after, chain, sealed_key, stored_at) "
        "values (1, $1, $2, $3, $4, 'active', $5, $6, $7, $8, $9, $10, $11, $12) "
        "on conflict (subject) do update set version = c.version + 1, source = excluded.source, "
        "state = 'active', issuer = excluded.issuer, serial = excluded.serial, "
        "fingerprint = excluded.fingerprint, not_before = excluded.not_before, "
        "not_after = excluded.not_after, chain = excluded.chain, "
        "sealed_key = excluded.sealed_key, stored_at = excluded.stored_at "
        "returning " TEMPS_CERTIFICATE_COLUMNS};
inline constexpr sql::Query<Certificate, CertificateId> by_id{
    "certificates.by_id", "select " TEMPS_CERTIFICATE_COLUMNS " from certificates c where id = $1"};
inline constexpr sql::Query<Certificate, CertificateId, std::int64_t> certificates_after{
    "certificates.certificates_after",
    "select " TEMPS_CERTIFICATE_COLUMNS
    " from certificates c where c.id > $1 order by c.id limit $2"};
inline constexpr sql::Query<Certificate> all_active{
    "certificates.all_active", "select " TEMPS_CERTIFICATE_COLUMNS
                               " from certificates c where c.state = 'active' order by c.id"};
inline constexpr sql::Query<Certificate, Instant> active_until{
    "certificates.active_until",
    "select " TEMPS_CERTIFICATE_COLUMNS
    " from certificates c where c.state = 'active' and c.not_after < $1 order by c.not_after"};
// Those that last longest come first.
inline constexpr sql::Query<Certificate, std::vector<std::string>> active_with_names{
    "certificates.active_with_names",
    "select " TEMPS_CERTIFICATE_COLUMNS
    " from certificates c where c.state = 'active' and c.names && $1 "
    "order by c.not_after desc, c.id"};
inline constexpr sql::Query<Content, CertificateId> content_of{
    "certificates.content_of", "select chain, sealed_key from certificates where id = $1"};
inline constexpr sql::Command<CertificateId> delete_certificate{
    "certificates.delete_certificate", "delete from certificates where id = $1"};

#undef TEMPS_CERTIFICATE_COLUMNS

inline sql::Catalogue catalogue() {
  return sql::catalogue("certificates", put_certificate, by_id, certificates_after, all_active,
                        active_until, active_with_names, content_of, delete_certificate);
}

}  // namespace temps::certificates::queries

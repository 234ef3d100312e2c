#pragma once
#include "certificates/certificates.hpp"
#include "sql/catalogue.hpp"
#include "sql/database.hpp"

namespace temps::certificates::queries {

// Active, not over, and not asked about yet or to be asked about again.
struct Unasked {
  CertificateId id;
  std::string fingerprint;
  std::int32_t failures;  // in a row
};
inline constexpr sql::Query<Unasked, Instant> due_staples{
    "certificates.due_staples",
    "select c.id, c.fingerprint, coalesce(case when s.fingerprint = c.fingerprint then s.failures "
    "end, 0) from certificates c left join certificate_staples s on s.certificate_id = c.id "
    "where c.state = 'active' and c.not_after > $1 and (s.fingerprint is null or "
    "s.fingerprint <> c.fingerprint or s.next_at <= $1) order by s.next_at nulls first, c.id "
    "limit 50"};
inline constexpr sql::Command<CertificateId, std::string, Word, std::string,
                              std::optional<sql::Bytes>, std::optional<Instant>,
                              std::optional<Instant>, Instant>
    put_staple{
        "certificates.put_staple",
        "insert into certificate_staples (certificate_id, fingerprint, word, detail, answer, "
        "this_update, next_update, failures, next_at) values ($1, $2, $3, $4, $5, $6, $7, 0, $8) "
        "on conflict (certificate_id) do update set fingerprint = excluded.fingerprint, "
        "word = excluded.word, detail = excluded.detail, answer = excluded.answer, "
        "this_update = excluded.this_update, next_update = excluded.next_update, failures = 0, "
        "next_at = excluded.next_at"};
// What was said before about the same content holds on.
inline constexpr sql::Command<CertificateId, std::string, std::string, std::int32_t, Instant>
    note_no_staple{
        "certificates.note_no_staple",
        "insert into certificate_staples as s (certificate_id, fingerprint, word, detail, "
        "failures, next_at) values ($1, $2, 'waiting', $3, $4, $5) "
        "on conflict (certificate_id) do update set "
        "word = case when s.fingerprint = $2 then s.word else 'waiting' end, "
        "answer = case when s.fingerprint = $2 then s.answer end, "
        "this_update = case when s.fingerprint = $2 then s.this_update end, "
        "next_update = case when s.fingerprint = $2 then s.next_update end, "
        "fingerprint = $2, detail = $3, failures = $4, next_at = $5"};
inline constexpr sql::Query<Staple> all_staples{
    "certificates.all_staples",
    "select s.certificate_id, s.word, s.detail, s.this_update, s.next_update, s.next_at "
    "from certificate_staples s join certificates c on c.id = s.certificate_id "
    "and c.fingerprint = s.fingerprint"};
struct StapleContent {
  sql::Bytes answer;
  Instant this_update;
};
// Of a good one that is not over at $2.
inline constexpr sql::Query<StapleContent, CertificateId, Instant> staple_of{
    "certificates.staple_of",
    "select s.answer, s.this_update from certificate_staples s join certificates c "
    "on c.id = s.certificate_id and c.fingerprint = s.fingerprint "
    "where c.id = $1 and s.word = 'good' and s.next_update > $2 and s.answer is not null"};

inline sql::Catalogue staple_catalogue() {
  return sql::catalogue("certificates", due_staples, put_staple, note_no_staple, all_staples,
                        staple_of);
}

}  // namespace temps::certificates::queries

// The statements of this module. Private.
#pragma once
#include <string>

#include "audit/audit.hpp"
#include "sql/catalogue.hpp"

namespace temps::audit::queries {

using OptionalJson = std::optional<sql::Json>;

inline constexpr sql::Query<std::int64_t, Instant, ActorKind, std::int64_t, std::string,
                            std::int64_t, std::string, std::string, std::string, std::string,
                            std::string, std::string, sql::Json, OptionalJson, OptionalJson,
                            std::string, std::string, std::string>
    insert_entry{"audit.insert_entry",
                 "insert into audit_entries (began_at, actor, user_id, email, credential, "
                 "credential_name, operation, summary, method, path, project, target, given, "
                 "before, client, user_agent, request_id) values ($1, $2, $3, $4, $5, $6, $7, $8, "
                 "$9, $10, $11, $12, $13, $14, $15, $16, $17) returning id"};
inline constexpr sql::Command<Instant, std::int64_t, Instant, std::int32_t, std::string,
                              OptionalJson, std::int64_t, std::string>
    insert_outcome{"audit.insert_outcome",
                   "insert into audit_outcomes (began_at, entry, ended_at, status, error, after, "
                   "user_id, email) values ($1, $2, $3, $4, $5, $6, $7, $8)"};

// A login is its user's, though it began as nobody's.
inline constexpr sql::Query<Entry, std::string, std::string, std::string, std::string,
                            OutcomeFilter, Instant, Instant, Instant, std::int64_t, std::int64_t>
    list{"audit.list",
         "select e.id, e.began_at, e.actor, "
         "case when e.user_id = 0 and o.user_id is not null then o.user_id else e.user_id end, "
         "case when e.email = '' and o.email is not null then o.email else e.email end, "
         "e.credential, e.credential_name, e.operation, e.summary, e.method, e.path, e.project, "
         "e.target, e.given, e.before, e.client, e.user_agent, e.request_id, o.ended_at, "
         "o.status, o.error, o.after from audit_entries e "
         "left join audit_outcomes o on o.began_at = e.began_at and o.entry = e.id "
         "where ($1 = '' or $1 in (e.email, o.email, e.actor, e.target->>'email')) "
         "and ($2 = '' or e.operation = $2) and ($3 = '' or e.project = $3) "
         "and ($4 = '' or position(lower($4) in lower(e.path || ' ' || e.target::text)) > 0) "
         "and case $5 when 'done' then o.status < 400 when 'failed' then o.status >= 400 "
         "when 'unknown' then o.entry is null else true end "
         "and e.began_at >= $6 and e.began_at < $7 and (e.began_at, e.id) < ($8, $9) "
         "order by e.began_at desc, e.id desc limit $10"};

inline sql::Catalogue catalogue() {
  return sql::catalogue("audit", insert_entry, insert_outcome, list);
}

}  // namespace temps::audit::queries

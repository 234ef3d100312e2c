#pragma once
#include "certificates/orders.hpp"
#include "sql/catalogue.hpp"
#include "sql/database.hpp"

namespace temps::certificates::queries {

struct KeptAccount {
  std::string url;  // empty: not registered yet
  sql::Bytes sealed_key;
};

struct UnderWay {
  std::string order_url;  // empty: none
  std::optional<sql::Bytes> sealed_key;
};

inline constexpr sql::Query<KeptAccount, std::string> account_of{
    "certificates.account_of",
    "select url, sealed_key from certificate_accounts where directory_url = $1"};
inline constexpr sql::Command<std::string, sql::Bytes, Instant> put_account{
    "certificates.put_account",
    "insert into certificate_accounts (directory_url, url, sealed_key, created_at) "
    "values ($1, '', $2, $3) on conflict (directory_url) do update set url = '', "
    "sealed_key = excluded.sealed_key, created_at = excluded.created_at"};
inline constexpr sql::Command<std::string, std::string> set_account_url{
    "certificates.set_account_url",
    "update certificate_accounts set url = $2 where directory_url = $1"};

#define TEMPS_ORDER_COLUMNS                                                                  \
  "o.domain_id, o.name, o.state, o.detail, o.error_code, o.failures, o.proof, o.authority, " \
  "o.renewal_id, o.renew_at, o.next_at, o.changed_at, o.tried_at"

inline constexpr sql::Query<Order, std::string> order_of{
    "certificates.order_of",
    "select " TEMPS_ORDER_COLUMNS " from certificate_orders o where name = $1"};
inline constexpr sql::Query<Order, std::vector<domains::DomainId>> orders_of{
    "certificates.orders_of",
    "select " TEMPS_ORDER_COLUMNS " from certificate_orders o where domain_id = any($1)"};
inline constexpr sql::Query<domains::DomainId> ordered_domains{
    "certificates.ordered_domains",
    "select domain_id from certificate_orders where domain_id is not null"};
// Of the platform's own names.
inline constexpr sql::Query<Order> own_orders{
    "certificates.own_orders", "select " TEMPS_ORDER_COLUMNS
                               " from certificate_orders o where domain_id is null order by name"};
inline constexpr sql::Command<std::string, Instant> insert_own_order{
    "certificates.insert_own_order",
    "insert into certificate_orders (domain_id, name, state, next_at, changed_at) "
    "values (null, $1, 'waiting', $2, $2) on conflict (name) do nothing"};
// As with want_order.
inline constexpr sql::Command<Instant, Instant> hurry_own_orders{
    "certificates.hurry_own_orders",
    "update certificate_orders o set next_at = $1 where domain_id is null and "
    "(o.state in ('waiting_for_dns', 'waiting_for_record') or (o.state = 'failed' and "
    "o.error_code <> 'acme.rate_limited' and coalesce(o.tried_at, $2) <= $2))"};

// How many hosts of the platform's own got their first order since $1 and since $2.
struct Starts {
  std::int64_t in_hour;
  std::int64_t in_week;
};
inline constexpr sql::Query<Starts, Instant, Instant> starts_since{
    "certificates.starts_since",
    "select count(*) filter (where started_at > $1), count(*) from certificate_starts "
    "where started_at > $2"};
inline constexpr sql::Command<std::string, Instant> insert_start{
    "certificates.insert_start",
    "insert into certificate_starts (name, started_at) values ($1, $2)"};
inline constexpr sql::Command<Instant> delete_starts{
    "certificates.delete_starts", "delete from certificate_starts where started_at <= $1"};
// What lies too far ahead was planned by a clock that was wrong.
inline constexpr sql::Query<Order, Instant, Instant> due_orders{
    "certificates.due_orders",
    "select " TEMPS_ORDER_COLUMNS
    " from certificate_orders o where next_at <= $1 or next_at > $2 order by next_at limit 500"};
// One that waits is looked at at once; one that failed is when it was not tried since $4.
inline constexpr sql::Command<domains::DomainId, std::string, Instant, Instant> want_order{
    "certificates.want_order",
    "insert into certificate_orders as o (domain_id, name, state, next_at, changed_at) "
    "values ($1, $2, 'waiting', $3, $3) on conflict (name) do update set next_at = $3 "
    "where o.state in ('waiting_for_dns', 'waiting_for_record') or (o.state = 'failed' and "
    "o.error_code <> 'acme.rate_limited' and coalesce(o.tried_at, $4) <= $4)"};
inline constexpr sql::Command<std::string, OrderState, std::string, Instant> set_state{
    "certificates.set_state",
    "update certificate_orders set changed_at = case when state = $2 then changed_at else $4 end, "
    "state = $2, detail = $3 where name = $1"};
// The same, with what comes next.
inline constexpr sql::Command<std::string, OrderState, std::string, Instant, std::string,
                              std::int32_t, Instant>
    set_outcome{"certificates.set_outcome",
                "update certificate_orders set changed_at = case when state = $2 then changed_at "
                "else $4 end, state = $2, detail = $3, error_code = $5, failures = $6, "
                "next_at = $7 where name = $1"};
inline constexpr sql::Command<std::string, Instant, Instant> begin_try{
    "certificates.begin_try",
    "update certificate_orders set tried_at = $2, next_at = $3 where name = $1"};
inline constexpr sql::Query<UnderWay, std::string> under_way{
    "certificates.under_way",
    "select order_url, sealed_key from certificate_orders where name = $1"};
inline constexpr sql::Command<std::string, std::string, sql::Bytes> set_under_way{
    "certificates.set_under_way",
    "update certificate_orders set order_url = $2, sealed_key = $3 where name = $1"};
inline constexpr sql::Command<std::string, std::string, std::string, std::string, Instant, Instant,
                              Instant>
    set_issued{"certificates.set_issued",
               "update certificate_orders set state = 'issued', detail = '', error_code = '', "
               "failures = 0, proof = $2, authority = $3, renewal_id = $4, renew_at = $5, "
               "next_at = $6, changed_at = $7, order_url = '', sealed_key = null "
               "where name = $1"};
inline constexpr sql::Command<std::string, Instant, Instant> plan_renewal{
    "certificates.plan_renewal",
    "update certificate_orders set renew_at = $2, next_at = $3 where name = $1"};
inline constexpr sql::Command<std::vector<std::string>, Instant> renew_now{
    "certificates.renew_now",
    "update certificate_orders set renew_at = $2, next_at = $2 where name = any($1)"};
inline constexpr sql::Command<std::string> delete_order{
    "certificates.delete_order", "delete from certificate_orders where name = $1"};

#undef TEMPS_ORDER_COLUMNS

inline sql::Catalogue order_catalogue() {
  return sql::catalogue("certificates", account_of, put_account, set_account_url, order_of,
                        orders_of, ordered_domains, own_orders, insert_own_order, hurry_own_orders,
                        starts_since, insert_start, delete_starts, due_orders, want_order,
                        set_state, set_outcome, begin_try, under_way, set_under_way, set_issued,
                        plan_renewal, renew_now, delete_order);
}

}  // namespace temps::certificates::queries

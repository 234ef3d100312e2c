// One order, from the look at DNS to the certificate that visitors are shown.
#include <algorithm>

#include "certificates/errors.hpp"
#include "certificates/issuance.hpp"
#include "certificates/order_queries.hpp"
#include "certificates/own_names.hpp"
#include "certificates/schedule.hpp"
#include "core/log.hpp"
#include "core/random.hpp"

namespace temps::certificates {

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::seconds visible_time{60};
constexpr std::chrono::seconds visible_pause{2};
constexpr auto longest_sleep = 24h;  // between two looks at what is issued

double chance() { return static_cast<unsigned char>(random_bytes(1).front()) / 255.0; }

std::string place(const std::string& name) { return "certificate_orders/" + name; }

// The database is away, or the process stops: no word of the authority's.
bool is_ours(const Error& error) {
  return error.code().kind == ErrorKind::cancelled || error.code().code.starts_with("sql.");
}

// The authority looked and did not find the proof; another way may do.
bool is_proof_missing(const Error& error) {
  namespace e = acme::errors;
  return error.is(e::unauthorized) || error.is(e::connection) || error.is(e::tls) ||
         error.is(e::no_challenge);
}

bool is_wildcard(std::string_view name) { return name.starts_with("*."); }

std::vector<acme::ChallengeKind> ways(const Order& order) {
  using enum acme::ChallengeKind;
  if (is_wildcard(order.name)) return {dns_01};
  if (order.proof == acme::text_of(tls_alpn_01)) return {tls_alpn_01, http_01};
  return {http_01, tls_alpn_01};
}

Error both(const Error& first, const Error& second) {
  auto whole =
      Error(first.code(), fmt::format("{} (and by TLS: {})", first.detail(), second.detail()));
  return whole.retry_in(std::max(first.retry_after(), second.retry_after()));
}

}  // namespace

// Puts the proof where the authority looks, and keeps the order where a restart finds it.
class Issuance::Solver final : public acme::Solver {
 public:
  Solver(Issuance& issuance, const Order& order) : issuance_(issuance), order_(order) {}

  Task<> ordered(acme::Order placed) override {
    auto& database = issuance_.database_;
    const auto kept = co_await database.one(queries::under_way, order_.name);
    co_await database.run(queries::set_under_way, order_.name, placed.url,
                          kept.sealed_key.value_or(sql::Bytes{}));
  }
  Task<> present(acme::Answer answer) override {
    if (answer.kind == acme::ChallengeKind::dns_01) {
      co_await show_record(answer);
    } else {
      co_await issuance_.challenges_.show(answer);
    }
    co_await issuance_.database_.run(queries::set_state, order_.name, OrderState::checking,
                                     fmt::format("the certificate authority checks {} ({})",
                                                 answer.domain, acme::text_of(answer.kind)),
                                     issuance_.clock_.now());
  }
  Task<> remove(acme::Answer answer) override {
    if (answer.kind != acme::ChallengeKind::dns_01) {
      co_return co_await issuance_.challenges_.hide(answer);
    }
    const auto records = co_await issuance_.dns_.records_for(answer.record_name);
    if (records) co_await records->remove({answer.record_name, answer.record_value});
  }

 private:
  // Without a provider the user makes it: until then the order stays open, and its record the same.
  Task<> show_record(const acme::Answer& answer) {
    const auto records = co_await issuance_.dns_.records_for(answer.record_name);
    if (records) {
      co_await records->put({answer.record_name, answer.record_value});
      co_await until_visible(answer);
    } else if (!co_await is_visible(answer)) {
      co_await fail(errors::record_missing, "create: TXT {} -> {}", answer.record_name,
                    answer.record_value);
    }
  }
  Task<bool> is_visible(const acme::Answer& answer) {
    const auto seen = co_await issuance_.domains_.texts(answer.record_name);
    co_return std::ranges::find(seen, answer.record_value) != seen.end();
  }
  // Our name servers may remember for long that there was no record; the authority asks others.
  Task<> until_visible(const acme::Answer& answer) {
    for (auto waited = 0s; waited < visible_time; waited += visible_pause) {
      if (co_await is_visible(answer)) co_return;
      co_await sleep(visible_pause);
    }
  }

  Issuance& issuance_;
  const Order& order_;
};

Task<acme::Client*> Issuance::client() {
  if (!client_) {
    auto trust = co_await tls::Trust::load(options_.ca_file);
    client_ = std::make_unique<acme::Client>(
        loop_, clock_,
        acme::Options{.directory_url = options_.directory_url, .trust = std::move(trust)});
  }
  co_return client_.get();
}

Task<> Issuance::advance(std::string name) {
  const auto order = co_await database_.maybe(queries::order_of, name);
  if (!order || !co_await is_needed(*order)) co_return;
  if (order->state == OrderState::issued && !co_await is_due(*order)) co_return;
  // Proof by DNS asks for no visit.
  if (!is_wildcard(order->name) && !co_await leads_here(*order)) co_return;
  co_await try_now(*order);
}

// What a user uploads takes the place of what Temps would get.
Task<bool> Issuance::is_needed(const Order& order) {
  if (!obstacle() && !co_await has_upload(order.name)) co_return true;
  co_await database_.run(queries::delete_order, order.name);
  co_return false;
}

Task<bool> Issuance::is_due(const Order& order) {
  const auto certificate = co_await own_certificate(order);
  if (!certificate) co_return true;  // somebody has removed it
  if (order.renew_at && *order.renew_at <= clock_.now()) co_return true;
  const auto plan = co_await plan_renewal(order, *certificate);
  co_await database_.run(queries::plan_renewal, order.name, plan.renew_at, plan.look_at);
  co_return plan.renew_at <= clock_.now();
}

// An order for a name that leads elsewhere would only use up what the authority allows.
Task<bool> Issuance::leads_here(const Order& order) {
  auto seen = co_await verdict_of(order);
  if (seen.state == domains::Dns::right) co_return true;
  co_await keep_waiting(order, OrderState::waiting_for_dns, std::move(seen.detail));
  co_return false;
}

// A domain's row remembers what was seen.
Task<domains::Verdict> Issuance::verdict_of(const Order& order) {
  if (!order.domain) {
    // One record leads all apps here.
    const bool is_app = order.name != own_.console;
    co_return co_await domains_.verdict(order.name, is_app ? wildcard_of(own_.base) : order.name);
  }
  auto domain = co_await domains_.find(*order.domain);
  if (!domain) co_return domains::Verdict{};  // removed just now, and its order with it
  const auto seen = co_await domains_.look_up(std::move(*domain));
  co_return domains::Verdict{.state = seen.dns, .detail = seen.dns_detail};
}

// For a record that the user is to make.
Task<> Issuance::keep_waiting(const Order& order, OrderState state, std::string detail) {
  const auto now = clock_.now();
  const auto since = order.state == state ? order.changed_at : now;
  const auto waited = std::chrono::duration_cast<std::chrono::seconds>(now - since);
  if (order.state != state) {
    log::info("a certificate waits for DNS", {{"domain", order.name}, {"detail", detail}});
  }
  co_await database_.run(queries::set_outcome, order.name, state, std::move(detail), now,
                         std::string{}, order.failures, now + pause_for_dns(waited));
}

Task<> Issuance::try_now(const Order& order) {
  const auto now = clock_.now();
  // Were this process to die again and again in here, the authority would not hear of each time.
  const Error cut_off(temps::errors::internal, "");
  co_await database_.run(queries::begin_try, order.name, now,
                         now + pause_after(order.failures + 1, cut_off, chance()));
  // A record that is waited for stays in the view while it is looked for.
  if (order.state != OrderState::waiting_for_record) {
    co_await database_.run(queries::set_state, order.name, OrderState::ordering,
                           fmt::format("ordering it at {}", options_.directory_url), now);
  }
  auto obtained = co_await attempt(obtain(order));
  co_await check_cancelled();
  auto kept = obtained ? co_await attempt(keep(order, std::move(*obtained)))
                       : Result<>(std::unexpected(obtained.error()));
  co_await check_cancelled();
  if (kept) co_return;
  if (is_ours(kept.error())) co_await fail(kept.error());
  co_await note_failure(order, kept.error());
}

Task<Issuance::Obtained> Issuance::obtain(const Order& order) {
  std::optional<Error> first;
  for (const auto kind : ways(order)) {
    auto issued = co_await attempt(obtain_by(order, kind));
    if (issued) co_return Obtained{std::move(*issued), kind};
    co_await check_cancelled();
    const auto& error = issued.error();
    if (first) co_await fail(both(*first, error));
    if (!is_proof_missing(error)) co_await fail(error);
    first = error;
  }
  co_await fail(*first);
  co_return Obtained{.certificate = {}, .kind = {}};
}

// The key is kept while its order is under way.
Task<acme::Key> Issuance::certificate_key(const Order& order) {
  const auto kept = co_await database_.one(queries::under_way, order.name);
  if (kept.sealed_key && !kept.sealed_key->bytes.empty()) {
    auto pem = vault_.open(kept.sealed_key->bytes, place(order.name));
    if (pem) co_return co_await acme::Key::from_pem(*pem);
  }
  auto key = acme::Key::generate();
  auto sealed = co_await vault_.seal(key.pem(), place(order.name));
  co_await database_.run(queries::set_under_way, order.name, std::string{},
                         sql::Bytes{std::move(sealed)});
  co_return key;
}

Task<acme::IssuedCertificate> Issuance::obtain_by(const Order& order, acme::ChallengeKind kind) {
  auto* authority = co_await client();
  auto key = co_await certificate_key(order);
  const auto kept = co_await database_.one(queries::under_way, order.name);
  const bool is_same_authority = order.authority == options_.directory_url;
  acme::Wanted wanted{
      .names = order.domain ? std::vector{order.name} : names_of_order(order.name, own_),
      .kinds = {kind},
      .key = std::move(key),
      .replaces = is_same_authority ? order.renewal_id : std::string{},
      .order_url = kept.order_url};
  Solver solver(*this, order);
  auto account = co_await accounts_.account(*authority);
  auto issued = co_await attempt(authority->obtain(std::move(account), wanted, solver));
  if (!issued && issued.error().is(acme::errors::no_such_account)) {
    co_await accounts_.forget();
    account = co_await accounts_.account(*authority);
    issued = co_await attempt(authority->obtain(std::move(account), wanted, solver));
  }
  co_return co_await std::move(issued);
}

Task<> Issuance::keep(const Order& order, Obtained obtained) {
  auto& issued = obtained.certificate;
  auto chain = co_await x509::read_chain(issued.chain_pem);
  auto key = co_await x509::read_key(issued.key_pem, chain);
  auto published = co_await certificates_.store(Source::acme, std::move(chain), std::move(key));
  log::info("a certificate was issued", {{"domain", order.name},
                                         {"authority", options_.directory_url},
                                         {"until", to_rfc3339(published.certificate.not_after)}});
  auto fresh = order;
  fresh.authority = options_.directory_url;
  fresh.renewal_id = issued.renewal_id;
  fresh.renew_at = std::nullopt;
  fresh.changed_at = clock_.now();
  const auto plan = co_await plan_renewal(std::move(fresh), published.certificate);
  co_await database_.run(queries::set_issued, order.name, std::string(acme::text_of(obtained.kind)),
                         options_.directory_url, issued.renewal_id, plan.renew_at, plan.look_at,
                         clock_.now());
}

// A certificate that visitors are shown goes on being shown.
Task<> Issuance::note_failure(const Order& order, const Error& error) {
  if (error.is(errors::record_missing)) {
    co_return co_await keep_waiting(order, OrderState::waiting_for_record,
                                    std::string(error.detail()));
  }
  const auto failures = order.failures + 1;
  const auto now = clock_.now();
  const auto next_at = now + pause_after(failures, error, chance());
  co_await database_.run(queries::set_outcome, order.name, OrderState::failed,
                         sql::storable(error.detail()), now, std::string(error.code().code),
                         failures, next_at);
  log::warning("a certificate could not be had", {{"domain", order.name},
                                                  {"code", error.code().code},
                                                  {"detail", error.detail()},
                                                  {"cause", error.cause()},
                                                  {"next_try", to_rfc3339(next_at)}});
}

Task<Issuance::Plan> Issuance::plan_renewal(Order order, const Certificate& certificate) {
  Renewal renewal{.not_before = certificate.not_before,
                  .not_after = certificate.not_after,
                  .planned = order.renew_at,
                  .issued_at = order.changed_at,
                  .chance = chance()};
  auto ask_again = std::chrono::seconds(longest_sleep);
  if (order.authority == options_.directory_url && !order.renewal_id.empty()) {
    auto* authority = co_await client();
    // Advice that cannot be had now is asked for again; without it a part of the life counts.
    auto window = co_await attempt(authority->renewal_window(order.renewal_id));
    co_await check_cancelled();
    if (window) {
      renewal.window = *window;
      ask_again = std::min(ask_again, window->ask_again_in);
    }
  }
  const auto renew_at = next_renewal(renewal);
  const auto now = clock_.now();
  co_return Plan{.renew_at = renew_at, .look_at = std::clamp(renew_at, now, now + ask_again)};
}

}  // namespace temps::certificates

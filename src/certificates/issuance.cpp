// What is due, and what each domain waits for. The orders themselves are in obtain.cpp.
#include "certificates/issuance.hpp"

#include <algorithm>
#include <set>

#include "certificates/errors.hpp"
#include "certificates/order_queries.hpp"
#include "certificates/schedule.hpp"
#include "core/log.hpp"
#include "json/json.hpp"

namespace temps::certificates {

namespace {

using namespace std::chrono_literals;

constexpr auto look_pause = 30s;
constexpr auto busy_pause = 2s;  // something is due again while its job ends
// A failed order that a user looks at is tried at once, unless it has just been tried.
constexpr auto impatience = 5min;
constexpr jobs::KindLimits obtain_limits{.running_max = 8, .run_max = 1h};
// Only a failing database repeats a job: what an authority says is kept with the order.
constexpr std::int32_t obtain_attempts_max = 20;
constexpr auto directory_time = 5s;

std::string key_of(const std::string& name) { return "certificate-order-" + name; }

}  // namespace

Issuance::Issuance(net::Loop& loop, sql::Database& database, vault::Vault& vault,
                   domains::Domains& domains, dns::Dns& dns, Certificates& certificates,
                   gateway::Gateway& gateway, jobs::Queue& queue, const Options& options,
                   const Clock& clock)
    : loop_(loop),
      database_(database),
      vault_(vault),
      domains_(domains),
      dns_(dns),
      certificates_(certificates),
      queue_(queue),
      gateway_(gateway),
      options_(options.authority),
      own_(options.own),
      clock_(clock),
      accounts_(database, vault, options.authority, clock),
      challenges_(gateway, options.challenge_folder) {}

bool is_users_own(const std::optional<domains::CertificateState>& shown) {
  return shown && shown->days_left >= 0 && shown->source == reflect::enum_name(Source::uploaded);
}

void Issuance::start() {
  const auto handler = [this](jobs::Job& job) -> Task<> {
    return [](Issuance& issuance, std::string payload) -> Task<> {
      auto decoded = co_await json::decode<ObtainPayload>(payload);
      co_await issuance.advance(std::move(decoded.name));
    }(*this, job.payload());
  };
  queue_.handle(std::string(obtain_job), handler, obtain_limits);
}

Task<> Issuance::prepare() { co_await challenges_.clear(); }

Task<> Issuance::supervise() {
  Cancellation& scope = co_await current_scope();
  for (;;) {
    is_wanted_ = false;
    auto looked = co_await attempt(look());
    if (scope.reason()) co_return;
    if (!looked) {
      log::warning("certificates could not be looked after", {{"detail", looked.error().detail()}});
    }
    if (is_wanted_) continue;
    (void)co_await attempt(within(looked.value_or(look_pause), wanted_.next()));
  }
}

void Issuance::wake() {
  is_wanted_ = true;
  wanted_.notify();
}

Task<std::chrono::nanoseconds> Issuance::look() {
  if (!options_.has_tls_listener) co_return look_pause;
  std::set<domains::DomainId> known;
  for (const auto id : co_await database_.all(queries::ordered_domains)) known.insert(id);
  std::chrono::nanoseconds pause = look_pause;
  co_await look_after_own_names();
  auto missing = co_await domains_.all();
  std::erase_if(missing, [&known](const auto& domain) { return known.contains(domain.id); });
  std::vector<std::string> names;
  for (const auto& domain : missing) names.push_back(domain.name);
  const auto shown = co_await certificates_.states(std::move(names));
  const auto now = clock_.now();
  for (std::size_t i = 0; i < missing.size(); ++i) {
    if (is_users_own(shown.at(i))) continue;
    co_await database_.run(queries::want_order, missing[i].id, missing[i].name, now, now);
  }
  for (const auto& order :
       co_await database_.all(queries::due_orders, now, now + pause_max + 24h)) {
    auto key = key_of(order.name);
    if (co_await queue_.has_open(key)) {
      pause = busy_pause;
      continue;
    }
    co_await queue_.add({.kind = std::string(obtain_job),
                         .key = std::move(key),
                         .payload = json::encode(ObtainPayload{order.name}),
                         .attempts_max = obtain_attempts_max});
  }
  co_return pause;
}

Task<> Issuance::want(domains::Domain domain) {
  if (obstacle() || co_await has_upload(domain.name)) co_return;
  const auto now = clock_.now();
  co_await database_.run(queries::want_order, domain.id, domain.name, now, now - impatience);
  wake();
}

Task<> Issuance::renew(CertificateId id) {
  const auto certificate = co_await certificates_.get(id);
  const auto renewed =
      certificate.source == Source::acme
          ? co_await database_.run(queries::renew_now, certificate.names, clock_.now())
          : 0;
  if (renewed == 0) {
    co_await fail(errors::not_ordered, "certificate {} {}", id.value,
                  certificate.source == Source::uploaded
                      ? "was uploaded; upload the new one: temps certificate upload"
                      : "is for no domain any more; add the domain again: temps domain add");
  }
  wake();
}

// Why no certificate can be ordered for it, and what to do about that.
std::optional<std::string> Issuance::obstacle() const {
  if (!options_.has_tls_listener) {
    return "the proxy does not listen for https: set listen_tls (ports 80 and 443 have to be "
           "reachable for visitors; see docs/domains.md), then a certificate is ordered by itself";
  }
  return std::nullopt;
}

Task<bool> Issuance::has_upload(std::string name) {
  for (const auto& one : co_await certificates_.covering(std::move(name))) {
    if (one.source == Source::uploaded && one.not_after > clock_.now()) co_return true;
  }
  co_return false;
}

Task<std::optional<Certificate>> Issuance::own_certificate(const Order& order) {
  for (auto& one : co_await certificates_.covering(order.name)) {
    if (one.source == Source::acme && std::ranges::find(one.names, order.name) != one.names.end()) {
      co_return std::move(one);
    }
  }
  co_return std::nullopt;
}

domains::CertificateOrder Issuance::view(const Order& order) const {
  domains::CertificateOrder shown{.state = std::string(reflect::enum_name(order.state)),
                                  .detail = order.detail,
                                  .next_try_at = order.next_at};
  if (order.state == OrderState::issued) {
    shown.detail = "it is renewed by itself";
    shown.next_try_at = order.renew_at;
  }
  if (order.state == OrderState::ordering || order.state == OrderState::checking) {
    shown.next_try_at = std::nullopt;
  }
  if (order.state == OrderState::waiting) shown.detail = "it is about to be ordered";
  return shown;
}

Task<std::vector<std::optional<domains::CertificateOrder>>> Issuance::states(
    std::vector<domains::Domain> all) {
  std::vector<domains::DomainId> ids;
  std::vector<std::string> names;
  for (const auto& domain : all) {
    ids.push_back(domain.id);
    names.push_back(domain.name);
  }
  const auto orders = co_await database_.all(queries::orders_of, std::move(ids));
  const auto shown = co_await certificates_.states(std::move(names));
  std::vector<std::optional<domains::CertificateOrder>> states;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto found = std::ranges::find(orders, std::optional(all[i].id), &Order::domain);
    if (found != orders.end()) {
      states.push_back(view(*found));
    } else if (is_users_own(shown.at(i))) {
      states.push_back(std::nullopt);
    } else if (const auto why = obstacle()) {
      states.push_back(domains::CertificateOrder{.state = "off", .detail = *why});
    } else {
      states.push_back(view({.domain = all[i].id, .name = all[i].name, .next_at = clock_.now()}));
    }
  }
  co_return states;
}

Task<Issuance::About> Issuance::about() {
  About about{.directory_url = options_.directory_url, .enabled = options_.has_tls_listener};
  if (!about.enabled) co_return about;
  auto* authority = co_await client();
  auto directory = co_await attempt(within(directory_time, authority->directory()));
  if (directory) about.terms_of_service = std::move(directory->terms_of_service);
  co_return about;
}

}  // namespace temps::certificates

// Certificates of the platform's own names: which orders there are, and what is told of them.
#include <algorithm>
#include <set>

#include "certificates/issuance.hpp"
#include "certificates/order_queries.hpp"
#include "certificates/own_names.hpp"
#include "core/log.hpp"

namespace temps::certificates {

namespace {

using namespace std::chrono_literals;

// A failed order that a user looks at is tried at once, unless it has just been tried.
constexpr auto impatience = 5min;
constexpr auto hour = 1h;
constexpr auto week = 7 * 24h;

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

}  // namespace

// Why the platform's own names get no certificates, and what to do about that.
std::optional<std::string> Issuance::own_obstacle() const {
  if (!can_have_certificate(own_.console) && !can_have_certificate(own_.base)) {
    return fmt::format(
        "{} is known to this machine only: set public_url to the address of the console, such as "
        "https://temps.example.com",
        own_.console);
  }
  if (!own_.is_https) {
    return fmt::format("public_url begins with http: set it to https://{}", own_.console);
  }
  return obstacle();
}

Task<OwnState::Way> Issuance::own_way() {
  using enum OwnState::Way;
  if (own_obstacle()) co_return off;
  if (!can_have_certificate(own_.base)) co_return each;
  if (own_.wildcard == Wildcard::always) co_return wildcard;
  co_return co_await dns_.has_provider(own_.base) ? wildcard : each;
}

Task<Issuance::OwnWishes> Issuance::own_wishes(const std::vector<Order>& orders) {
  OwnWishes wishes{.way = co_await own_way()};
  if (wishes.way == OwnState::Way::off) co_return wishes;
  if (can_have_certificate(own_.console)) wishes.names.push_back(own_.console);
  if (can_have_certificate(own_.base)) {
    if (wishes.way == OwnState::Way::wildcard) {
      auto name = wildcard_of(own_.base);
      const auto shown = co_await certificates_.states({name});
      // Apps keep what they have until the wildcard's certificate is there.
      if (!shown.front() || shown.front()->days_left < 0) {
        for (const auto& order : orders) {
          if (order.name != own_.console && order.name != name) wishes.hosts.push_back(order.name);
        }
      }
      wishes.names.push_back(std::move(name));
    } else {
      wishes.hosts = hosts_below(own_.base, (co_await gateway_.present()).routes);
    }
  }
  std::erase(wishes.hosts, own_.console);
  for (auto* names : {&wishes.names, &wishes.hosts}) {
    const auto shown = co_await certificates_.states(*names);
    std::vector<std::string> needed;
    for (std::size_t i = 0; i < names->size(); ++i) {
      if (!is_users_own(shown.at(i))) needed.push_back(std::move((*names)[i]));
    }
    *names = std::move(needed);
  }
  co_return wishes;
}

Task<> Issuance::look_after_own_names() {
  const auto orders = co_await database_.all(queries::own_orders);
  const auto wishes = co_await own_wishes(orders);
  std::set<std::string, std::less<>> known;
  for (const auto& order : orders) {
    known.insert(order.name);
    if (contains(wishes.names, order.name) || contains(wishes.hosts, order.name)) continue;
    co_await database_.run(queries::delete_order, order.name);
  }
  const auto now = clock_.now();
  for (const auto& name : wishes.names) {
    if (!known.contains(name)) co_await database_.run(queries::insert_own_order, name, now);
  }
  auto hosts = wishes.hosts;
  std::erase_if(hosts, [&known](const auto& host) { return known.contains(host); });
  co_await start_hosts(std::move(hosts));
}

Task<> Issuance::start_hosts(std::vector<std::string> hosts) {
  if (hosts.empty()) co_return;
  const auto now = clock_.now();
  co_await database_.run(queries::delete_starts, now - week);
  const auto starts = co_await database_.one(queries::starts_since, now - hour, now - week);
  const auto left = static_cast<std::size_t>(starts_left(starts.in_hour, starts.in_week));
  if (left < hosts.size()) hosts.resize(left);
  for (const auto& host : hosts) {
    co_await database_.run(queries::insert_own_order, host, now);
    co_await database_.run(queries::insert_start, host, now);
  }
}

Task<std::vector<OwnName>> Issuance::own_names(OwnState::Way way,
                                               const std::vector<Order>& orders) {
  using enum OwnName::Purpose;
  std::vector<OwnName> names{{.name = own_.console, .purpose = console}};
  if (can_have_certificate(own_.base)) {
    names.push_back({.name = wildcard_of(own_.base), .purpose = apps});
  }
  for (const auto& order : orders) {
    const auto known = std::ranges::find(names, order.name, &OwnName::name);
    if (known != names.end()) {
      known->order = view(order);
    } else {
      names.push_back({.name = order.name, .purpose = app, .order = view(order)});
    }
  }
  std::vector<std::string> all;
  for (const auto& one : names) all.push_back(one.name);
  auto shown = co_await certificates_.states(std::move(all));
  for (std::size_t i = 0; i < names.size(); ++i) {
    auto& one = names[i];
    one.certificate = std::move(shown.at(i));
    const bool is_wanted = one.purpose == console || way == OwnState::Way::wildcard;
    if (one.order || !is_wanted || way == OwnState::Way::off) continue;
    if (!is_users_own(one.certificate) && can_have_certificate(one.name)) {
      one.order = view({.name = one.name, .next_at = clock_.now()});
    }
  }
  co_return names;
}

Task<std::string> Issuance::own_advice(OwnState::Way way) {
  switch (way) {
    case OwnState::Way::off:
      co_return own_obstacle().value_or("");
    case OwnState::Way::each:
      if (!can_have_certificate(own_.base)) {
        co_return fmt::format("apps below {} get none: nobody else knows that name", own_.base);
      }
      co_return fmt::format(
          "each app gets a certificate of its own; one for all of them, *.{}, takes a provider of "
          "its zone: temps dns add",
          own_.base);
    case OwnState::Way::wildcard:
      break;
  }
  co_return co_await dns_.has_provider(own_.base)
      ? std::string("one certificate for all apps, proved by the provider of the zone")
      : std::string(
            "one certificate for all apps; its TXT record is yours to create, again at "
            "each renewal");
}

Task<OwnState> Issuance::own() {
  const auto orders = co_await database_.all(queries::own_orders);
  const auto wishes = co_await own_wishes(orders);
  OwnState state{.way = wishes.way, .detail = co_await own_advice(wishes.way)};
  state.names = co_await own_names(wishes.way, orders);
  state.hosts_waiting = std::ranges::count_if(wishes.hosts, [&orders](const auto& host) {
    return std::ranges::find(orders, host, &Order::name) == orders.end();
  });
  co_return state;
}

Task<OwnState> Issuance::check_own() {
  const auto now = clock_.now();
  co_await database_.run(queries::hurry_own_orders, now, now - impatience);
  co_await look_after_own_names();
  wake();
  auto state = co_await own();
  for (auto& one : state.names) {
    if (one.purpose == OwnName::Purpose::app || !can_have_certificate(one.name)) continue;
    one.dns = co_await domains_.verdict(domains::name_to_ask(one.name), one.name);
  }
  co_return state;
}

}  // namespace temps::certificates

#include "domains/verdict.hpp"

#include <algorithm>

#include "core/text.hpp"

namespace temps::domains {
namespace {

bool is_v6(std::string_view address) { return address.find(':') != std::string_view::npos; }

std::string_view type_of(std::string_view address) { return is_v6(address) ? "AAAA" : "A"; }

bool contains(const std::vector<std::string>& list, std::string_view text) {
  return std::ranges::find(list, text) != list.end();
}

// The usual case is one A record; others are named as they are wanted.
std::string missing_types(const std::vector<std::string>& own) {
  const bool v4 = std::ranges::any_of(own, [](const auto& one) { return !is_v6(one); });
  return v4 ? "A" : "AAAA";
}

}  // namespace

std::vector<std::string> wanted_records(std::string_view name,
                                        const std::vector<std::string>& own) {
  std::vector<std::string> records;
  for (const auto& address : own) {
    records.push_back(fmt::format("{} {} -> {}", type_of(address), name, address));
  }
  return records;
}

std::string name_to_ask(std::string_view name) {
  if (!name.starts_with("*.")) return std::string(name);
  return fmt::format("temps-check.{}", name.substr(2));
}

Verdict judge(std::string_view name, const net::DnsAnswer& answer,
              const std::vector<std::string>& own) {
  if (answer.outcome == net::DnsOutcome::no_answer) {
    return {.detail =
                fmt::format("the name server did not answer for {}; check again later", name)};
  }
  const auto& seen = answer.addresses;
  if (own.empty()) {
    return {.seen = seen,
            .detail = fmt::format(
                "{} {}, and this server does not know its own public addresses; set "
                "public_addresses (temps config)",
                name, seen.empty() ? "has no address record" : "leads to " + join(seen, ", "))};
  }
  const auto records = join(wanted_records(name, own), " and ");
  if (seen.empty()) {
    return {.state = Dns::missing,
            .detail =
                fmt::format("{} has no {} record; create: {}", name, missing_types(own), records)};
  }
  std::vector<std::string> strangers;
  for (const auto& address : seen) {
    if (!contains(own, address)) strangers.push_back(address);
  }
  if (strangers.empty()) {
    return {.state = Dns::right,
            .seen = seen,
            .detail = fmt::format("{} leads here ({})", name, join(seen, ", "))};
  }
  const auto through =
      answer.alias.empty() ? std::string{} : fmt::format(" (by a CNAME to {})", answer.alias);
  // With one good record beside it, a stranger still gets a part of the visitors.
  const auto advice = strangers.size() == seen.size()
                          ? fmt::format("change it to: {}", records)
                          : fmt::format("remove the {} record", type_of(strangers.front()));
  return {.state = Dns::wrong,
          .seen = seen,
          .detail = fmt::format("{} leads to {}{}, which is not this server; {}", name,
                                join(strangers, ", "), through, advice)};
}

}  // namespace temps::domains

// A whole order, from the names to the checked certificate.
#include <algorithm>
#include <utility>

#include "acme/acme.hpp"
#include "acme/challenge.hpp"
#include "acme/session.hpp"
#include "core/concurrency.hpp"
#include "core/log.hpp"
#include "core/text.hpp"

namespace temps::acme {
namespace {

void tell(const Report& report, Stage stage, const std::string& domain, std::string text) {
  if (report) report({.stage = stage, .domain = domain, .text = std::move(text)});
}

std::string_view place_of(ChallengeKind kind) {
  switch (kind) {
    case ChallengeKind::http_01:
      return "port 80";
    case ChallengeKind::tls_alpn_01:
      return "port 443";
    case ChallengeKind::dns_01:
      break;
  }
  return "a DNS record";
}

bool is_for(const Order& order, std::vector<std::string> names) {
  for (auto& name : names) name = lowered(name);
  return std::ranges::is_permutation(order.names, names);
}

}  // namespace

struct Client::Proof {
  Authorization authorization;
  Challenge challenge;
  Answer answer;
  bool presented = false;
};

// What has still to be proved: an authority remembers for a while what was proved before.
Task<std::vector<Client::Proof>> Client::plan(Account account, Order order, Wanted wanted) {
  std::vector<Proof> proofs;
  for (const auto& url : order.authorizations) {
    auto found = co_await authorization(account, url);
    if (found.status == Status::valid) continue;
    if (found.status != Status::pending) {
      co_await fail(errors::refused,
                    "{}: the certificate authority has given up on this name; try again",
                    found.domain);
    }
    auto challenge = co_await choose(found, wanted.kinds);
    auto answer = co_await answer_to(found, challenge, account.key);
    proofs.push_back({std::move(found), std::move(challenge), std::move(answer)});
  }
  co_return proofs;
}

Task<> Client::run_proofs(Account account, std::vector<Proof>& proofs, Solver& solver,
                          Report report) {
  for (auto& proof : proofs) {
    const auto& domain = proof.answer.domain;
    tell(
        report, Stage::presenting, domain,
        fmt::format("putting the proof for {} in place ({})", domain, place_of(proof.answer.kind)));
    proof.presented = true;
    co_await solver.present(proof.answer);
  }
  for (const auto& proof : proofs) co_await begin_check(account, proof.challenge);
  for (const auto& proof : proofs) {
    const auto& domain = proof.answer.domain;
    tell(report, Stage::checking, domain,
         fmt::format("the certificate authority checks {} ({})", domain,
                     text_of(proof.answer.kind)));
    co_await await_check(account, proof.authorization, proof.challenge.kind);
  }
}

// A proof that stays behind does no harm and must not spoil the certificate.
Task<> Client::remove_all(std::vector<Proof>& proofs, Solver& solver) {
  for (const auto& proof : proofs) {
    if (!proof.presented) continue;
    const auto removed = co_await attempt(solver.remove(proof.answer));
    if (removed) continue;
    log::warning("a proof of control stays in place", {{"domain", proof.answer.domain},
                                                       {"kind", text_of(proof.answer.kind)},
                                                       {"detail", removed.error().detail()}});
  }
}

Task<> Client::prove(Account account, std::vector<Proof>& proofs, Solver& solver, Report report) {
  auto proved = co_await attempt(run_proofs(account, proofs, solver, report));
  (void)co_await attempt(shielded(within(options_.removal_time_max, remove_all(proofs, solver))));
  co_await std::move(proved);
}

// Authorities forget orders, and word that as they like.
Task<std::optional<Order>> Client::former_order(Account account, std::string url) {
  if (url.empty()) co_return std::nullopt;
  auto found = co_await attempt(order(account, std::move(url)));
  if (!found) {
    const auto kind = found.error().code().kind;
    if (kind == ErrorKind::unavailable || kind == ErrorKind::timeout ||
        kind == ErrorKind::rate_limited || kind == ErrorKind::cancelled) {
      co_await fail(found.error());
    }
    co_return std::nullopt;
  }
  const auto status = found->status;
  const bool is_open = status == Status::pending || status == Status::ready ||
                       status == Status::processing || status == Status::valid;
  co_return is_open ? std::optional(std::move(*found)) : std::nullopt;
}

Task<Order> Client::placed_order(Account account, Wanted wanted) {
  auto former = co_await former_order(account, wanted.key ? wanted.order_url : std::string{});
  if (former && is_for(*former, wanted.names)) co_return std::move(*former);
  auto ordered = co_await attempt(new_order(account, wanted.names, wanted.replaces));
  if (!ordered && ordered.error().is(errors::already_replaced)) {
    // Only the advantage of a replacement is lost (RFC 9773 5).
    ordered = co_await attempt(new_order(account, wanted.names));
  }
  co_return co_await std::move(ordered);
}

Task<IssuedCertificate> Client::obtain(Account account, Wanted wanted, Solver& solver,
                                       Report report) {
  auto order = co_await placed_order(account, wanted);
  co_await solver.ordered(order);
  tell(report, Stage::ordered, {},
       fmt::format("ordered a certificate for {}", join(order.names, ", ")));
  auto proofs = co_await plan(account, order, wanted);
  co_await prove(account, proofs, solver, report);
  tell(report, Stage::issuing, {}, "the certificate authority makes the certificate");
  const auto key = wanted.key ? *wanted.key : Key::generate();
  order = co_await finalize(account, co_await this->order(account, order.url), key);
  tell(report, Stage::downloading, {}, "fetching the certificate");
  auto pem = co_await download(account, order);
  auto chain = co_await parse_chain(pem);
  co_await check_chain(chain, key, wanted.names, clock_.now());
  tell(report, Stage::issued, {},
       fmt::format("the certificate is valid until {}", to_rfc3339(chain.not_after)));
  co_return IssuedCertificate{.chain_pem = std::move(pem),
                              .key_pem = key.pem(),
                              .names = std::move(chain.names),
                              .not_before = chain.not_before,
                              .not_after = chain.not_after,
                              .issuer = std::move(chain.issuer),
                              .renewal_id = std::move(chain.renewal_id)};
}

}  // namespace temps::acme

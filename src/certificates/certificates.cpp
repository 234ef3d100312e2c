#include "certificates/certificates.hpp"

#include <algorithm>
#include <set>

#include "certificates/errors.hpp"
#include "certificates/order_queries.hpp"
#include "certificates/own_names.hpp"
#include "certificates/queries.hpp"
#include "certificates/staple_queries.hpp"
#include "core/log.hpp"
#include "core/text.hpp"
#include "crypto/crypto.hpp"
#include "files/files.hpp"
#include "routing/names.hpp"

namespace temps::certificates {

namespace {

constexpr std::chrono::hours warning_pause{24};

// Names the content in files.
std::string label(const Certificate& certificate) {
  return fmt::format("{}-{}", certificate.id.value, certificate.version);
}

// To the data plane. A database made anew counts from 1 again, so the content has to be in it.
std::string shown_id(const Certificate& certificate) {
  return label(certificate) + "-" + certificate.fingerprint.substr(0, 8);
}

std::string subject(const x509::Chain& chain) {
  return crypto::sha256_hex(
      fmt::format("{}/{}", reflect::enum_name(chain.algorithm), join(chain.names, ",")));
}

std::string place(const std::string& fingerprint) { return "certificates/" + fingerprint; }

std::int64_t seconds_of(Instant time) {
  return std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
}

bool covers(const std::vector<std::string>& names, std::string_view host) {
  return std::ranges::any_of(names, [&](const auto& name) { return routing::covers(name, host); });
}

Result<> check_covered(const std::vector<std::string>& wanted, const x509::Chain& chain) {
  for (const auto& name : wanted) {
    if (covers(chain.names, lowered(name))) continue;
    return fail(errors::not_covered, "the certificate does not cover {}; it is for {}", name,
                join(chain.names, ", "));
  }
  return {};
}

// Every name of a certificate that would cover one of these.
std::vector<std::string> covering_names(const std::vector<std::string>& names) {
  std::set<std::string> all;
  for (const auto& name : names) {
    all.insert(name);
    const auto dot = name.find('.');
    if (dot != std::string::npos) all.insert("*" + name.substr(dot));
  }
  return {all.begin(), all.end()};
}

}  // namespace

Remaining remaining(const Certificate& certificate, Instant now) {
  const auto left = certificate.not_after - now;
  return {.days = std::chrono::floor<std::chrono::days>(left).count(), .is_soon_over = left < soon};
}

Task<Certificates::Published> Certificates::upload(Upload upload) {
  auto chain = co_await x509::read_chain(upload.chain);
  co_await x509::check_dates(chain, clock_.now());
  auto key = co_await x509::read_key(upload.key, chain);
  co_await check_covered(upload.names, chain);
  co_return co_await store(Source::uploaded, std::move(chain), std::move(key));
}

Task<Certificate> Certificates::insert(Source source, const x509::Chain& chain, const Secret& key,
                                       sql::Executor& executor) {
  auto sealed = co_await vault_.seal(key, place(chain.fingerprint));
  co_return co_await executor.one(queries::put_certificate, subject(chain), chain.names,
                                  chain.algorithm, source, chain.issuer, chain.serial,
                                  chain.fingerprint, chain.not_before, chain.not_after, chain.pem,
                                  sql::Bytes{std::move(sealed)}, clock_.now());
}

// The transaction waits for the proxy, seconds at most: what the proxy refuses was never there.
Task<Certificates::Published> Certificates::store(Source source, x509::Chain chain, Secret key) {
  auto held = co_await mutex_.lock();
  auto published = co_await database_.transact<Published>(
      [this, source, &chain, &key](this auto, sql::Transaction& tx) -> Task<Published> {
        auto certificate = co_await insert(source, chain, key, tx);
        co_await shelf_.put(label(certificate), chain.pem, key);
        const auto reach = co_await publish(tx);
        co_return Published{std::move(certificate), reach};
      });
  co_await tidy_up();
  co_return published;
}

Task<Certificate> Certificates::get(CertificateId id) {
  auto found = co_await database_.maybe(queries::by_id, id);
  if (!found) {
    co_await fail(errors::no_such_certificate,
                  "there is no certificate {}; those that there are: temps certificate list",
                  id.value);
  }
  co_return std::move(*found);
}

Task<std::vector<Certificate>> Certificates::list(CertificateId after, std::int64_t limit) {
  co_return co_await database_.all(queries::certificates_after, after, limit);
}

Task<gateway::Reach> Certificates::remove(CertificateId id) {
  auto held = co_await mutex_.lock();
  co_await get(id);
  const auto reach = co_await database_.transact<gateway::Reach>(
      [this, id](this auto, sql::Transaction& tx) -> Task<gateway::Reach> {
        co_await tx.run(queries::delete_certificate, id);
        co_return co_await publish(tx);
      });
  co_await tidy_up();
  co_return reach;
}

Task<gateway::Reach> Certificates::publish(sql::Executor& executor) {
  std::vector<routing::Certificate> all;
  const auto staples = co_await executor.all(queries::all_staples);
  const auto now = clock_.now();
  for (auto& certificate : co_await executor.all(queries::all_active)) {
    const auto name = label(certificate);
    if (unreadable_.contains(name)) continue;
    all.push_back({.id = shown_id(certificate),
                   .names = std::move(certificate.names),
                   .chain = shelf_.chain(name).string(),
                   .key = shelf_.key(name).string(),
                   .expires = seconds_of(certificate.not_after)});
    const auto found = std::ranges::find(staples, certificate.id, &Staple::certificate);
    if (found == staples.end() || !found->is_shown(now)) continue;
    all.back().staple = shelf_.staple(name, seconds_of(*found->this_update)).string();
    all.back().staple_expires = seconds_of(*found->next_update);
  }
  co_return co_await gateway_.publish_certificates(std::move(all));
}

// Only now that no loop of the proxy reads them any more.
Task<> Certificates::tidy_up() {
  std::set<std::string, std::less<>> labels;
  for (const auto& certificate : co_await database_.all(queries::all_active)) {
    labels.insert(label(certificate));
  }
  if (auto kept = shelf_.keep_only(labels); !kept) {
    log::warning("files of former certificates could not be removed",
                 {{"detail", kept.error().detail()}});
  }
}

Task<> Certificates::lay_out(Certificate certificate) {
  const auto content = co_await database_.one(queries::content_of, certificate.id);
  const auto name = label(certificate);
  if (!shelf_.has(name, content.chain)) {
    const auto key = co_await vault_.open(content.sealed_key.bytes, place(certificate.fingerprint));
    co_await shelf_.put(name, content.chain, key);
  }
  const auto staple = co_await database_.maybe(queries::staple_of, certificate.id, clock_.now());
  if (!staple) co_return;
  co_await shelf_.put_staple(name, seconds_of(staple->this_update), staple->answer.bytes);
}

// A removal takes the certificate out of the table first: what the table names and the database
// does not know was not removed.
Task<> Certificates::take_back() {
  std::set<std::string, std::less<>> known;
  for (const auto& certificate : co_await database_.all(queries::all_active)) {
    known.insert(shown_id(certificate));
    known.insert(certificate.fingerprint);
  }
  std::vector<std::pair<x509::Chain, Secret>> found;
  for (const auto& shown : (co_await gateway_.present()).certificates) {
    if (known.contains(shown.id)) continue;
    const auto chain_pem = files::read(shown.chain);
    auto key_pem = files::read(shown.key);
    if (!chain_pem || !key_pem) continue;
    auto chain = x509::read_chain(*chain_pem);
    if (!chain || known.contains(chain->fingerprint)) continue;
    auto key = x509::read_key(Secret(std::move(*key_pem)), *chain);
    if (key) found.emplace_back(std::move(*chain), std::move(*key));
  }
  if (found.empty()) co_return;
  auto held = co_await mutex_.lock();
  co_await database_.transact<gateway::Reach>(
      [this, &found](this auto, sql::Transaction& tx) -> Task<gateway::Reach> {
        for (const auto& [chain, key] : found) {
          log::warning("a certificate that visitors are shown is unknown to the database: stored",
                       {{"names", join(chain.names, ", ")}});
          // May be laid out where another of them lay.
          co_await shelf_.put(label(co_await insert(Source::uploaded, chain, key, tx)), chain.pem,
                              key);
        }
        co_return co_await publish(tx);
      });
}

Task<> Certificates::restore() {
  auto taken = co_await attempt(take_back());
  if (!taken) {
    if (taken.error().code().kind == ErrorKind::cancelled) co_await fail(taken.error());
    log::error("certificates of a lost database could not be taken back",
               {{"detail", taken.error().detail()}});
  }
  auto held = co_await mutex_.lock();
  unreadable_.clear();
  for (const auto& certificate : co_await database_.all(queries::all_active)) {
    auto laid_out = co_await attempt(lay_out(certificate));
    if (laid_out) continue;
    unreadable_.insert(label(certificate));
    log::error("a certificate cannot be served; upload it again",
               {{"certificate", certificate.id.value},
                {"names", join(certificate.names, ", ")},
                {"detail", laid_out.error().detail()}});
  }
  co_await publish(database_);
  co_await tidy_up();
}

Task<std::vector<Certificate>> Certificates::expiring() {
  co_return co_await database_.all(queries::active_until, clock_.now() + soon);
}

// An app's host that is gone leaves its certificate behind.
Task<> Certificates::forget_unused() {
  auto found = co_await database_.all(queries::active_until, clock_.now());
  std::erase_if(found, [](const auto& one) { return one.source == Source::uploaded; });
  const auto used = co_await uses(found);
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (!used[i].empty()) continue;
    co_await remove(found[i].id);
    log::info("a certificate that has expired and that nothing uses was removed",
              {{"certificate", found[i].id.value}, {"names", join(found[i].names, ", ")}});
  }
}

Task<> Certificates::watch() {
  for (;;) {
    // A database that is away for a while is no reason to stop warning.
    (void)co_await attempt(forget_unused());
    auto found = co_await attempt(expiring());
    if (found) {
      for (const auto& certificate : *found) {
        log::warning(certificate.source == Source::uploaded
                         ? "a certificate expires soon; upload a new one: temps certificate upload"
                         : "a certificate expires soon and is not renewed yet; why: temps domain "
                           "list",
                     {{"certificate", certificate.id.value},
                      {"names", join(certificate.names, ", ")},
                      {"days_left", remaining(certificate, clock_.now()).days}});
      }
    }
    (void)co_await attempt(warn_of_revoked());
    co_await sleep(warning_pause);
  }
}

Task<std::vector<Certificate>> Certificates::covering(std::string name) {
  auto found = co_await database_.all(queries::active_with_names, covering_names({name}));
  std::erase_if(found, [&](const auto& one) { return !covers(one.names, name); });
  co_return found;
}

Task<std::vector<std::optional<domains::CertificateState>>> Certificates::states(
    std::vector<std::string> names) {
  const auto found = co_await database_.all(queries::active_with_names, covering_names(names));
  std::vector<std::optional<domains::CertificateState>> states(names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto best = std::ranges::find_if(
        found, [&](const auto& certificate) { return covers(certificate.names, names[i]); });
    if (best == found.end()) continue;
    const auto left = remaining(*best, clock_.now());
    states[i] = domains::CertificateState{.id = best->id.value,
                                          .source = std::string(reflect::enum_name(best->source)),
                                          .expires_at = best->not_after,
                                          .days_left = left.days,
                                          .expires_soon = left.is_soon_over};
  }
  co_return states;
}

Task<std::vector<std::vector<std::string>>> Certificates::uses(
    std::vector<Certificate> certificates) {
  std::vector<std::string> all;
  if (can_have_certificate(own_.console)) all.push_back(own_.console);
  if (can_have_certificate(own_.base)) all.push_back(wildcard_of(own_.base));
  for (const auto& order : co_await database_.all(queries::own_orders)) {
    if (std::ranges::find(all, order.name) == all.end()) all.push_back(order.name);
  }
  for (auto& domain : co_await domains_.all()) all.push_back(std::move(domain.name));
  std::vector<std::vector<std::string>> uses(certificates.size());
  for (std::size_t i = 0; i < certificates.size(); ++i) {
    std::ranges::copy_if(all, std::back_inserter(uses[i]),
                         [&](const auto& name) { return covers(certificates[i].names, name); });
  }
  co_return uses;
}

}  // namespace temps::certificates

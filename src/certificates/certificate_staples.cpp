// What issuers say of certificates: kept, shown, and handed to the data plane.
#include <algorithm>

#include "certificates/certificates.hpp"
#include "certificates/queries.hpp"
#include "certificates/staple_queries.hpp"
#include "core/log.hpp"
#include "core/text.hpp"

namespace temps::certificates {

namespace {

std::int64_t seconds_of(Instant time) {
  return std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
}

}  // namespace

Task<> Certificates::staple(Certificate certificate, NewStaple staple) {
  auto held = co_await mutex_.lock();
  const auto name = fmt::format("{}-{}", certificate.id.value, certificate.version);
  const bool is_good = staple.word == Word::good && staple.this_update;
  const auto from = is_good ? seconds_of(*staple.this_update) : 0;
  const auto former = co_await database_.maybe(queries::staple_of, certificate.id, now());
  if (is_good) co_await shelf_.put_staple(name, from, staple.answer);
  const auto answer = is_good ? std::optional(sql::Bytes{std::move(staple.answer)}) : std::nullopt;
  co_await database_.run(queries::put_staple, certificate.id, certificate.fingerprint, staple.word,
                         sql::storable(staple.detail), answer, staple.this_update,
                         staple.next_update, staple.next_at);
  if (!is_good && !former) co_return;
  co_await publish(database_);
  // Only now that no loop of the proxy reads the one before any more.
  co_await shelf_.keep_staple(name, from);
}

Task<std::optional<Word>> Certificates::word_on(CertificateId id) {
  for (const auto& one : co_await database_.all(queries::all_staples)) {
    if (one.certificate == id) co_return one.word;
  }
  co_return std::nullopt;
}

Task<std::vector<std::optional<Staple>>> Certificates::staples(
    std::vector<Certificate> certificates) {
  const auto all = co_await database_.all(queries::all_staples);
  std::vector<std::optional<Staple>> found;
  for (const auto& certificate : certificates) {
    const auto one = std::ranges::find(all, certificate.id, &Staple::certificate);
    found.push_back(one == all.end() ? std::nullopt : std::optional(*one));
  }
  co_return found;
}

Task<std::string> Certificates::chain_of(CertificateId id) {
  auto content = co_await database_.one(queries::content_of, id);
  co_return std::move(content.chain);
}

Task<> Certificates::warn_of_revoked() {
  for (const auto& one : co_await database_.all(queries::all_staples)) {
    if (one.word != Word::revoked) continue;
    const auto certificate = co_await get(one.certificate);
    log::warning(certificate.source == Source::uploaded
                     ? "a certificate is revoked; upload a new one: temps certificate upload"
                     : "a certificate is revoked; get a new one: temps certificate renew",
                 {{"certificate", certificate.id.value},
                  {"names", join(certificate.names, ", ")},
                  {"detail", one.detail}});
  }
}

}  // namespace temps::certificates

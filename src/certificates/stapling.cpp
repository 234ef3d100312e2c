#include "certificates/stapling.hpp"

#include <algorithm>

#include "certificates/errors.hpp"
#include "certificates/schedule.hpp"
#include "certificates/staple_queries.hpp"
#include "core/log.hpp"
#include "core/text.hpp"
#include "http/client.hpp"

namespace temps::certificates {

namespace {

using namespace std::chrono_literals;

constexpr auto look_pause = 15s;
constexpr auto answer_time = 10s;
// A fresh certificate that is said to be revoked is not ordered again at once: an authority that is
// wrong about all of them must not be asked without end.
constexpr auto renewal_rest = 24h;

std::string sentence(const x509::OcspAnswer& answer) {
  if (answer.status != x509::OcspAnswer::Status::revoked) {
    return "its authority says that it does not know it";
  }
  return fmt::format("its authority revoked it at {}{}",
                     to_rfc3339(answer.revoked_at.value_or(answer.this_update)),
                     answer.reason.empty() ? "" : fmt::format(" ({})", answer.reason));
}

Word word_of(const x509::OcspAnswer& answer) {
  switch (answer.status) {
    case x509::OcspAnswer::Status::good:
      return Word::good;
    case x509::OcspAnswer::Status::revoked:
      return Word::revoked;
    case x509::OcspAnswer::Status::unknown:
      break;
  }
  return Word::unknown;
}

}  // namespace

Task<> Stapling::supervise() {
  for (;;) {
    auto looked = co_await attempt(look());
    co_await check_cancelled();
    if (!looked) {
      log::warning("certificates could not be asked about", {{"detail", looked.error().detail()}});
    }
    co_await sleep(look_pause);
  }
}

Task<> Stapling::look() {
  for (const auto& one : co_await database_.all(queries::due_staples, clock_.now())) {
    auto asked = co_await attempt(ask(one.id, one.fingerprint, one.failures));
    co_await check_cancelled();
    if (asked) continue;
    const auto failures = one.failures + 1;
    co_await database_.run(queries::note_no_staple, one.id, one.fingerprint,
                           sql::storable(asked.error().detail()), failures,
                           clock_.now() + pause_for_staple(failures));
    log::warning("the issuer of a certificate does not say whether it was revoked",
                 {{"certificate", one.id.value},
                  {"failures", failures},
                  {"detail", asked.error().detail()},
                  {"cause", asked.error().cause()}});
  }
}

Task<> Stapling::ask(CertificateId id, std::string fingerprint, std::int32_t failures) {
  const auto certificate = co_await certificates_.get(id);
  if (certificate.fingerprint != fingerprint) co_return;  // the next look sees the other one
  const auto chain = co_await certificates_.chain_of(id);
  const auto question = co_await x509::ocsp_question(chain);
  if (!question) {
    co_return co_await certificates_.staple(certificate,
                                            {.word = Word::none, .next_at = certificate.not_after});
  }
  auto der = co_await fetch(*question);
  const auto answer = co_await x509::read_ocsp_answer(der, chain, clock_.now());
  co_await keep(certificate, std::move(der), answer);
  if (failures > 0) {
    log::info("the issuer of a certificate answers again", {{"certificate", id.value}});
  }
}

Task<std::string> Stapling::fetch(x509::OcspQuestion question) {
  const auto url = co_await http::parse_url(question.url);
  http::Client client(loop_, url);
  http::ClientRequest request{
      .method = "POST", .target = url.path, .body = std::move(question.request)};
  request.headers.add("Content-Type", "application/ocsp-request");
  auto response =
      co_await client.send(std::move(request), answer_time, x509::ocsp_answer_bytes_max);
  if (response.status != 200) {
    co_await fail(errors::no_ocsp, "{} answers with status {}", question.url, response.status);
  }
  co_return std::move(response.body);
}

Task<> Stapling::keep(const Certificate& certificate, std::string der,
                      const x509::OcspAnswer& answer) {
  const auto word = word_of(answer);
  const auto former = co_await certificates_.word_on(certificate.id);
  Certificates::NewStaple staple{
      .word = word,
      .detail = word == Word::good ? std::string{} : sentence(answer),
      .this_update = answer.this_update,
      .next_update = answer.next_update,
      .next_at = next_question(clock_.now(), answer.this_update, answer.next_update)};
  if (word == Word::good) staple.answer = std::move(der);
  const auto detail = staple.detail;
  co_await certificates_.staple(certificate, std::move(staple));
  if (word == Word::revoked && former != Word::revoked) {
    co_await note_revoked(certificate, detail);
  }
}

Task<> Stapling::note_revoked(const Certificate& certificate, std::string detail) {
  log::warning("a certificate was revoked; browsers may refuse it",
               {{"certificate", certificate.id.value},
                {"names", join(certificate.names, ", ")},
                {"detail", detail}});
  if (certificate.source != Source::acme || clock_.now() - certificate.stored_at < renewal_rest) {
    co_return;
  }
  auto renewed = co_await attempt(issuance_.renew(certificate.id));
  if (renewed) log::info("it is being renewed", {{"certificate", certificate.id.value}});
}

}  // namespace temps::certificates

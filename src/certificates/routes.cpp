#include "certificates/routes.hpp"

#include <algorithm>
#include <set>

#include "certificates/errors.hpp"
#include "certificates/permissions.hpp"
#include "core/text.hpp"

namespace temps::certificates {
namespace {

constexpr std::int64_t domains_max = 10'000;  // of a project, to tell whose a certificate is

// The JSON shapes of this API. A field name is the wire name.
struct OcspView {
  Word word;  // "revoked": browsers may refuse it; "good": shown to visitors until `until`
  std::string detail;
  std::optional<Instant> until;
};
struct CertificateView {
  std::int64_t id;
  std::vector<std::string> names;
  std::string issuer;
  std::string serial;
  std::string fingerprint;  // SHA-256
  x509::Algorithm algorithm;
  Source source;
  State state;
  Instant not_before;
  Instant expires_at;
  std::int64_t days_left;
  bool expires_soon;
  std::vector<std::string> used_by;  // domains, and the platform's own names
  std::optional<OcspView> ocsp;      // null where nobody has been asked yet
  std::optional<bool> in_force;      // after a change: does the proxy know of it already
};
struct UploadBody {
  std::string chain;                              // PEM: the certificate, then its issuers
  Secret key;                                     // PEM
  std::optional<std::vector<std::string>> names;  // refused where it does not cover them all
};

Task<std::vector<CertificateView>> views(Certificates& certificates,
                                         std::vector<Certificate> found) {
  auto uses = co_await certificates.uses(found);
  auto staples = co_await certificates.staples(found);
  std::vector<CertificateView> shown;
  for (std::size_t i = 0; i < found.size(); ++i) {
    auto& one = found[i];
    const auto left = remaining(one, certificates.now());
    shown.push_back({.id = one.id.value,
                     .names = std::move(one.names),
                     .issuer = std::move(one.issuer),
                     .serial = std::move(one.serial),
                     .fingerprint = std::move(one.fingerprint),
                     .algorithm = one.algorithm,
                     .source = one.source,
                     .state = one.state,
                     .not_before = one.not_before,
                     .expires_at = one.not_after,
                     .days_left = left.days,
                     .expires_soon = left.is_soon_over,
                     .used_by = std::move(uses[i]),
                     .ocsp = {},
                     .in_force = std::nullopt});
    if (auto& staple = staples[i]) {
      shown.back().ocsp = OcspView{staple->word, std::move(staple->detail), staple->next_update};
    }
  }
  co_return shown;
}

// The domains of the projects whose certificates the caller may read; nothing: all.
Task<std::optional<std::set<std::string>>> readable(Certificates& certificates,
                                                    http::Caller caller) {
  const auto projects = caller.projects_with(permissions::read);
  if (!projects) co_return std::nullopt;
  std::set<std::string> names;
  auto& domains = certificates.domains();
  for (const auto& name : *projects) {
    const auto project = co_await domains.projects().find(name);
    if (!project) continue;
    const auto environments = co_await domains.projects().environments(project->id);
    for (const auto& domain : co_await domains.list(project->id, "", domains_max)) {
      const auto at =
          std::ranges::find(environments, domain.environment, &projects::Environment::id);
      if (at == environments.end()) continue;
      if (caller.may(permissions::read, {name, at->name})) names.insert(domain.name);
    }
  }
  co_return names;
}

// A certificate is of the projects that it is used by.
Task<std::vector<CertificateView>> views_for(Certificates& certificates, http::Caller caller,
                                             std::vector<Certificate> found) {
  auto shown = co_await views(certificates, std::move(found));
  const auto names = co_await readable(certificates, caller);
  if (!names) co_return shown;
  for (auto& view : shown) {
    std::erase_if(view.used_by, [&](const std::string& name) { return !names->contains(name); });
  }
  std::erase_if(shown, [](const CertificateView& view) { return view.used_by.empty(); });
  co_return shown;
}

Task<http::Page<CertificateView>> list_certificates(Certificates& certificates, http::Caller caller,
                                                    http::Query<http::PageQuery> query) {
  const auto size = query.value.size();
  const auto after = parse_number<std::int64_t>(query.value.cursor.value_or("0")).value_or(0);
  auto found = co_await certificates.list(CertificateId{after}, size);
  http::Page<CertificateView> page;
  if (found.size() == size) page.next = std::to_string(found.back().id.value);
  page.items = co_await views_for(certificates, caller, std::move(found));
  co_return page;
}

Task<http::Created<CertificateView>> upload_certificate(Certificates& certificates,
                                                        http::Body<UploadBody> body) {
  auto published = co_await certificates.upload(
      {.chain = std::move(body.value.chain),
       .key = std::move(body.value.key),
       .names = body.value.names.value_or(std::vector<std::string>{})});
  auto shown = co_await views(certificates, {std::move(published.certificate)});
  shown.front().in_force = published.reach == gateway::Reach::in_force;
  co_return http::Created<CertificateView>{std::move(shown.front())};
}

Task<http::Ok<CertificateView>> get_certificate(Certificates& certificates, http::Caller caller,
                                                http::Path<CertificateId> id) {
  auto found = co_await certificates.get(id.value);
  auto shown = co_await views_for(certificates, caller, {std::move(found)});
  if (shown.empty()) {
    co_await fail(errors::no_such_certificate,
                  "there is no certificate {}; those that there are: temps certificate list",
                  id.value.value);
  }
  co_return http::Ok<CertificateView>{std::move(shown.front())};
}

Task<http::NoContent> remove_certificate(Certificates& certificates, http::Path<CertificateId> id) {
  co_await certificates.remove(id.value);
  co_return http::NoContent{};
}

}  // namespace

void add_routes(http::Router& router, Certificates& certificates) {
  auto routes = router.bind(certificates);
  namespace may = permissions;
  routes.get<list_certificates>("/api/v1/certificates", may::read, "List certificates")
      .checks_projects = true;
  routes.post<upload_certificate>("/api/v1/certificates", may::write, "Upload a certificate");
  routes.get<get_certificate>("/api/v1/certificates/{certificate}", may::read, "Show a certificate")
      .checks_projects = true;
  routes.del<remove_certificate>("/api/v1/certificates/{certificate}", may::write,
                                 "Remove a certificate");
}

}  // namespace temps::certificates

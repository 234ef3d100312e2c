#include "certificates/permissions.hpp"
#include "certificates/routes.hpp"

namespace temps::certificates {
namespace {

// The JSON shapes of this API. A field name is the wire name.
struct AuthorityView {
  std::string directory_url;
  bool enabled;                                 // are certificates ordered by themselves?
  std::optional<std::string> terms_of_service;  // agreed to by adding a domain
};

Task<http::Ok<AuthorityView>> get_authority(Issuance& issuance) {
  auto about = co_await issuance.about();
  AuthorityView shown{.directory_url = std::move(about.directory_url),
                      .enabled = about.enabled,
                      .terms_of_service = {}};
  if (!about.terms_of_service.empty()) shown.terms_of_service = std::move(about.terms_of_service);
  co_return http::Ok<AuthorityView>{std::move(shown)};
}

Task<http::NoContent> renew_certificate(Issuance& issuance, http::Path<CertificateId> id) {
  co_await issuance.renew(id.value);
  co_return http::NoContent{};
}

}  // namespace

void add_issuance_routes(http::Router& router, Issuance& issuance) {
  auto routes = router.bind(issuance);
  namespace may = permissions;
  routes
      .get<get_authority>("/api/v1/certificate-authority", may::read,
                          "Show where certificates are ordered")
      .checks_projects = true;  // it is the same for all
  routes.post<renew_certificate>("/api/v1/certificates/{certificate}/renew", may::write,
                                 "Renew a certificate now");
}

}  // namespace temps::certificates

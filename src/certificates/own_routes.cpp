// The platform's own names over HTTP.
#include "certificates/permissions.hpp"
#include "certificates/routes.hpp"

namespace temps::certificates {
namespace {

// The JSON shapes of this API. A field name is the wire name.
struct OwnDnsView {
  domains::Dns state;
  std::string detail;
};
struct OwnCertificateView {
  std::int64_t id;
  std::string source;
  Instant expires_at;
  std::int64_t days_left;
  bool expires_soon;
};
struct OwnOrderView {
  std::string state;
  std::string detail;
  std::optional<Instant> next_try_at;
};
struct OwnNameView {
  std::string name;
  OwnName::Purpose purpose;       // the console; all apps ("*.apps.example.com"); one app
  std::optional<OwnDnsView> dns;  // where it was looked up just now
  std::optional<OwnCertificateView> certificate;
  std::optional<OwnOrderView> certificate_order;
};
struct PlatformView {
  OwnState::Way certificates;  // off, one for all apps (wildcard), or one for each
  std::string detail;
  std::vector<OwnNameView> names;
  std::int64_t hosts_waiting;  // apps whose first certificate is ordered later
};

PlatformView view(OwnState state) {
  PlatformView shown{.certificates = state.way,
                     .detail = std::move(state.detail),
                     .names = {},
                     .hosts_waiting = state.hosts_waiting};
  for (auto& one : state.names) {
    OwnNameView name{.name = std::move(one.name),
                     .purpose = one.purpose,
                     .dns = {},
                     .certificate = {},
                     .certificate_order = {}};
    if (one.dns) name.dns = OwnDnsView{one.dns->state, std::move(one.dns->detail)};
    if (const auto& found = one.certificate) {
      name.certificate = OwnCertificateView{found->id, found->source, found->expires_at,
                                            found->days_left, found->expires_soon};
    }
    if (auto& order = one.order) {
      name.certificate_order =
          OwnOrderView{std::move(order->state), std::move(order->detail), order->next_try_at};
    }
    shown.names.push_back(std::move(name));
  }
  return shown;
}

Task<http::Ok<PlatformView>> get_platform(Issuance& issuance) {
  co_return http::Ok<PlatformView>{view(co_await issuance.own())};
}

Task<http::Ok<PlatformView>> check_platform(Issuance& issuance) {
  co_return http::Ok<PlatformView>{view(co_await issuance.check_own())};
}

}  // namespace

void add_own_routes(http::Router& router, Issuance& issuance) {
  auto routes = router.bind(issuance);
  namespace may = permissions;
  routes
      .get<get_platform>("/api/v1/platform", may::read,
                         "Show the platform's own names and their certificates")
      .checks_projects = true;
  routes.post<check_platform>("/api/v1/platform/check", may::write,
                              "Look up the DNS records of the platform's own names now");
}

}  // namespace temps::certificates

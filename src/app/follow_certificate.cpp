// Following a domain's certificate until visitors are shown it.
#include <optional>

#include "app/errors.hpp"
#include "app/follow.hpp"
#include "app/name_report.hpp"
#include "app/terminal.hpp"
#include "core/concurrency.hpp"
#include "core/text.hpp"

namespace temps::app {

namespace {

using namespace std::chrono_literals;

constexpr auto pause = 500ms;
constexpr auto dns_time = 60s;
// An order takes seconds to minutes; one that a restart cuts off goes on.
constexpr auto order_time = 15min;

struct Domain {
  std::string name;
  std::optional<CertificateReport> certificate;
  std::optional<OrderReport> certificate_order;
};
struct Authority {
  std::string directory_url;
  std::optional<std::string> terms_of_service;
};

Task<> show_terms(ApiClient& client) {
  auto authority = co_await attempt(client.get<Authority>("/api/v1/certificate-authority"));
  if (!authority) co_return;  // it is only a word to the user
  if (authority->terms_of_service) {
    note(fmt::format("Its certificate comes from {}, whose terms you agree to by this: {}",
                     authority->directory_url, *authority->terms_of_service));
  } else {
    note(
        fmt::format("Its certificate comes from {}, whose terms apply.", authority->directory_url));
  }
}

}  // namespace

Task<> follow_certificate(ApiClient& client, DomainOptions options) {
  const auto path = fmt::format("/api/v1/projects/{}/domains/{}", percent_encoded(options.project),
                                percent_encoded(options.name));
  co_await show_terms(client);
  const auto begin = std::chrono::steady_clock::now();
  std::string last;
  for (;;) {
    const auto domain = co_await client.get<Domain>(path);
    const auto& order = domain.certificate_order;
    const auto waited = std::chrono::steady_clock::now() - begin;
    if (!order || order->state == "off") co_return;
    if (order->state == "issued" && domain.certificate) {
      print(
          fmt::format("Issued: https://{} has a certificate for {} days; it is renewed by itself.",
                      domain.name, domain.certificate->days_left));
      co_return;
    }
    if (order->state == "failed") {
      co_await fail(errors::no_certificate, "{}; Temps tries again by itself at {}", order->detail,
                    order->next_try_at.value_or("another time"));
    }
    if (order->detail != last) note(fmt::format("certificate: {}", order->detail));
    last = order->detail;
    const bool waits = order->state.starts_with("waiting_for");
    if (waited > (waits ? std::chrono::nanoseconds(dns_time) : order_time)) {
      note(
          fmt::format("Temps goes on looking, and gets the certificate by itself then. See: temps "
                      "domain list --project {}",
                      options.project));
      co_return;
    }
    co_await sleep(pause);
  }
}

}  // namespace temps::app

#include "app/api_client.hpp"
#include "app/commands.hpp"
#include "app/follow.hpp"
#include "app/name_report.hpp"
#include "app/terminal.hpp"
#include "core/text.hpp"

namespace temps::app {

namespace {

struct Domain {
  std::string name;
  std::string environment;
  std::optional<std::string> redirect_to;
  DnsReport dns;
  std::optional<CertificateReport> certificate;
  std::optional<OrderReport> certificate_order;
  std::optional<bool> in_force;
};
struct Page {
  std::vector<Domain> items;
  std::optional<std::string> next;
};
struct NewDomain {
  std::string name;
  std::string environment;
  std::optional<std::string> redirect_to;
  std::int32_t redirect_status;
  bool keep_path;
  bool https_only;
};

std::string path_of(const DomainOptions& options, std::string_view rest = {}) {
  return fmt::format("/api/v1/projects/{}/domains/{}{}", percent_encoded(options.project),
                     percent_encoded(options.name), rest);
}

std::string purpose(const Domain& domain) {
  return domain.redirect_to ? "redirects to " + *domain.redirect_to
                            : "serves " + domain.environment;
}

std::string certificate_of(const Domain& domain) {
  const auto& order = domain.certificate_order;
  if (!domain.certificate) {
    return !order || order->state == "off" ? "no certificate"
                                           : "certificate " + replaced(order->state, "_", " ");
  }
  return fmt::format("certificate for {} days", domain.certificate->days_left);
}

// What keeps a certificate from coming, and when it is tried again.
std::optional<std::string> trouble_of(const Domain& domain) {
  const auto& order = domain.certificate_order;
  if (!order || order->state == "issued" || (order->state == "off" && domain.certificate)) {
    return std::nullopt;
  }
  return line_of(*order);
}

void show_dns(const Domain& domain) {
  print(fmt::format("DNS is {}: {}", domain.dns.state, domain.dns.detail));
}

Task<> add(net::Loop& loop, Common common, DomainOptions options) {
  ApiClient client(loop, co_await find_target(common.url));
  const NewDomain wanted{.name = options.name,
                         .environment = options.environment,
                         .redirect_to = options.redirect_to.empty()
                                            ? std::nullopt
                                            : std::optional(options.redirect_to),
                         .redirect_status = options.status,
                         .keep_path = !options.drop_path,
                         .https_only = !options.no_https_redirect};
  auto text = co_await client.call(
      "POST", fmt::format("/api/v1/projects/{}/domains", percent_encoded(options.project)),
      json::encode(wanted));
  if (common.format == Format::json) {
    print(text);
    co_return;
  }
  auto domain = co_await json::decode<Domain>(text);
  print(fmt::format("Added {}: it {}.", domain.name, purpose(domain)));
  show_dns(domain);
  if (!domain.in_force.value_or(true)) note("The proxy is away; it answers there when it is back.");
  if (domain.dns.state != "right") {
    note(fmt::format("Look it up again with: temps domain check {} --project {}", domain.name,
                     options.project));
  }
  const auto& order = domain.certificate_order;
  if (order && order->state != "off") {
    if (!options.no_wait) co_await follow_certificate(client, options);
  } else if (!domain.certificate) {
    if (order) note(fmt::format("No https yet: {}.", order->detail));
    note("Or upload a certificate: temps certificate upload --chain FILE --key FILE");
  }
}

Task<> list(net::Loop& loop, Common common, std::string project) {
  ApiClient client(loop, co_await find_target(common.url));
  std::string cursor;
  bool any = false;
  for (;;) {
    auto text = co_await client.call(
        "GET", fmt::format("/api/v1/projects/{}/domains?limit=100{}", percent_encoded(project),
                           cursor.empty() ? "" : "&cursor=" + percent_encoded(cursor)));
    if (common.format == Format::json) print(text);
    auto page = co_await json::decode<Page>(text);
    for (const auto& domain : page.items) {
      any = true;
      if (common.format == Format::json) continue;
      print(fmt::format("{:<32} DNS {:<8} {:<26} {}", domain.name, domain.dns.state,
                        certificate_of(domain), purpose(domain)));
      const auto trouble = trouble_of(domain);
      if (trouble && domain.certificate_order->state != "off") print("    " + *trouble);
    }
    if (!page.next) break;
    cursor = *page.next;
  }
  if (!any) {
    note(fmt::format("No domains yet. Add one with: temps domain add NAME --project {}", project));
  }
}

Task<> check(net::Loop& loop, Common common, DomainOptions options) {
  ApiClient client(loop, co_await find_target(common.url));
  auto text = co_await client.call("POST", path_of(options, "/check"));
  if (common.format == Format::json) {
    print(text);
    co_return;
  }
  const auto domain = co_await json::decode<Domain>(text);
  show_dns(domain);
  if (const auto trouble = trouble_of(domain)) print(*trouble);
}

Task<> remove(net::Loop& loop, Common common, DomainOptions options) {
  ApiClient client(loop, co_await find_target(common.url));
  co_await client.call("DELETE", path_of(options));
  done(common.format, fmt::format("Removed {}.", options.name));
  note("Remove its DNS record, too, unless you use the name elsewhere.");
}

}  // namespace

Result<> add_domain(const Common& common, const DomainOptions& options) {
  net::Loop loop;
  return loop.run(add(loop, common, options));
}
Result<> list_domains(const Common& common, const std::string& project) {
  net::Loop loop;
  return loop.run(list(loop, common, project));
}
Result<> check_domain(const Common& common, const DomainOptions& options) {
  net::Loop loop;
  return loop.run(check(loop, common, options));
}
Result<> remove_domain(const Common& common, const DomainOptions& options) {
  net::Loop loop;
  return loop.run(remove(loop, common, options));
}

}  // namespace temps::app

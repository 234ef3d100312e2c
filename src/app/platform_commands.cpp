// temps platform check.
#include "app/api_client.hpp"
#include "app/commands.hpp"
#include "app/name_report.hpp"
#include "app/terminal.hpp"

namespace temps::app {

namespace {

struct Name {
  std::string name;
  std::string purpose;
  std::optional<DnsReport> dns;
  std::optional<CertificateReport> certificate;
  std::optional<OrderReport> certificate_order;
};
struct Platform {
  std::string certificates;
  std::string detail;
  std::vector<Name> names;
  std::int64_t hosts_waiting;
};

std::string_view title_of(const Name& name) {
  if (name.purpose == "console") return "Console";
  return name.purpose == "apps" ? "Apps" : "App";
}

void show(const Name& name) {
  print(fmt::format("{:<8} {}", title_of(name), name.name));
  if (name.dns) print(fmt::format("    DNS is {}: {}", name.dns->state, name.dns->detail));
  if (name.certificate) {
    print(fmt::format("    certificate for {} days", name.certificate->days_left));
  }
  const auto& order = name.certificate_order;
  if (!order || order->state == "issued") return;
  print("    " + line_of(*order));
}

Task<> check(net::Loop& loop, Common common) {
  ApiClient client(loop, co_await find_target(common.url));
  auto text = co_await client.call("POST", "/api/v1/platform/check");
  if (common.format == Format::json) {
    print(text);
    co_return;
  }
  const auto platform = co_await json::decode<Platform>(text);
  for (const auto& name : platform.names) show(name);
  if (platform.hosts_waiting > 0) {
    print(fmt::format("{} more apps get theirs later: authorities count how many a domain has.",
                      platform.hosts_waiting));
  }
  if (platform.detail.empty()) co_return;
  note(platform.certificates == "off" ? fmt::format("No https here: {}.", platform.detail)
                                      : fmt::format("Certificates: {}.", platform.detail));
}

}  // namespace

Result<> check_platform(const Common& common) {
  net::Loop loop;
  return loop.run(check(loop, common));
}

}  // namespace temps::app

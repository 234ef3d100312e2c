// temps proxy status.
#include <algorithm>
#include <filesystem>

#include "app/api_client.hpp"
#include "app/commands.hpp"
#include "app/layout.hpp"
#include "app/terminal.hpp"
#include "core/reflect.hpp"
#include "gateway/gateway.hpp"
#include "gateway/view.hpp"
#include "json/json.hpp"

namespace temps::app {

namespace {

std::string percent(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? "-"
                    : fmt::format("{:.1f} %",
                                  100.0 * static_cast<double>(part) / static_cast<double>(whole));
}

std::string milliseconds(std::optional<double> value) {
  if (!value) return "-";
  return *value < 10 ? fmt::format("{:.1f} ms", *value) : fmt::format("{:.0f} ms", *value);
}

std::string uptime(std::int64_t seconds) {
  const auto minutes = seconds / 60;
  if (minutes < 1) return fmt::format("{} s", seconds);
  if (minutes < 60) return fmt::format("{} min", minutes);
  if (minutes < 24 * 60) return fmt::format("{} h {} min", minutes / 60, minutes % 60);
  return fmt::format("{} d {} h", minutes / (24 * 60), minutes / 60 % 24);
}

const std::string& shown_name(const gateway::UpstreamView& one) {
  return one.release.empty() ? one.id : one.release;
}

void print_upstreams(std::vector<gateway::UpstreamView> upstreams) {
  if (upstreams.empty()) return;
  std::ranges::sort(upstreams, {}, &gateway::UpstreamView::release);
  std::size_t names = 0;
  std::size_t addresses = 0;
  for (const auto& one : upstreams) {
    names = std::max(names, shown_name(one).size());
    addresses = std::max(addresses, one.address.size());
  }
  print("");
  print(fmt::format("{:<{}} {:<{}} {:<7} {:>6} {:>9} {:>7} {:>7} {:>8} {:>8} {:>8}", "UPSTREAM",
                    names, "ADDRESS", addresses, "HEALTH", "OPEN", "ANSWERS", "5XX", "FAILED",
                    "P50", "P95", "P99"));
  for (const auto& one : upstreams) {
    print(fmt::format("{:<{}} {:<{}} {:<7} {:>6} {:>9} {:>7} {:>7} {:>8} {:>8} {:>8}",
                      shown_name(one), names, one.address, addresses,
                      reflect::enum_name(one.health), one.in_flight, one.answers, one.statuses.s5xx,
                      one.failures, milliseconds(one.latency.p50), milliseconds(one.latency.p95),
                      milliseconds(one.latency.p99)));
  }
}

void print_certificates(const std::vector<gateway::ShownCertificateView>& certificates) {
  if (certificates.empty()) return;
  print("");
  print("CERTIFICATES");
  const auto now = SystemClock().now();
  for (const auto& one : certificates) {
    std::string names;
    for (const auto& name : one.names) names += (names.empty() ? "" : ", ") + name;
    if (!one.expires_at) {
      print(fmt::format("{:<48} expiry unknown", names));
      continue;
    }
    const auto days = std::chrono::floor<std::chrono::days>(*one.expires_at - now).count();
    const bool is_stapled = one.stapled_until && *one.stapled_until > now;
    print(fmt::format("{:<48} {}{}", names,
                      days < 0 ? "EXPIRED" : fmt::format("{} days left", days),
                      is_stapled ? ", OCSP stapled" : ""));
  }
}

std::string_view words(routing::KernelTls kernel_tls) {
  switch (kernel_tls) {
    case routing::KernelTls::used:
      return "in use: the kernel encrypts what is sent, where it does the connection's cipher";
    case routing::KernelTls::not_offered:
      return "not offered by this kernel (module tls)";
    case routing::KernelTls::off:
      return "off";
  }
  return {};
}

void print_access_log(const gateway::AccessLogView& log) {
  auto text = fmt::format("Access log   {} requests written", log.written);
  if (log.share < 1) text += fmt::format(", of {:.3g} % of all", 100 * log.share);
  if (log.lost > 0) text += fmt::format("; {} lost: the disk is full or too slow", log.lost);
  if (log.given_up > 0) {
    text += fmt::format("; {} given up: the database was away for too long", log.given_up);
  }
  print(text);
}

void print_status(const gateway::ProxyView& view) {
  const auto& s = view.statuses;
  const auto answers = s.s1xx + s.s2xx + s.s3xx + s.s4xx + s.s5xx;
  print(fmt::format("The proxy runs for {} with {} {}; {} hosts, route table {}.",
                    uptime(view.uptime_seconds), view.loops, view.loops == 1 ? "loop" : "loops",
                    view.hosts, view.table_version));
  print("");
  print(fmt::format("Connections  {} open", view.connections));
  print(fmt::format("Requests     {:.1f}/s over the last 10 s; {} since the start",
                    view.requests_per_second, view.requests));
  print(fmt::format("Answers      2xx {}, 3xx {}, 4xx {}, 5xx {}", percent(s.s2xx, answers),
                    percent(s.s3xx, answers), percent(s.s4xx, answers), percent(s.s5xx, answers)));
  print(fmt::format("Time         half within {}, 95 % within {}, 99 % within {}",
                    milliseconds(view.latency.p50), milliseconds(view.latency.p95),
                    milliseconds(view.latency.p99)));
  if (view.access_log) print_access_log(*view.access_log);
  if (view.kernel_tls) print(fmt::format("Kernel TLS   {}", words(*view.kernel_tls)));
  print_upstreams(view.upstreams);
  print_certificates(view.certificates);
}

// Asks the proxy itself where this user may: that works while the control plane is down, too.
Task<gateway::ProxyView> ask(net::Loop& loop, const ProxyStatusOptions& options) {
  const Layout layout{options.data_folder};
  std::error_code ignored;
  const bool is_here = std::filesystem::exists(layout.proxy_socket(), ignored);
  if (options.common.url.empty() && (is_here || options.names_folder)) {
    const gateway::Options at{.table = layout.route_table(), .control = layout.proxy_socket()};
    gateway::Gateway gateway(loop, at);
    co_return gateway::view(co_await gateway.report());
  }
  ApiClient client(loop, co_await find_target(options.common.url));
  auto text = co_await client.call("GET", "/api/v1/proxy");
  co_return co_await json::decode<gateway::ProxyView>(text);
}

Task<> show(net::Loop& loop, ProxyStatusOptions options) {
  const auto view = co_await ask(loop, options);
  if (options.common.format == Format::json) {
    print(json::encode(view));
  } else {
    print_status(view);
  }
}

}  // namespace

Result<> show_proxy(const ProxyStatusOptions& options) {
  net::Loop loop;
  return loop.run(show(loop, options));
}

}  // namespace temps::app

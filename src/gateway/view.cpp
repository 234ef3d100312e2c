#include "gateway/view.hpp"

#include <cmath>

#include "routing/latency.hpp"

namespace temps::gateway {

namespace {

LatencyView latency(const routing::Answers& answers) {
  const auto milliseconds = [&](double quantile) {
    return routing::latency_quantile(answers.latencies, quantile).transform([](double seconds) {
      return std::round(seconds * 1e5) / 100;
    });
  };
  return {.p50 = milliseconds(0.5), .p95 = milliseconds(0.95), .p99 = milliseconds(0.99)};
}

StatusView statuses(const routing::Answers& answers) {
  return {.s1xx = answers.interim,
          .s2xx = answers.success,
          .s3xx = answers.redirect,
          .s4xx = answers.client_error,
          .s5xx = answers.server_error,
          .none = answers.none};
}

std::optional<Instant> known_instant(std::int64_t seconds) {
  if (seconds == 0) return std::nullopt;
  return Instant(std::chrono::seconds(seconds));
}

std::int64_t count(const routing::Answers& answers) {
  return answers.interim + answers.success + answers.redirect + answers.client_error +
         answers.server_error;
}

UpstreamView view(const routing::UpstreamLoad& load) {
  const auto answers = load.answers.value_or(routing::Answers{});
  return {.id = load.id,
          .release = load.release,
          .address = load.address,
          .in_flight = load.in_flight,
          .answers = count(answers),
          .failures = load.failures,
          .health = load.health,
          .statuses = statuses(answers),
          .latency = latency(answers)};
}

}  // namespace

ProxyView view(const routing::ControlReply& reply) {
  const auto report = reply.report.value_or(routing::Report{});
  ProxyView shown{.uptime_seconds = report.up_seconds,
                  .loops = report.loops,
                  .table_version = reply.version,
                  .hosts = report.hosts,
                  .connections = reply.connections,
                  .requests = reply.requests,
                  .requests_per_second = report.requests_per_second,
                  .statuses = statuses(report.answers),
                  .latency = latency(report.answers),
                  .upstreams = {},
                  .certificates = {},
                  .access_log = {},
                  .kernel_tls = report.kernel_tls};
  if (const auto& log = report.access_log) {
    shown.access_log = AccessLogView{log->share, log->written, log->lost, log->given_up};
  }
  for (const auto& load : reply.upstreams) shown.upstreams.push_back(view(load));
  for (const auto& certificate : report.certificates) {
    shown.certificates.push_back({.names = certificate.names,
                                  .expires_at = known_instant(certificate.expires),
                                  .stapled_until = known_instant(certificate.staple_expires)});
  }
  return shown;
}

}  // namespace temps::gateway

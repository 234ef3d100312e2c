// The proxy's report as the API and the command line show it. A field name is the wire name.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/clock.hpp"
#include "routing/table.hpp"

namespace temps::gateway {

// In milliseconds, of all since the proxy's start, at most a fifth off; null before the first
// answer.
struct LatencyView {
  std::optional<double> p50;
  std::optional<double> p95;
  std::optional<double> p99;
};

struct StatusView {
  std::int64_t s1xx;  // upgraded connections
  std::int64_t s2xx;
  std::int64_t s3xx;
  std::int64_t s4xx;
  std::int64_t s5xx;
  std::int64_t none;  // the client was gone before
};

struct UpstreamView {
  std::string id;
  std::string release;  // "shop/production/12"; empty: the console, or not in the table any more
  std::string address;
  std::int64_t in_flight;
  std::int64_t answers;
  std::int64_t failures;   // no answer came: refused, cut off, too late
  routing::Health health;  // "ok"; "failing": some of the last had no answer; "out": none are sent
  StatusView statuses;
  LatencyView latency;  // to the first byte
};

struct ShownCertificateView {
  std::vector<std::string> names;
  std::optional<Instant> expires_at;
  std::optional<Instant> stapled_until;  // an OCSP answer goes with it
};

struct AccessLogView {
  double share;  // of requests that are logged; 1: all
  std::int64_t written;
  std::int64_t lost;      // the disk was full or too slow
  std::int64_t given_up;  // the control plane was away for too long
};

struct ProxyView {
  std::int64_t uptime_seconds;
  std::int64_t loops;
  std::int64_t table_version;
  std::int64_t hosts;
  std::int64_t connections;  // open ones of clients
  std::int64_t requests;     // since the start
  double requests_per_second;
  StatusView statuses;
  LatencyView latency;  // to the last byte
  std::vector<UpstreamView> upstreams;
  std::vector<ShownCertificateView> certificates;
  std::optional<AccessLogView> access_log;  // null where there is none
  // "used", "not_offered" by the kernel, "off" by the setting; null where there is no https.
  std::optional<routing::KernelTls> kernel_tls;
};

ProxyView view(const routing::ControlReply& report);

}  // namespace temps::gateway

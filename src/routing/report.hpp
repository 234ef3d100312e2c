// What the data plane tells of its work.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace temps::routing {

// Answers by class of status, and how long they took.
struct Answers {
  std::int64_t none = 0;     // the client was gone before
  std::int64_t interim = 0;  // upgraded connections: 101
  std::int64_t success = 0;
  std::int64_t redirect = 0;
  std::int64_t client_error = 0;
  std::int64_t server_error = 0;
  std::vector<std::int64_t> latencies{};  // by bucket: routing/latency.hpp
  std::int64_t total_micros = 0;          // of all of them
};

// Whether an upstream gets requests.
enum class Health : std::uint8_t {
  ok,
  failing,  // some of the last requests got no answer
  out,      // none are sent: it takes no connections, or did not answer
};

struct UpstreamLoad {
  std::string id;
  std::int64_t in_flight = 0;        // requests and upgraded connections
  std::int64_t failures = 0;         // refused, cut off, too late: no answer came
  std::string address{};             // of the last one with this id
  std::string release{};             // "shop/production/12"; empty: not in the table any more
  std::optional<Answers> answers{};  // to the first byte; where it was asked for
  Health health = Health::ok;        // the worst of those with this id
};

// Of a certificate in the table.
struct CertificateShown {
  std::vector<std::string> names;
  std::int64_t expires = 0;         // seconds since 1970; 0: not known
  std::int64_t staple_expires = 0;  // of the OCSP answer that goes with it; 0: there is none
};

// Requests by what became of them in the access log, since the start.
struct AccessLogReport {
  double share = 1;           // of requests that are logged; 1: all
  std::int64_t written = 0;   // in the spool, where there is one, else in the file
  std::int64_t lost = 0;      // the disk was full or too slow
  std::int64_t given_up = 0;  // written, but the control plane was away for too long
};

// Whether the kernel encrypts what TLS connections send, where it does their cipher.
enum class KernelTls : std::uint8_t {
  used,
  not_offered,  // by this kernel, or its module is not loaded
  off,          // by the setting
};

// Of all loops together, since the start.
struct Report {
  std::int64_t up_seconds = 0;
  std::int64_t loops = 0;
  std::int64_t hosts = 0;
  double requests_per_second = 0;  // over the last ten
  Answers answers{};               // to the last byte
  std::vector<CertificateShown> certificates{};
  std::optional<AccessLogReport> access_log{};  // where there is one
  std::optional<KernelTls> kernel_tls{};        // where TLS is listened for
};

}  // namespace temps::routing

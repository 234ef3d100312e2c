// What the API says of a name that answers here, of a project's domain as of the platform's own:
// its DNS and its certificate.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

namespace temps::app {

struct DnsReport {
  std::string state;
  std::string detail;
};
struct CertificateReport {
  std::int64_t days_left;
};
struct OrderReport {
  std::string state;
  std::string detail;
  std::optional<std::string> next_try_at;
};

// "certificate waiting for dns: no record; next try at …": what keeps it from coming, and when it
// is tried again.
std::string line_of(const OrderReport& order);

}  // namespace temps::app

// A certificate authority of a test, and what it issues.
#pragma once
#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace temps::testbed {

// A certificate (with what chains it up, if anything) and its key, as PEM.
struct Identity {
  std::string chain;
  std::string key;
};

struct IdentityRequest {
  std::vector<std::string> names;  // names or IP addresses
  std::chrono::hours begins{-1};   // from now
  std::chrono::hours ends{24};
  std::string serial = "01";  // in hex
};

class Authority {
 public:
  explicit Authority(const std::string& name = "Authority of a test");
  ~Authority();
  Authority(const Authority&) = delete;
  Authority& operator=(const Authority&) = delete;

  // The authority's own certificate.
  [[nodiscard]] std::string pem() const;
  [[nodiscard]] Identity issue(const IdentityRequest& request) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace temps::testbed

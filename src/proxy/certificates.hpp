// The certificates of the route table, found by the name that a TLS client asks for. A file is read
// when the first client asks for one of its names.
#pragma once
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "proxy/by_name.hpp"
#include "proxy/stapling.hpp"
#include "routing/table.hpp"

struct ssl_ctx_st;  // OpenSSL's SSL_CTX

namespace temps::proxy {

// What clients of one name are shown: a certificate with its key, or two with keys of different
// kinds. Shared by all loops, immutable once loaded.
class TlsIdentity {
 public:
  explicit TlsIdentity(std::vector<routing::Certificate> certificates);
  ~TlsIdentity();
  TlsIdentity(const TlsIdentity&) = delete;
  TlsIdentity& operator=(const TlsIdentity&) = delete;

  // nullptr, and once a line in the log, when the files cannot be used. Any thread may call it.
  [[nodiscard]] ssl_ctx_st* load() const;
  // `host` in any case, without port.
  [[nodiscard]] bool covers(std::string_view host) const;

 private:
  std::vector<routing::Certificate> certificates_;
  mutable std::once_flag once_;
  mutable ssl_ctx_st* context_ = nullptr;
  mutable Staples staples_;
};

// Identities by the ids of their certificates, so that a new table does not load files again.
// Belongs to the control thread.
class IdentityRegistry {
 public:
  std::shared_ptr<const TlsIdentity> get(std::vector<routing::Certificate> certificates);
  void forget_unused();

 private:
  std::unordered_map<std::string, std::shared_ptr<const TlsIdentity>> known_;
};

class CertificateStore {
 public:
  CertificateStore() = default;
  CertificateStore(const routing::Table& table, IdentityRegistry& registry);

  // By a name in lower case: its own certificate before a wildcard's. Without a name the first
  // certificate of the table. nullptr where there is none.
  [[nodiscard]] std::shared_ptr<const TlsIdentity> find(std::string_view name) const;
  // For clients that offer acme-tls/1 (RFC 8737).
  [[nodiscard]] std::shared_ptr<const TlsIdentity> find_challenge(std::string_view name) const;
  [[nodiscard]] bool empty() const { return by_name_.empty() && challenges_.empty(); }

 private:
  ByName<std::shared_ptr<const TlsIdentity>> by_name_;  // wildcards with their "*."
  ByName<std::shared_ptr<const TlsIdentity>> challenges_;
  std::shared_ptr<const TlsIdentity> first_;
};

}  // namespace temps::proxy

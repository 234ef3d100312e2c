// OCSP answers that go into the handshake beside a certificate (RFC 6066 §8): clients need not ask
// its authority whether it was revoked. The control plane has fetched and checked them.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "routing/table.hpp"

struct ssl_ctx_st;  // OpenSSL's SSL_CTX
struct ssl_st;      // OpenSSL's SSL
struct x509_st;     // OpenSSL's X509

namespace temps::proxy {

// Those of one context. Immutable once attached.
class Staples {
 public:
  // For the certificate that the context was given last. A file that cannot be read leaves a line
  // in the log: the certificate goes without.
  void add(ssl_ctx_st* context, const routing::Certificate& certificate);
  // The context offers them as long as this lives.
  void attach(ssl_ctx_st* context) const;

 private:
  struct Staple {
    x509_st* certificate;  // the context's own
    std::string answer;    // DER
    std::int64_t expires;  // seconds since 1970
  };
  static int offer(ssl_st* ssl, void* staples);

  std::vector<Staple> staples_;
};

}  // namespace temps::proxy

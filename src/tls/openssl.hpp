// What the sources of this module share of OpenSSL. Private to tls.
#pragma once
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

#include "tls/tls.hpp"

namespace temps::tls {

struct Trust::Context {
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> native{nullptr, &SSL_CTX_free};
};

// The first error that OpenSSL has queued, in its words; the queue is empty afterwards.
std::string queued_error();

using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;

// Why the handshake of `session` with `host` failed, from its verification result and the queue.
// `refused` is the other side's certificate where that was the reason, else null.
Error handshake_error(const SSL* session, const X509* refused, const std::string& host);

}  // namespace temps::tls

#include "proxy/stapling.hpp"

#include <openssl/ssl.h>

#include <algorithm>
#include <ctime>

#include "core/log.hpp"
#include "files/files.hpp"

namespace temps::proxy {
namespace {

constexpr std::size_t answer_bytes_max = 64UL << 10U;

}  // namespace

void Staples::add(ssl_ctx_st* context, const routing::Certificate& certificate) {
  if (certificate.staple.empty()) return;
  auto answer = files::read(certificate.staple, answer_bytes_max);
  if (!answer) {
    log::warning("an OCSP answer cannot be read; its certificate is shown without",
                 {{"certificate", certificate.id}, {"detail", answer.error().detail()}});
    return;
  }
  staples_.push_back({.certificate = ::SSL_CTX_get0_certificate(context),
                      .answer = std::move(*answer),
                      .expires = certificate.staple_expires});
}

void Staples::attach(ssl_ctx_st* context) const {
  if (staples_.empty()) return;
  SSL_CTX_set_tlsext_status_cb(context, offer);
  SSL_CTX_set_tlsext_status_arg(context, const_cast<Staples*>(this));
}

// Called for clients that ask, when the certificate that they are shown has been chosen.
int Staples::offer(ssl_st* ssl, void* staples) {
  const auto& all = static_cast<const Staples*>(staples)->staples_;
  const auto found = std::ranges::find(all, ::SSL_get_certificate(ssl), &Staple::certificate);
  // One that has run out is worse than none: clients end the connection.
  if (found == all.end() || found->expires <= std::time(nullptr)) return SSL_TLSEXT_ERR_NOACK;
  auto* copy =
      static_cast<unsigned char*>(::OPENSSL_memdup(found->answer.data(), found->answer.size()));
  if (copy == nullptr) return SSL_TLSEXT_ERR_NOACK;
  SSL_set_tlsext_status_ocsp_resp(ssl, copy, static_cast<long>(found->answer.size()));
  return SSL_TLSEXT_ERR_OK;
}

}  // namespace temps::proxy

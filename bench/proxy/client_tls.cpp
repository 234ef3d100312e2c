#include "proxy/client_tls.hpp"

#include <openssl/ssl.h>

namespace temps::bench {

ClientTls::ClientTls(Resumption resumption) : context_(::SSL_CTX_new(::TLS_client_method())) {
  ::SSL_CTX_set_min_proto_version(context_, TLS1_3_VERSION);
  ::SSL_CTX_set_verify(context_, SSL_VERIFY_NONE, nullptr);
  // The same cipher with every server.
  ::SSL_CTX_set_ciphersuites(context_, "TLS_AES_128_GCM_SHA256");
  static constexpr unsigned char protocols[] = "\x08http/1.1";
  ::SSL_CTX_set_alpn_protos(context_, protocols, sizeof protocols - 1);
  if (resumption == Resumption::off) {
    ::SSL_CTX_set_session_cache_mode(context_, SSL_SESS_CACHE_OFF);
    return;
  }
  ::SSL_CTX_set_session_cache_mode(context_, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_set_app_data(context_, this);
  ::SSL_CTX_sess_set_new_cb(context_, [](SSL* session, SSL_SESSION* ticket) {
    auto* self = static_cast<ClientTls*>(SSL_CTX_get_app_data(::SSL_get_SSL_CTX(session)));
    ::SSL_SESSION_free(self->latest_);
    self->latest_ = ticket;
    return 1;
  });
}

ClientTls::~ClientTls() {
  ::SSL_SESSION_free(latest_);
  ::SSL_CTX_free(context_);
}

ssl_st* ClientTls::open(int fd, const std::string& host) const {
  auto* session = ::SSL_new(context_);
  ::SSL_set_fd(session, fd);
  ::SSL_set_tlsext_host_name(session, host.c_str());
  ::SSL_set_connect_state(session);
  if (latest_ != nullptr) ::SSL_set_session(session, latest_);
  return session;
}

}  // namespace temps::bench

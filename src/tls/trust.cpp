#include <unistd.h>

#include <array>

#include "core/check.hpp"
#include "tls/openssl.hpp"

namespace temps::tls {
namespace {

// Where systems other than Debian keep their authorities; OpenSSL was built for Debian's place.
constexpr std::array bundles{"/etc/ssl/certs/ca-certificates.crt",
                             "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem",
                             "/etc/ssl/cert.pem"};

void trust_system(SSL_CTX* context) {
  // The folder is searched by name when a certificate has to be checked, so this reads nothing yet.
  SSL_CTX_set_default_verify_paths(context);
  if (::access(X509_get_default_cert_dir(), R_OK) == 0) return;
  for (const auto* bundle : bundles) {
    if (::access(bundle, R_OK) != 0) continue;
    SSL_CTX_load_verify_file(context, bundle);
    break;
  }
  ERR_clear_error();
}

}  // namespace

Result<Trust> Trust::load(const std::filesystem::path& extra_file) {
  auto context = std::make_shared<Context>();
  context->native.reset(SSL_CTX_new(TLS_client_method()));
  auto* native = context->native.get();
  ensure(native != nullptr, "OpenSSL makes a context");
  ensure(SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION) == 1, "TLS 1.2 is there");
  // TLS 1.3 has its own list; of 1.2 only what has forward secrecy and authenticated encryption.
  ensure(SSL_CTX_set_cipher_list(native, "ECDHE+AESGCM:ECDHE+CHACHA20:DHE+AESGCM") == 1,
         "modern ciphers are there");
  SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_mode(native, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                               SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_verify(native, SSL_VERIFY_PEER, nullptr);
  // A given certificate is believed though its own issuer is not there.
  X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(native), X509_V_FLAG_PARTIAL_CHAIN);
  trust_system(native);
  if (!extra_file.empty() && SSL_CTX_load_verify_file(native, extra_file.c_str()) != 1) {
    return fail(errors::bad_ca_file,
                "\"{}\" holds no certificates that can be read ({}); give a PEM file with the "
                "certificate of the authority to trust",
                extra_file.string(), queued_error());
  }
  return Trust(std::move(context));
}

std::string queued_error() {
  const auto code = ERR_get_error();
  ERR_clear_error();
  if (code == 0) return "no reason given";
  if (ERR_SYSTEM_ERROR(code)) {
    return std::error_code(ERR_GET_REASON(code), std::generic_category()).message();
  }
  const char* reason = ERR_reason_error_string(code);
  return reason ? reason : "unknown error";
}

}  // namespace temps::tls

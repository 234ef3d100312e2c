// From OpenSSL's verification results to errors that say what to do.
#include <openssl/x509v3.h>

#include <vector>

#include "core/text.hpp"
#include "tls/openssl.hpp"

namespace temps::tls {
namespace {

constexpr std::size_t names_shown_max = 5;
constexpr int name_bytes_max = 256;

std::string text_of(const ASN1_STRING* text) {
  return to_utf8({reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
                  static_cast<std::size_t>(ASN1_STRING_length(text))});
}

std::string issuer_of(const X509* certificate) {
  std::string text(name_bytes_max, '\0');
  const auto* issuer = X509_get_issuer_name(certificate);
  int size = X509_NAME_get_text_by_NID(const_cast<X509_NAME*>(issuer), NID_commonName, text.data(),
                                       name_bytes_max);
  if (size < 0) {
    size = X509_NAME_get_text_by_NID(const_cast<X509_NAME*>(issuer), NID_organizationName,
                                     text.data(), name_bytes_max);
  }
  text.resize(static_cast<std::size_t>(std::max(size, 0)));
  return text.empty() ? "an authority without a name" : to_utf8(text);
}

std::string names_of(const X509* certificate) {
  const std::unique_ptr<GENERAL_NAMES, decltype(&GENERAL_NAMES_free)> names(
      static_cast<GENERAL_NAMES*>(
          X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)),
      &GENERAL_NAMES_free);
  std::vector<std::string> shown;
  const int count = names ? sk_GENERAL_NAME_num(names.get()) : 0;
  for (int i = 0; i < count; ++i) {
    const auto* name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type != GEN_DNS) continue;
    if (shown.size() == names_shown_max) {
      shown.emplace_back("...");
      break;
    }
    shown.push_back(text_of(name->d.dNSName));
  }
  return shown.empty() ? "no name" : join(shown, ", ");
}

std::string time_text(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return "a time that cannot be read";
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02} UTC", parts.tm_year + 1900, parts.tm_mon + 1,
                     parts.tm_mday, parts.tm_hour, parts.tm_min);
}

Error untrusted(const X509* certificate, const std::string& host) {
  return {errors::unknown_issuer,
          fmt::format("the certificate of {} was issued by {}, which this machine does not trust; "
                      "if that is your own authority, put its certificate into a PEM file and name "
                      "the file in TEMPS_CA_FILE",
                      host, issuer_of(certificate))};
}

Error refused_certificate(long result, const X509* certificate, const std::string& host) {
  switch (result) {
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_CERT_UNTRUSTED:
      return untrusted(certificate, host);
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return {errors::wrong_name,
              fmt::format("the certificate is for {}, not for {}; use one of those names, or "
                          "correct what {} points to",
                          names_of(certificate), host, host)};
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return {
          errors::expired,
          fmt::format("a certificate of {} (the server's own ends {}) has expired; its operator "
                      "has to renew it. If it has not, this machine's clock is wrong",
                      host, time_text(X509_get0_notAfter(certificate)))};
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return {
          errors::expired,
          fmt::format("a certificate of {} (the server's own begins {}) is not valid yet; check "
                      "this machine's clock",
                      host, time_text(X509_get0_notBefore(certificate)))};
    default:
      return {errors::bad_certificate,
              fmt::format("the certificate of {} is refused: {}; its operator has to replace it",
                          host, X509_verify_cert_error_string(result))};
  }
}

}  // namespace

Error handshake_error(const SSL* session, const X509* refused, const std::string& host) {
  if (refused) {
    ERR_clear_error();
    return refused_certificate(SSL_get_verify_result(session), refused, host);
  }
  const auto code = ERR_peek_error();
  const auto reason = queued_error();
  if (ERR_GET_LIB(code) == ERR_LIB_SSL && (ERR_GET_REASON(code) == SSL_R_WRONG_VERSION_NUMBER ||
                                           ERR_GET_REASON(code) == SSL_R_HTTP_REQUEST)) {
    return {errors::handshake_failed,
            fmt::format("{} does not speak TLS on this port; if it is plain HTTP, write http:// "
                        "instead of https://",
                        host)};
  }
  return {errors::handshake_failed,
          fmt::format("{} and this machine could not agree on a TLS connection ({}); it needs TLS "
                      "1.2 or later with a current cipher",
                      host, reason)};
}

}  // namespace temps::tls

#include "acme/challenge.hpp"

#include <openssl/bio.h>
#include <openssl/pem.h>

#include <algorithm>

#include "acme/openssl.hpp"
#include "core/check.hpp"
#include "core/random.hpp"
#include "core/text.hpp"
#include "crypto/crypto.hpp"

namespace temps::acme {
namespace {

constexpr std::size_t token_bytes_max = 256;
constexpr std::string_view acme_identifier = "1.3.6.1.5.5.7.1.31";
// Checked within minutes; a day leaves room for clocks that differ.
constexpr std::chrono::hours valid_before{24};
constexpr std::chrono::hours valid_after{24L * 7};

bool is_token(std::string_view text) {
  return !text.empty() && text.size() <= token_bytes_max && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
  });
}

void add_alternative_name(X509* certificate, const std::string& domain) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  const auto value = "DNS:" + domain;
  auto* extension = X509V3_EXT_conf_nid(nullptr, &context, NID_subject_alt_name, value.c_str());
  ensure(extension != nullptr, "a checked name makes an extension");
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

// Critical, an OCTET STRING of the key authorization's SHA-256.
void add_acme_identifier(X509* certificate, std::string_view authorization) {
  const auto content = std::string("\x04\x20", 2) + crypto::sha256(authorization);
  auto* object = OBJ_txt2obj(acme_identifier.data(), 1);
  auto* octets = ASN1_OCTET_STRING_new();
  ASN1_OCTET_STRING_set(octets, bytes(content), static_cast<int>(content.size()));
  auto* extension = X509_EXTENSION_create_by_OBJ(nullptr, object, 1, octets);
  ensure(extension != nullptr && X509_add_ext(certificate, extension, -1) == 1,
         "OpenSSL makes the extension");
  X509_EXTENSION_free(extension);
  ASN1_OCTET_STRING_free(octets);
  ASN1_OBJECT_free(object);
}

}  // namespace

std::string_view text_of(ChallengeKind kind) {
  switch (kind) {
    case ChallengeKind::http_01:
      return "http-01";
    case ChallengeKind::tls_alpn_01:
      return "tls-alpn-01";
    case ChallengeKind::dns_01:
      break;
  }
  return "dns-01";
}

std::string key_authorization(std::string_view token, const Key& account_key) {
  return fmt::format("{}.{}", token, account_key.thumbprint());
}

std::string record_value(std::string_view key_authorization) {
  return to_base64url(crypto::sha256(key_authorization));
}

AlpnCertificate alpn_certificate(const std::string& domain, std::string_view key_authorization) {
  const auto key = Key::generate();
  const Certificate made(X509_new(), &X509_free);
  auto* certificate = made.get();
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate),
                          parse_number<std::uint64_t>(random_hex(7), 16).value_or(1));
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC,
                             bytes("ACME challenge"), -1, -1, 0);
  X509_set_issuer_name(certificate, X509_get_subject_name(certificate));
  X509_gmtime_adj(X509_getm_notBefore(certificate), -std::chrono::seconds(valid_before).count());
  X509_gmtime_adj(X509_getm_notAfter(certificate), std::chrono::seconds(valid_after).count());
  X509_set_pubkey(certificate, NativeKey::of(key));
  add_alternative_name(certificate, domain);
  add_acme_identifier(certificate, key_authorization);
  ensure(X509_sign(certificate, NativeKey::of(key), EVP_sha256()) > 0, "OpenSSL signs");
  const std::unique_ptr<BIO, decltype(&BIO_free)> memory(BIO_new(BIO_s_mem()), &BIO_free);
  ensure(PEM_write_bio_X509(memory.get(), certificate) == 1, "a certificate is written");
  char* data = nullptr;
  const auto size = BIO_get_mem_data(memory.get(), &data);
  return {.pem = std::string(data, static_cast<std::size_t>(size)), .key_pem = key.pem()};
}

Result<Answer> answer_to(const Authorization& authorization, const Challenge& challenge,
                         const Key& account_key) {
  if (!is_token(challenge.token)) {
    return fail(errors::bad_answer,
                "the certificate authority sent a challenge token that is none");
  }
  Answer answer{.kind = challenge.kind,
                .domain = authorization.domain,
                .wildcard = authorization.wildcard,
                .token = challenge.token,
                .key_authorization = key_authorization(challenge.token, account_key),
                .record_name = "_acme-challenge." + authorization.domain,
                .record_value = {},
                .certificate_pem = {},
                .key_pem = {}};
  answer.record_value = record_value(answer.key_authorization);
  if (challenge.kind == ChallengeKind::tls_alpn_01) {
    auto certificate = alpn_certificate(answer.domain, answer.key_authorization);
    answer.certificate_pem = std::move(certificate.pem);
    answer.key_pem = std::move(certificate.key_pem);
  }
  return answer;
}

Result<Challenge> choose(const Authorization& authorization,
                         const std::vector<ChallengeKind>& kinds) {
  for (const auto kind : kinds) {
    if (authorization.wildcard && kind != ChallengeKind::dns_01) continue;
    const auto found = std::ranges::find(authorization.challenges, kind, &Challenge::kind);
    if (found != authorization.challenges.end()) return *found;
  }
  std::vector<std::string> offered;
  offered.reserve(authorization.challenges.size());
  for (const auto& challenge : authorization.challenges) {
    offered.emplace_back(text_of(challenge.kind));
  }
  if (authorization.wildcard) {
    return fail(errors::no_challenge,
                "a certificate for *.{} needs a DNS record as proof (dns-01); name a DNS provider "
                "for it, or use the names one by one",
                authorization.domain);
  }
  std::vector<std::string> possible;
  possible.reserve(kinds.size());
  for (const auto kind : kinds) possible.emplace_back(text_of(kind));
  return fail(errors::no_challenge,
              "the certificate authority checks {} by {}, and this installation can answer {}",
              authorization.domain, offered.empty() ? "unknown means" : join(offered, ", "),
              possible.empty() ? "none" : join(possible, ", "));
}

}  // namespace temps::acme

#include "x509/authority_for_tests.hpp"

#include <openssl/ocsp.h>
#include <openssl/pem.h>

#include "core/check.hpp"
#include "core/random.hpp"
#include "core/text.hpp"
#include "x509/openssl.hpp"

namespace temps::x509 {

struct AuthorityForTests::Parts {
  Key key;
  Cert cert;
};

namespace {

Key new_key(KeyKind kind) {
  switch (kind) {
    case KeyKind::rsa_1024:
      return Key(EVP_RSA_gen(1024));
    case KeyKind::rsa_2048:
      return Key(EVP_RSA_gen(2048));
    case KeyKind::p256:
      return Key(EVP_EC_gen("P-256"));
    case KeyKind::p384:
      return Key(EVP_EC_gen("P-384"));
    case KeyKind::p521:
      return Key(EVP_EC_gen("P-521"));
    case KeyKind::ed25519:
      break;
  }
  return Key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
}

void set_dates(X509* cert, Instant from, Instant until) {
  const auto seconds = [](Instant time) {
    return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
  };
  ASN1_TIME_set(X509_getm_notBefore(cert), seconds(from));
  ASN1_TIME_set(X509_getm_notAfter(cert), seconds(until));
}

void add_extension(X509* cert, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context{};
  X509V3_set_ctx(&context, issuer, cert, nullptr, nullptr, 0);
  auto* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
  ensure(extension != nullptr, value);
  X509_add_ext(cert, extension, -1);
  X509_EXTENSION_free(extension);
}

Cert new_cert(EVP_PKEY* key, const std::string& name) {
  Cert cert(X509_new());
  X509_set_version(cert.get(), X509_VERSION_3);
  const auto number = random_bytes(7);
  std::uint64_t serial = 0;
  for (const char c : number) serial = serial << 8U | static_cast<unsigned char>(c);
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(cert.get()), serial);
  X509_set_pubkey(cert.get(), key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(cert.get()), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  return cert;
}

std::string pem_of(X509* cert) {
  const Bio bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(bio.get(), cert);
  return written(bio.get());
}

std::string pem_of(EVP_PKEY* key) {
  const Bio bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
  return written(bio.get());
}

}  // namespace

AuthorityForTests::AuthorityForTests(const std::string& name) : parts_(std::make_unique<Parts>()) {
  parts_->key = new_key(KeyKind::p256);
  parts_->cert = new_cert(parts_->key.get(), name);
  auto* cert = parts_->cert.get();
  set_dates(cert, Instant{}, Instant{std::chrono::hours(24 * 365 * 100)});
  X509_set_issuer_name(cert, X509_get_subject_name(cert));
  add_extension(cert, cert, NID_basic_constraints, "critical,CA:TRUE");
  X509_sign(cert, parts_->key.get(), EVP_sha256());
}

AuthorityForTests::~AuthorityForTests() = default;

std::string AuthorityForTests::certificate() const { return pem_of(parts_->cert.get()); }

std::string AuthorityForTests::key() const { return pem_of(parts_->key.get()); }

std::string AuthorityForTests::ocsp_answer(const Issued& about, const OcspWish& wish) const {
  const auto bio = reader(about.certificate);
  const Cert subject(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
  const auto time = [](Instant at) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
    return ASN1_GENERALIZEDTIME_set(nullptr, seconds);
  };
  auto* basic = OCSP_BASICRESP_new();
  auto* id = OCSP_cert_to_id(EVP_sha1(), subject.get(), parts_->cert.get());
  auto* from = time(wish.from);
  auto* until = wish.until ? time(*wish.until) : nullptr;
  const auto status = static_cast<int>(wish.status);  // V_OCSP_CERTSTATUS_…
  OCSP_basic_add1_status(basic, id, status, OCSP_REVOKED_STATUS_KEYCOMPROMISE,
                         status == V_OCSP_CERTSTATUS_REVOKED ? from : nullptr, from, until);
  if (wish.signer == nullptr) {
    OCSP_basic_sign(basic, parts_->cert.get(), parts_->key.get(), EVP_sha256(), nullptr, 0);
  } else {
    const auto cert_bio = reader(wish.signer->certificate);
    const auto key_bio = reader(wish.signer->key);
    const Cert cert(PEM_read_bio_X509(cert_bio.get(), nullptr, nullptr, nullptr));
    const Key key(PEM_read_bio_PrivateKey(key_bio.get(), nullptr, nullptr, nullptr));
    OCSP_basic_sign(basic, cert.get(), key.get(), EVP_sha256(), nullptr, 0);
  }
  auto* response = OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic);
  unsigned char* der = nullptr;
  const int size = i2d_OCSP_RESPONSE(response, &der);
  std::string text(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  OCSP_RESPONSE_free(response);
  OCSP_BASICRESP_free(basic);
  OCSP_CERTID_free(id);
  ASN1_GENERALIZEDTIME_free(from);
  ASN1_GENERALIZEDTIME_free(until);
  return text;
}

Issued AuthorityForTests::issue(const Wish& wish) {
  const auto key = new_key(wish.key);
  const auto cert = new_cert(key.get(), wish.names.empty() ? "nobody" : wish.names.front());
  set_dates(cert.get(), wish.from, wish.until);
  X509_set_issuer_name(cert.get(), X509_get_subject_name(parts_->cert.get()));
  std::vector<std::string> names;
  for (const auto& name : wish.names) names.push_back("DNS:" + name);
  if (!names.empty()) {
    add_extension(cert.get(), parts_->cert.get(), NID_subject_alt_name, join(names, ","));
  }
  if (!wish.ocsp_url.empty()) {
    add_extension(cert.get(), parts_->cert.get(), NID_info_access, "OCSP;URI:" + wish.ocsp_url);
  }
  if (wish.may_sign_ocsp) {
    add_extension(cert.get(), parts_->cert.get(), NID_ext_key_usage, "OCSPSigning");
  }
  X509_sign(cert.get(), parts_->key.get(), wish.weak_signature ? EVP_sha1() : EVP_sha256());
  return {pem_of(cert.get()), pem_of(key.get())};
}

Issued AuthorityForTests::issue(std::vector<std::string> names, Instant now) {
  constexpr std::chrono::hours day{24};
  return issue({.names = std::move(names), .from = now - day, .until = now + 89 * day});
}

}  // namespace temps::x509

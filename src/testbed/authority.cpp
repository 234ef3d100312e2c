#include "testbed/authority.hpp"

#include <fmt/core.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cctype>

#include "core/check.hpp"
#include "core/text.hpp"

namespace temps::testbed {
namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using Memory = std::unique_ptr<BIO, decltype(&BIO_free)>;

Key new_key() {
  Key key(EVP_EC_gen("P-256"), &EVP_PKEY_free);
  ensure(key != nullptr, "OpenSSL makes a key");
  return key;
}

std::string text_of(const Memory& memory) {
  char* data = nullptr;
  const auto size = BIO_get_mem_data(memory.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string pem_of(X509* certificate) {
  const Memory memory(BIO_new(BIO_s_mem()), &BIO_free);
  ensure(PEM_write_bio_X509(memory.get(), certificate) == 1, "a certificate is written");
  return text_of(memory);
}

std::string pem_of(EVP_PKEY* key) {
  const Memory memory(BIO_new(BIO_s_mem()), &BIO_free);
  ensure(PEM_write_bio_PrivateKey(memory.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1,
         "a key is written");
  return text_of(memory);
}

void set_name(X509* certificate, const std::string& common_name) {
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(common_name.c_str()), -1, -1,
                             0);
}

void set_times(X509* certificate, std::chrono::hours begins, std::chrono::hours ends) {
  X509_gmtime_adj(X509_getm_notBefore(certificate), std::chrono::seconds(begins).count());
  X509_gmtime_adj(X509_getm_notAfter(certificate), std::chrono::seconds(ends).count());
}

void set_serial(X509* certificate, const std::string& hex) {
  BIGNUM* number = nullptr;
  BN_hex2bn(&number, hex.c_str());
  BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate));
  BN_free(number);
}

void add(X509* certificate, X509* issuer, int extension, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  auto* made = X509V3_EXT_conf_nid(nullptr, &context, extension, value.c_str());
  ensure(made != nullptr, "OpenSSL makes an extension");
  X509_add_ext(certificate, made, -1);
  X509_EXTENSION_free(made);
}

bool is_address(const std::string& name) {
  return name.contains(':') || (!name.empty() && std::isdigit(name.back()) != 0);
}

}  // namespace

struct Authority::Impl {
  Key key = new_key();
  Certificate certificate{X509_new(), &X509_free};
};

Authority::Authority(const std::string& name) : impl_(std::make_unique<Impl>()) {
  auto* own = impl_->certificate.get();
  X509_set_version(own, X509_VERSION_3);
  set_serial(own, "01");
  set_name(own, name);
  X509_set_issuer_name(own, X509_get_subject_name(own));
  set_times(own, std::chrono::hours(-24L * 365), std::chrono::hours(24L * 365));
  X509_set_pubkey(own, impl_->key.get());
  add(own, own, NID_basic_constraints, "critical,CA:TRUE");
  add(own, own, NID_key_usage, "critical,keyCertSign,cRLSign");
  add(own, own, NID_subject_key_identifier, "hash");
  ensure(X509_sign(own, impl_->key.get(), EVP_sha256()) > 0, "the authority signs itself");
}

Authority::~Authority() = default;

std::string Authority::pem() const { return pem_of(impl_->certificate.get()); }

Identity Authority::issue(const IdentityRequest& request) const {
  const auto key = new_key();
  const Certificate made(X509_new(), &X509_free);
  X509_set_version(made.get(), X509_VERSION_3);
  set_serial(made.get(), request.serial);
  X509_set_issuer_name(made.get(), X509_get_subject_name(impl_->certificate.get()));
  set_times(made.get(), request.begins, request.ends);
  X509_set_pubkey(made.get(), key.get());
  std::vector<std::string> names;
  names.reserve(request.names.size());
  for (const auto& name : request.names)
    names.push_back((is_address(name) ? "IP:" : "DNS:") + name);
  if (!names.empty()) {
    add(made.get(), impl_->certificate.get(), NID_subject_alt_name, "critical," + join(names, ","));
  }
  add(made.get(), impl_->certificate.get(), NID_authority_key_identifier, "keyid:always");
  ensure(X509_sign(made.get(), impl_->key.get(), EVP_sha256()) > 0, "the authority signs");
  return {.chain = pem_of(made.get()), .key = pem_of(key.get())};
}

}  // namespace temps::testbed

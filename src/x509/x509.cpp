#include "x509/x509.hpp"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/pem.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <utility>

#include "core/text.hpp"
#include "crypto/crypto.hpp"
#include "x509/openssl.hpp"

namespace temps::x509 {
namespace {

constexpr int rsa_bits_min = 2048;
constexpr int signature_bits_min = 112;  // NIST SP 800-57: SHA-1 and MD5 are below

// Names of authorities reach logs and terminals.
std::string printable(std::string_view text) {
  std::string shown = to_utf8(text.substr(0, 200));
  std::ranges::replace_if(
      shown, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, '?');
  return shown;
}

std::string text_of(const ASN1_STRING* value) {
  unsigned char* utf8 = nullptr;
  const int size = ASN1_STRING_to_UTF8(&utf8, value);
  if (size < 0) return {};
  std::string text(reinterpret_cast<const char*>(utf8), static_cast<std::size_t>(size));
  OPENSSL_free(utf8);
  return text;
}

// The common name, else the organisation.
std::string title(const X509_NAME* name) {
  for (const int part : {NID_commonName, NID_organizationName}) {
    const int at = X509_NAME_get_index_by_NID(name, part, -1);
    if (at < 0) continue;
    auto text = text_of(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
    if (!text.empty()) return printable(text);
  }
  return "unnamed";
}

std::string subject(X509* cert) { return title(X509_get_subject_name(cert)); }

bool is_host(std::string_view name) {
  if (name.starts_with("*.")) name.remove_prefix(2);
  return !name.empty() && name.size() <= 253 && name.find('.') != std::string_view::npos &&
         !name.starts_with('.') && !name.ends_with('.') && std::ranges::all_of(name, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
         });
}

// Only the subject alternative names count, as in browsers (RFC 9525).
std::vector<std::string> hosts(X509* cert) {
  std::vector<std::string> found;
  const Names names(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(cert, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const auto* name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type != GEN_DNS) continue;
    const auto* bytes = reinterpret_cast<const char*>(ASN1_STRING_get0_data(name->d.dNSName));
    const auto size = static_cast<std::size_t>(ASN1_STRING_length(name->d.dNSName));
    auto host = lowered({bytes, size});
    if (is_host(host)) found.push_back(std::move(host));
  }
  std::ranges::sort(found);
  const auto twice = std::ranges::unique(found);
  found.erase(twice.begin(), twice.end());
  return found;
}

Result<Instant> instant(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) {
    return fail(errors::bad_pem, "a date of the certificate cannot be read");
  }
  return Instant{std::chrono::seconds(::timegm(&parts))};
}

std::string serial(X509* cert) {
  BIGNUM* number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(cert), nullptr);
  char* text = number == nullptr ? nullptr : BN_bn2hex(number);
  std::string hex = text == nullptr ? std::string{} : lowered(text);
  OPENSSL_free(text);
  BN_free(number);
  return hex;
}

std::string fingerprint(X509* cert) {
  unsigned char* der = nullptr;
  const int size = i2d_X509(cert, &der);
  if (size < 0) return {};
  auto digest =
      crypto::sha256_hex({reinterpret_cast<const char*>(der), static_cast<std::size_t>(size)});
  OPENSSL_free(der);
  return digest;
}

std::string curve(EVP_PKEY* key) {
  std::array<char, 64> name{};
  std::size_t size = 0;
  return EVP_PKEY_get_group_name(key, name.data(), name.size(), &size) == 1
             ? std::string(name.data(), size)
             : std::string{};
}

Result<Algorithm> algorithm(X509* cert) {
  auto* key = X509_get0_pubkey(cert);
  if (key == nullptr) return fail(errors::bad_pem, "the certificate's key cannot be read");
  switch (EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_RSA:
      if (EVP_PKEY_get_bits(key) >= rsa_bits_min) return Algorithm::rsa;
      return fail(errors::weak, "the RSA key has {} bits; {} are the least", EVP_PKEY_get_bits(key),
                  rsa_bits_min);
    case EVP_PKEY_EC: {
      const auto name = curve(key);
      if (name == SN_X9_62_prime256v1 || name == SN_secp384r1) return Algorithm::ecdsa;
      return fail(errors::weak, "the key is on the curve {}; browsers know P-256 and P-384",
                  name.empty() ? "without a name" : name);
    }
    case EVP_PKEY_ED25519:
      return Algorithm::ed25519;
    default:
      return fail(errors::weak, "the key is none of RSA, ECDSA and Ed25519");
  }
}

Result<> check_signature_strength(X509* cert) {
  int bits = 0;
  if (X509_get_signature_info(cert, nullptr, nullptr, &bits, nullptr) == 1 &&
      bits >= signature_bits_min) {
    return {};
  }
  return fail(errors::weak, "the certificate is signed in a way that browsers refuse (SHA-1?)");
}

Result<std::vector<Cert>> read_all(std::string_view pem) {
  const auto bio = reader(pem);
  std::vector<Cert> all;
  while (Cert cert{PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)}) {
    if (all.size() == chain_length_max) {
      return fail(errors::bad_chain,
                  "there are more than {} certificates; give the host's own and "
                  "its issuers only",
                  chain_length_max);
    }
    all.push_back(std::move(cert));
  }
  const bool ended = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  if (ended && !all.empty()) return all;
  if (ended) {
    return fail(errors::bad_pem,
                "there is no certificate in it: a PEM file has lines with BEGIN CERTIFICATE");
  }
  return fail(errors::bad_pem, "certificate {} of the file is damaged", all.size() + 1);
}

Result<> check_order(const std::vector<Cert>& all) {
  for (std::size_t i = 0; i + 1 < all.size(); ++i) {
    auto* issued = all[i].get();
    auto* issuer = all[i + 1].get();
    if (X509_check_issued(issuer, issued) == X509_V_OK &&
        X509_verify(issued, X509_get0_pubkey(issuer)) == 1) {
      continue;
    }
    return fail(errors::bad_chain,
                "certificate {} of the file ({}) is not signed by the one behind it ({}); put the "
                "host's own first, then its issuer, then that one's issuer",
                i + 1, subject(issued), subject(issuer));
  }
  return {};
}

Result<std::string> written_pem(const std::vector<Cert>& all) {
  const Bio bio(BIO_new(BIO_s_mem()));
  for (const auto& cert : all) {
    if (PEM_write_bio_X509(bio.get(), cert.get()) != 1) {
      return fail(errors::bad_pem, "a certificate cannot be written again");
    }
  }
  return written(bio.get());
}

Result<Key> parse_key(const Secret& pem) {
  if (pem.reveal().find("ENCRYPTED") != std::string::npos) {
    return fail(errors::bad_key,
                "the key has a passphrase; give it without one: openssl pkey -in KEY -out PLAIN");
  }
  const auto bio = reader(pem.reveal());
  auto no_passphrase = [](char*, int, int, void*) { return 0; };
  Key key(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr));
  if (!key) {
    return fail(errors::bad_key,
                "there is no private key in it: a PEM file has lines with BEGIN PRIVATE KEY");
  }
  return key;
}

}  // namespace

Result<Chain> read_chain(std::string_view pem) {
  const ErrorsForgotten forgotten;
  if (pem.size() > chain_bytes_max) {
    return fail(errors::too_large, "the certificates have {} bytes; {} are the most", pem.size(),
                chain_bytes_max);
  }
  auto all = read_all(pem);
  if (!all) return fail(all.error());
  auto* first = all->front().get();
  Chain chain{.names = hosts(first),
              .issuer = title(X509_get_issuer_name(first)),
              .serial = serial(first),
              .fingerprint = fingerprint(first)};
  if (chain.names.empty()) {
    return fail(errors::no_names,
                "the first certificate ({}) names no host; put the host's own certificate first",
                subject(first));
  }
  if (auto checked = check_order(*all); !checked) return fail(checked.error());
  auto kind = algorithm(first);
  if (!kind) return fail(kind.error());
  if (auto checked = check_signature_strength(first); !checked) return fail(checked.error());
  auto begin = instant(X509_get0_notBefore(first));
  auto end = instant(X509_get0_notAfter(first));
  if (!begin) return fail(begin.error());
  if (!end) return fail(end.error());
  auto text = written_pem(*all);
  if (!text) return fail(text.error());
  chain.algorithm = *kind;
  chain.not_before = *begin;
  chain.not_after = *end;
  chain.pem = std::move(*text);
  return chain;
}

Result<> check_dates(const Chain& chain, Instant now) {
  if (now >= chain.not_after) {
    return fail(errors::expired, "the certificate expired at {}; get a new one from {}",
                to_rfc3339(chain.not_after), chain.issuer);
  }
  if (now < chain.not_before) {
    return fail(errors::not_yet_valid,
                "the certificate is valid from {} on only; is the clock of this server right?",
                to_rfc3339(chain.not_before));
  }
  return {};
}

Result<Secret> read_key(const Secret& pem, const Chain& chain) {
  const ErrorsForgotten forgotten;
  if (pem.reveal().size() > key_bytes_max) {
    return fail(errors::too_large, "the key has {} bytes; {} are the most", pem.reveal().size(),
                key_bytes_max);
  }
  auto key = parse_key(pem);
  if (!key) return fail(key.error());
  auto all = read_all(chain.pem);
  if (!all) return fail(all.error());
  if (X509_check_private_key(all->front().get(), key->get()) != 1) {
    return fail(errors::key_mismatch,
                "the key belongs to another certificate than the first of the file ({})",
                subject(all->front().get()));
  }
  const Bio bio(BIO_new(BIO_s_secmem()));
  if (PEM_write_bio_PKCS8PrivateKey(bio.get(), key->get(), nullptr, nullptr, 0, nullptr, nullptr) !=
      1) {
    return fail(errors::bad_key, "the key cannot be written again");
  }
  return Secret(written(bio.get()));
}

}  // namespace temps::x509

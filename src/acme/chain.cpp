#include "acme/chain.hpp"

#include <arpa/inet.h>
#include <openssl/err.h>

#include <algorithm>
#include <array>
#include <ctime>

#include "acme/openssl.hpp"
#include "core/text.hpp"

namespace temps::acme {
namespace {

constexpr std::string_view begin_mark = "-----BEGIN ";
constexpr std::string_view end_mark = "-----END ";
constexpr std::string_view dashes = "-----";
constexpr int common_name_bytes_max = 256;

std::unexpected<Error> refuse(std::string why) {
  return fail(errors::bad_certificate, "the certificate chain cannot be used: {}", why);
}

// The blocks of a PEM text, decoded.
Result<std::vector<std::string>> blocks_of(std::string_view pem) {
  if (pem.size() > chain_bytes_max) return refuse("it is larger than any chain is");
  std::vector<std::string> blocks;
  while (true) {
    const auto begin = pem.find(begin_mark);
    if (begin == std::string_view::npos) break;
    pem.remove_prefix(begin + begin_mark.size());
    const auto label_end = pem.find(dashes);
    const auto label = pem.substr(0, label_end);
    if (label != "CERTIFICATE") return refuse("it holds something else than certificates");
    pem.remove_prefix(label_end + dashes.size());
    const auto end = pem.find(end_mark);
    if (end == std::string_view::npos) return refuse("it breaks off");
    std::string text(pem.substr(0, end));
    std::erase_if(text, [](char c) { return c == '\n' || c == '\r' || c == ' ' || c == '\t'; });
    auto der = from_base64(text);
    if (!der || der->empty()) return refuse("a certificate in it is not base64");
    blocks.push_back(std::move(*der));
    if (blocks.size() > chain_certificates_max) return refuse("it has too many certificates");
    pem.remove_prefix(end + end_mark.size());
  }
  if (blocks.empty()) return refuse("there is no certificate in it");
  return blocks;
}

Result<std::vector<Certificate>> certificates_of(const std::vector<std::string>& blocks) {
  std::vector<Certificate> certificates;
  for (const auto& der : blocks) {
    const auto* at = bytes(der);
    Certificate certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())), &X509_free);
    ERR_clear_error();
    if (!certificate || at != bytes(der) + der.size()) {
      return refuse("a certificate in it cannot be read");
    }
    certificates.push_back(std::move(certificate));
  }
  return certificates;
}

Result<Instant> instant_of(const ASN1_TIME* time) {
  std::tm parts{};
  const bool readable = ASN1_TIME_to_tm(time, &parts) == 1;
  ERR_clear_error();
  if (!readable) return refuse("a time in it cannot be read");
  return Instant{std::chrono::seconds(::timegm(&parts))};
}

std::string_view view(const ASN1_STRING* text) {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
          static_cast<std::size_t>(ASN1_STRING_length(text))};
}

std::string address_text(std::string_view raw) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const int family = raw.size() == 4 ? AF_INET : AF_INET6;
  if (raw.size() != 4 && raw.size() != 16) return {};
  return ::inet_ntop(family, raw.data(), text.data(), text.size()) ? text.data() : "";
}

Result<std::vector<std::string>> names_of(const X509* certificate) {
  const std::unique_ptr<GENERAL_NAMES, decltype(&GENERAL_NAMES_free)> list(
      static_cast<GENERAL_NAMES*>(
          X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)),
      &GENERAL_NAMES_free);
  ERR_clear_error();
  const int count = list ? sk_GENERAL_NAME_num(list.get()) : 0;
  if (static_cast<std::size_t>(count) > certificate_names_max)
    return refuse("it has too many names");
  std::vector<std::string> names;
  for (int i = 0; i < count; ++i) {
    const auto* name = sk_GENERAL_NAME_value(list.get(), i);
    std::string text;
    if (name->type == GEN_DNS) text = lowered(view(name->d.dNSName));
    if (name->type == GEN_IPADD) text = address_text(view(name->d.iPAddress));
    const bool printable = std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
    if (!printable) return refuse("a name in it has characters that no name has");
    if (!text.empty()) names.push_back(std::move(text));
  }
  return names;
}

std::string common_name(const X509_NAME* name) {
  std::string text(common_name_bytes_max, '\0');
  const int size = X509_NAME_get_text_by_NID(const_cast<X509_NAME*>(name), NID_commonName,
                                             text.data(), common_name_bytes_max);
  text.resize(static_cast<std::size_t>(std::max(size, 0)));
  return to_utf8(text);
}

// The content of the INTEGER as it stands in DER: a leading zero where the first bit is set.
std::string serial_of(const X509* certificate) {
  const auto der =
      der_of(const_cast<ASN1_INTEGER*>(X509_get0_serialNumber(certificate)), i2d_ASN1_INTEGER);
  // Tag and a length of one byte: RFC 5280 allows 20 bytes, and more than 127 are not written here.
  if (der.size() < 3 || der.size() != 2U + static_cast<unsigned char>(der[1])) return {};
  return der.substr(2);
}

std::string own_renewal_id(X509* certificate, std::string_view serial) {
  const auto* issuer_key = X509_get0_authority_key_id(certificate);
  ERR_clear_error();
  if (!issuer_key || serial.empty()) return {};
  return renewal_id_of(view(issuer_key), serial);
}

bool is_issued_by(X509* certificate, X509* issuer) {
  const bool named = X509_check_issued(issuer, certificate) == X509_V_OK;
  auto* key = X509_get0_pubkey(issuer);
  const bool verified = named && key && X509_verify(certificate, key) == 1;
  ERR_clear_error();
  return verified;
}

}  // namespace

std::string renewal_id_of(std::string_view issuer_key_id, std::string_view serial) {
  return to_base64url(issuer_key_id) + "." + to_base64url(serial);
}

Result<Chain> parse_chain(std::string_view pem) {
  auto blocks = blocks_of(pem);
  if (!blocks) return fail(blocks.error());
  const auto certificates = certificates_of(*blocks);
  if (!certificates) return fail(certificates.error());
  for (std::size_t i = 1; i < certificates->size(); ++i) {
    if (!is_issued_by((*certificates)[i - 1].get(), (*certificates)[i].get())) {
      return refuse("a certificate in it was not issued by the one after it");
    }
  }
  auto* leaf = certificates->front().get();
  auto names = names_of(leaf);
  if (!names) return fail(names.error());
  const auto begin = instant_of(X509_get0_notBefore(leaf));
  const auto end = instant_of(X509_get0_notAfter(leaf));
  if (!begin) return fail(begin.error());
  if (!end) return fail(end.error());
  const auto serial = serial_of(leaf);
  auto* key = X509_get0_pubkey(leaf);
  ERR_clear_error();
  return Chain{
      .certificates = std::move(*blocks),
      .names = std::move(*names),
      .not_before = *begin,
      .not_after = *end,
      .issuer = common_name(X509_get_issuer_name(leaf)),
      .serial = to_hex(serial),
      .renewal_id = own_renewal_id(leaf, serial),
      .public_der = key ? der_of(static_cast<const EVP_PKEY*>(key), i2d_PUBKEY) : std::string{}};
}

Result<> check_chain(const Chain& chain, const Key& key, const std::vector<std::string>& names,
                     Instant now) {
  if (chain.public_der != key.public_der()) return refuse("it is for another key");
  for (const auto& name : names) {
    if (std::ranges::find(chain.names, lowered(name)) == chain.names.end()) {
      return refuse(fmt::format("{} is not among its names ({})", name, join(chain.names, ", ")));
    }
  }
  if (chain.not_after <= now) {
    return refuse(
        fmt::format("it ended {}; is this machine's clock right?", to_rfc3339(chain.not_after)));
  }
  return {};
}

}  // namespace temps::acme

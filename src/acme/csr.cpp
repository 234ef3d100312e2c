#include "acme/csr.hpp"

#include <algorithm>

#include "acme/openssl.hpp"
#include "core/check.hpp"
#include "core/text.hpp"

namespace temps::acme {
namespace {

constexpr std::size_t name_bytes_max = 253;
constexpr std::size_t label_bytes_max = 63;

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= label_bytes_max && label.front() != '-' &&
         label.back() != '-' &&
         std::ranges::all_of(label, [](char c) { return is_letter_or_digit(c) || c == '-'; });
}

// Why no certificate can be had for it; empty for none.
std::string objection(std::string_view name) {
  const auto base = name.starts_with("*.") ? name.substr(2) : name;
  if (std::ranges::any_of(name, [](char c) { return static_cast<unsigned char>(c) >= 0x80; })) {
    return "write it in its ASCII form, which begins with xn--";
  }
  if (name.size() > name_bytes_max) return "it is longer than names can be";
  if (base.contains('*')) return "a wildcard stands for the first part only: *.example.org";
  const auto labels = split(base, '.');
  if (!std::ranges::all_of(labels, is_label)) return "it is not a DNS name";
  if (std::ranges::all_of(labels.back(), [](char c) { return c >= '0' && c <= '9'; })) {
    return "it is an address; certificates are for names";
  }
  if (labels.size() < 2) return "it is not a name on the internet; it needs a dot";
  return {};
}

}  // namespace

Result<std::vector<std::string>> checked_names(const std::vector<std::string>& names) {
  std::vector<std::string> checked;
  std::vector<FieldError> wrong;
  for (std::size_t at = 0; at < names.size(); ++at) {
    const auto& given = names[at];
    auto name = lowered(trimmed(given));
    if (auto why = objection(name); !why.empty()) {
      wrong.push_back({.pointer = fmt::format("/names/{}", at),
                       .detail = fmt::format("\"{}\": {}", given.substr(0, name_bytes_max), why)});
      continue;
    }
    if (std::ranges::find(checked, name) == checked.end()) checked.push_back(std::move(name));
  }
  if (!wrong.empty()) {
    auto detail = "no certificate can be had for " + wrong.front().detail;
    return fail(Error(errors::bad_name, std::move(detail), std::move(wrong)));
  }
  if (checked.empty() || checked.size() > names_max) {
    return fail(errors::bad_name, "a certificate is for 1 to {} names; these are {}", names_max,
                checked.size());
  }
  return checked;
}

std::string signing_request(const Key& key, const std::vector<std::string>& names) {
  const std::unique_ptr<X509_REQ, decltype(&X509_REQ_free)> request(X509_REQ_new(), &X509_REQ_free);
  X509_REQ_set_version(request.get(), X509_REQ_VERSION_1);
  X509_REQ_set_pubkey(request.get(), NativeKey::of(key));
  std::vector<std::string> entries;
  entries.reserve(names.size());
  for (const auto& name : names) entries.push_back("DNS:" + name);
  auto* extensions = sk_X509_EXTENSION_new_null();
  auto* alternatives =
      X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, join(entries, ",").c_str());
  ensure(alternatives != nullptr, "checked names make an extension");
  sk_X509_EXTENSION_push(extensions, alternatives);
  X509_REQ_add_extensions(request.get(), extensions);
  sk_X509_EXTENSION_pop_free(extensions, X509_EXTENSION_free);
  ensure(X509_REQ_sign(request.get(), NativeKey::of(key), EVP_sha256()) > 0, "OpenSSL signs");
  return der_of(request.get(), i2d_X509_REQ);
}

}  // namespace temps::acme

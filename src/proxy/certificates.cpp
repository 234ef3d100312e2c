#include "proxy/certificates.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "core/log.hpp"
#include "core/text.hpp"
#include "proxy/tls_context.hpp"
#include "routing/names.hpp"

namespace temps::proxy {
namespace {

std::string openssl_reason() {
  const auto code = ::ERR_peek_last_error();
  std::array<char, 256> text{};
  ::ERR_error_string_n(code, text.data(), text.size());
  return text.data();
}

bool use_files(ssl_ctx_st* context, const routing::Certificate& certificate) {
  ::ERR_clear_error();
  if (::SSL_CTX_use_certificate_chain_file(context, certificate.chain.c_str()) == 1 &&
      ::SSL_CTX_use_PrivateKey_file(context, certificate.key.c_str(), SSL_FILETYPE_PEM) == 1 &&
      ::SSL_CTX_check_private_key(context) == 1)
    return true;
  log::warning(
      "a certificate cannot be used; its names are not served over TLS",
      {{"certificate", certificate.id}, {"file", certificate.chain}, {"reason", openssl_reason()}});
  return false;
}

// "*.example.com" for "a.example.com"; empty where there is no label to replace.
std::string wildcard_of(std::string_view name) {
  const auto dot = name.find('.');
  if (dot == std::string_view::npos || dot == 0) return {};
  return "*" + std::string(name.substr(dot));
}

}  // namespace

TlsIdentity::TlsIdentity(std::vector<routing::Certificate> certificates)
    : certificates_(std::move(certificates)) {}

TlsIdentity::~TlsIdentity() { ::SSL_CTX_free(context_); }

ssl_ctx_st* TlsIdentity::load() const {
  std::call_once(once_, [this] {
    auto* context = TlsContext::make_native();
    // A second certificate is of another kind of key; OpenSSL keeps one of each kind.
    bool is_usable = false;
    for (const auto& certificate : certificates_) {
      if (!use_files(context, certificate)) continue;
      is_usable = true;
      staples_.add(context, certificate);
    }
    staples_.attach(context);
    if (is_usable) {
      context_ = context;
    } else {
      ::SSL_CTX_free(context);
    }
  });
  return context_;
}

bool TlsIdentity::covers(std::string_view host) const {
  const auto covers_name = [&](std::string_view name) {
    return std::ranges::any_of(certificates_, [&](const auto& certificate) {
      return std::ranges::any_of(
          certificate.names, [&](const auto& covered) { return routing::covers(covered, name); });
    });
  };
  // Nearly all clients write it in lower case already.
  return covers_name(host) || covers_name(lowered(host));
}

std::shared_ptr<const TlsIdentity> IdentityRegistry::get(
    std::vector<routing::Certificate> certificates) {
  std::string key;
  for (const auto& certificate : certificates)
    for (const auto& part : {certificate.id, certificate.chain, certificate.staple})
      key.append(part).append("\n");
  auto& known = known_[key];
  if (known == nullptr) known = std::make_shared<const TlsIdentity>(std::move(certificates));
  return known;
}

void IdentityRegistry::forget_unused() {
  std::erase_if(known_, [](const auto& entry) { return entry.second.use_count() == 1; });
}

CertificateStore::CertificateStore(const routing::Table& table, IdentityRegistry& registry) {
  std::map<std::string_view, std::vector<routing::Certificate>> groups;
  for (const auto& certificate : table.certificates)
    for (const auto& name : certificate.names) groups[name].push_back(certificate);
  for (auto& [name, certificates] : groups)
    by_name_.emplace(name, registry.get(std::move(certificates)));
  if (!table.certificates.empty()) first_ = registry.get({table.certificates.front()});
  for (const auto& challenge : table.challenges) {
    if (challenge.chain.empty()) continue;
    challenges_.insert_or_assign(challenge.name, registry.get({{.id = "acme-tls/1",
                                                                .names = {challenge.name},
                                                                .chain = challenge.chain,
                                                                .key = challenge.key}}));
  }
}

std::shared_ptr<const TlsIdentity> CertificateStore::find(std::string_view name) const {
  if (name.empty()) return first_;
  if (const auto found = by_name_.find(name); found != by_name_.end()) return found->second;
  const auto found = by_name_.find(wildcard_of(name));
  return found == by_name_.end() ? nullptr : found->second;
}

std::shared_ptr<const TlsIdentity> CertificateStore::find_challenge(std::string_view name) const {
  const auto found = challenges_.find(name);
  return found == challenges_.end() ? nullptr : found->second;
}

}  // namespace temps::proxy

#include "proxy/tls_context.hpp"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <cstring>
#include <string_view>

#include "core/check.hpp"
#include "core/text.hpp"

namespace temps::proxy {
namespace {

// Mozilla's intermediate sets, in their order: 128 bits of AES are enough, and cost the least.
constexpr auto suites =
    "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";
constexpr auto ciphers =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
    "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
constexpr auto groups = "X25519:P-256:P-384";
constexpr std::string_view acme_protocol = "acme-tls/1";  // RFC 8737 §4

TlsSession& session_of(SSL* ssl) { return *static_cast<TlsSession*>(SSL_get_app_data(ssl)); }

// The context that the session was made from, whatever certificate it has been given since.
TlsContext& context_of(SSL* ssl) {
  return *static_cast<TlsContext*>(::SSL_get_ex_data(ssl, TlsContext::context_index()));
}

bool offers(std::span<const unsigned char> offered, std::string_view protocol) {
  while (!offered.empty()) {
    const std::size_t length = offered.front();
    if (length + 1 > offered.size()) return false;
    const std::string_view name(reinterpret_cast<const char*>(offered.data()) + 1, length);
    if (name == protocol) return true;
    offered = offered.subspan(length + 1);
  }
  return false;
}

int select_protocol(SSL* ssl, const unsigned char** chosen, unsigned char* length,
                    const unsigned char* offered, unsigned size, void*) {
  const auto choose = [&](std::string_view name, Protocol protocol) {
    *chosen = reinterpret_cast<const unsigned char*>(name.data());
    *length = static_cast<unsigned char>(name.size());
    session_of(ssl).note_protocol(protocol);
    return SSL_TLSEXT_ERR_OK;
  };
  const std::span<const unsigned char> list(offered, size);
  if (session_of(ssl).protocol() == Protocol::acme) return choose(acme_protocol, Protocol::acme);
  if (offers(list, "h2")) return choose("h2", Protocol::http2);
  if (offers(list, "http/1.1")) return choose("http/1.1", Protocol::http1);
  return SSL_TLSEXT_ERR_ALERT_FATAL;
}

std::span<const unsigned char> offered_protocols(SSL* ssl) {
  const unsigned char* extension = nullptr;
  std::size_t size = 0;
  constexpr std::size_t list_length_bytes = 2;
  if (::SSL_client_hello_get0_ext(ssl, TLSEXT_TYPE_application_layer_protocol_negotiation,
                                  &extension, &size) != 1 ||
      size < list_length_bytes)
    return {};
  return {extension + list_length_bytes, size - list_length_bytes};
}

// Before anything else of the hello is dealt with: is it an ACME server that looks for an answer?
int look_at_hello(SSL* ssl, int*, void*) {
  if (offers(offered_protocols(ssl), acme_protocol)) session_of(ssl).note_protocol(Protocol::acme);
  return SSL_CLIENT_HELLO_SUCCESS;
}

int choose_certificate(SSL* ssl, int* alert, void* argument) {
  auto& session = session_of(ssl);
  const auto& context = *static_cast<TlsContext*>(argument);
  if (const char* name = ::SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name); name != nullptr)
    session.note_server_name(name);
  const auto* store = context.source().certificates();
  std::shared_ptr<const TlsIdentity> identity;
  if (store != nullptr)
    identity = session.protocol() == Protocol::acme ? store->find_challenge(session.server_name())
                                                    : store->find(session.server_name());
  auto* native = identity == nullptr ? nullptr : identity->load();
  if (native == nullptr) {
    *alert = SSL_AD_UNRECOGNIZED_NAME;
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  }
  ::SSL_set_SSL_CTX(ssl, native);
  session.note_identity(std::move(identity));
  return SSL_TLSEXT_ERR_OK;
}

bool set_ticket_key(const TicketKeys::Key& key, EVP_MAC_CTX* mac) {
  auto authentication = key.authentication;
  const std::array parameters{
      ::OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, authentication.data(),
                                          authentication.size()),
      ::OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, const_cast<char*>("SHA256"), 0),
      ::OSSL_PARAM_construct_end(),
  };
  return ::EVP_MAC_CTX_set_params(mac, parameters.data()) == 1;
}

// RFC 5077 §4; the contract is that of SSL_CTX_set_tlsext_ticket_key_evp_cb(3).
int use_ticket_key(SSL* ssl, unsigned char* name, unsigned char* vector, EVP_CIPHER_CTX* cipher,
                   EVP_MAC_CTX* mac, int is_sealing) {
  constexpr int failed = -1;
  constexpr int unknown = 0;
  constexpr int used = 1;
  constexpr int used_and_renew = 2;
  auto& tickets = context_of(ssl).tickets();
  if (is_sealing == 1) {
    const auto key = tickets.sealing();
    if (::RAND_bytes(vector, EVP_MAX_IV_LENGTH) != 1) return failed;
    std::memcpy(name, key.name.data(), key.name.size());
    if (::EVP_EncryptInit_ex(cipher, ::EVP_aes_256_cbc(), nullptr, key.encryption.data(), vector) !=
            1 ||
        !set_ticket_key(key, mac))
      return failed;
    return used;
  }
  const auto found = tickets.opening(name);
  if (!found) return unknown;
  if (!set_ticket_key(found->key, mac) ||
      ::EVP_DecryptInit_ex(cipher, ::EVP_aes_256_cbc(), nullptr, found->key.encryption.data(),
                           vector) != 1)
    return failed;
  return found->is_old ? used_and_renew : used;
}

}  // namespace

TicketKeys::Key TicketKeys::sealing() {
  const std::lock_guard lock(mutex_);
  rotate();
  return keys_.front();
}

std::optional<TicketKeys::Opening> TicketKeys::opening(const unsigned char* name) {
  const std::lock_guard lock(mutex_);
  rotate();
  for (std::size_t i = 0; i < keys_.size(); ++i)
    if (std::memcmp(keys_[i].name.data(), name, keys_[i].name.size()) == 0)
      return Opening{keys_[i], i > 0};
  return std::nullopt;
}

std::vector<TicketKeys::Key> TicketKeys::all() {
  const std::lock_guard lock(mutex_);
  rotate();
  return keys_;
}

void TicketKeys::adopt(std::vector<Key> keys) {
  const std::lock_guard lock(mutex_);
  keys_ = std::move(keys);
}

void TicketKeys::rotate() {
  const auto now = std::chrono::steady_clock::now();
  if (!keys_.empty() && now - keys_.front().made < seals_for) return;
  Key key{.made = now};
  const bool is_random =
      ::RAND_bytes(key.name.data(), static_cast<int>(key.name.size())) == 1 &&
      ::RAND_bytes(key.encryption.data(), static_cast<int>(key.encryption.size())) == 1 &&
      ::RAND_bytes(key.authentication.data(), static_cast<int>(key.authentication.size())) == 1;
  ensure(is_random, "no random bytes for session tickets");
  keys_.insert(keys_.begin(), key);
  std::erase_if(keys_, [&](const Key& old) { return now - old.made >= opens_for; });
}

int TlsContext::context_index() {
  static const int index = ::SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

ssl_ctx_st* TlsContext::make_native() {
  auto* context = ::SSL_CTX_new(::TLS_server_method());
  ensure(context != nullptr, "OpenSSL has no memory for a context");
  ::SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  ::SSL_CTX_set_cipher_list(context, ciphers);
  ::SSL_CTX_set_ciphersuites(context, suites);
  SSL_CTX_set1_groups_list(context, groups);
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
  // Every suite above is a good one. The order is the server's for those who audit it, but a client
  // without AES in hardware may still put ChaCha20 first.
  ::SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                     SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA |
                                     SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  ::SSL_CTX_set_num_tickets(context, 1);
  ::SSL_CTX_set_alpn_select_cb(context, select_protocol, nullptr);
  return context;
}

TlsContext::TlsContext(const CertificateSource& source, TicketKeys& tickets, Encryptor encryptor)
    : source_(source), tickets_(tickets), encryptor_(encryptor), context_(make_native()) {
  SSL_CTX_set_tlsext_servername_callback(context_, choose_certificate);
  SSL_CTX_set_tlsext_servername_arg(context_, this);
  ::SSL_CTX_set_client_hello_cb(context_, look_at_hello, nullptr);
  ::SSL_CTX_set_tlsext_ticket_key_evp_cb(context_, use_ticket_key);
  constexpr auto one_day = std::chrono::seconds(TicketKeys::opens_for).count();
  ::SSL_CTX_set_timeout(context_, one_day);
}

TlsContext::~TlsContext() { ::SSL_CTX_free(context_); }

}  // namespace temps::proxy

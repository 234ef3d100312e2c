#include "testbed/tls_peer.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <array>
#include <functional>
#include <memory>
#include <string_view>

#include "core/check.hpp"
#include "net/errors.hpp"

namespace temps::testbed {
namespace {

using Context = std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)>;
using Session = std::unique_ptr<SSL, decltype(&SSL_free)>;
using Memory = std::unique_ptr<BIO, decltype(&BIO_free)>;

net::Listener open_listener(net::Loop& loop) {
  auto listener = net::Listener::open(loop, {.host = "127.0.0.1", .port = 0, .path = {}});
  ensure(listener.has_value(), "no port is free for the test's server");
  return std::move(*listener);
}

Memory memory_of(const std::string& text) {
  return {BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), &BIO_free};
}

int choose_protocol(SSL* /*session*/, const unsigned char** chosen, unsigned char* size,
                    const unsigned char* offered, unsigned offered_size, void* wanted) {
  const auto& name = *static_cast<const std::string*>(wanted);
  if (name.empty()) return SSL_TLSEXT_ERR_NOACK;
  const std::string_view list(reinterpret_cast<const char*>(offered), offered_size);
  const auto at = list.find(static_cast<char>(name.size()) + name);
  if (at == std::string_view::npos) return SSL_TLSEXT_ERR_ALERT_FATAL;
  *chosen = offered + at + 1;
  *size = static_cast<unsigned char>(name.size());
  return SSL_TLSEXT_ERR_OK;
}

// `options` outlives the context.
Context context_of(const TlsPeerOptions& options) {
  Context context(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free);
  const auto chain = memory_of(options.identity.chain);
  X509* certificate = PEM_read_bio_X509(chain.get(), nullptr, nullptr, nullptr);
  while (auto* issuer = PEM_read_bio_X509(chain.get(), nullptr, nullptr, nullptr)) {
    SSL_CTX_add_extra_chain_cert(context.get(), issuer);
  }
  ERR_clear_error();
  EVP_PKEY* key =
      PEM_read_bio_PrivateKey(memory_of(options.identity.key).get(), nullptr, nullptr, nullptr);
  ensure(SSL_CTX_use_certificate(context.get(), certificate) == 1 &&
             SSL_CTX_use_PrivateKey(context.get(), key) == 1,
         "the test's identity fits");
  X509_free(certificate);
  EVP_PKEY_free(key);
  SSL_CTX_set_alpn_select_cb(context.get(), choose_protocol,
                             const_cast<std::string*>(&options.alpn));
  if (!options.ciphers.empty()) {
    SSL_CTX_set_max_proto_version(context.get(), TLS1_2_VERSION);
    ensure(SSL_CTX_set_cipher_list(context.get(), options.ciphers.c_str()) == 1,
           "the test's ciphers exist");
  }
  return context;
}

// Does `step` until it has worked or cannot work; false for the latter.
Task<bool> until_done(net::Descriptor& socket, SSL* session, std::function<int()> step) {
  for (;;) {
    ERR_clear_error();
    const int result = step();
    if (result > 0) co_return true;
    const int error = SSL_get_error(session, result);
    if (error == SSL_ERROR_WANT_READ) {
      co_await socket.readable();
    } else if (error == SSL_ERROR_WANT_WRITE) {
      co_await socket.writable();
    } else {
      co_return false;
    }
  }
}

}  // namespace

TlsPeer::TlsPeer(net::Loop& loop, TlsPeerOptions options)
    : listener_(open_listener(loop)), options_(std::move(options)), tasks_(loop) {
  tasks_.start("accept", accept());
}

TlsPeer::~TlsPeer() = default;

Task<> TlsPeer::close() {
  co_await tasks_.close();
  listener_.close();
}

Task<> TlsPeer::accept() {
  for (;;) tasks_.start("serve", serve(co_await listener_.accept()));
}

Task<> TlsPeer::serve(net::Descriptor connection) {
  const auto options = options_;
  const auto context = context_of(options);
  const Session session(SSL_new(context.get()), &SSL_free);
  auto* native = session.get();
  SSL_set_fd(native, connection.fd());
  if (!co_await until_done(connection, native, [native] { return SSL_accept(native); })) co_return;
  const char* name = SSL_get_servername(native, TLSEXT_NAMETYPE_host_name);
  names_.emplace_back(name ? name : "");
  heard_.emplace_back();
  const auto own = heard_.size() - 1;
  std::array<char, 16384> bytes{};
  while (!options.answer.empty() && !heard_[own].contains("\r\n\r\n")) {
    std::size_t got = 0;
    if (!co_await until_done(connection, native, [native, &bytes, &got] {
          return SSL_read_ex(native, bytes.data(), bytes.size(), &got);
        })) {
      co_return;
    }
    heard_[own].append(bytes.data(), got);
  }
  if (!options.answer.empty()) {
    std::size_t put = 0;
    co_await until_done(connection, native, [native, &options, &put] {
      return SSL_write_ex(native, options.answer.data(), options.answer.size(), &put);
    });
  }
  if (options.ending == Ending::announced) SSL_shutdown(native);
  // Not to reset the connection while its last bytes are under way.
  connection.shutdown_write();
  while (co_await connection.read_some(bytes) > 0) {
  }
}

}  // namespace temps::testbed

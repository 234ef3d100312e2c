#include <openssl/x509v3.h>

#include <cerrno>
#include <utility>

#include "core/check.hpp"
#include "net/errors.hpp"
#include "tls/openssl.hpp"

namespace temps::tls {
namespace {

enum class Step : std::uint8_t { done, wait_read, wait_write, ended, cut_off, failed };

Step step_of(const SSL* session, int result) {
  switch (SSL_get_error(session, result)) {
    case SSL_ERROR_NONE:
      return Step::done;
    case SSL_ERROR_WANT_READ:
      return Step::wait_read;
    case SSL_ERROR_WANT_WRITE:
      return Step::wait_write;
    case SSL_ERROR_ZERO_RETURN:
      return Step::ended;
    case SSL_ERROR_SYSCALL:
      return Step::cut_off;
    default:
      break;
  }
  const auto code = ERR_peek_error();
  const bool early_end = ERR_GET_LIB(code) == ERR_LIB_SSL &&
                         ERR_GET_REASON(code) == SSL_R_UNEXPECTED_EOF_WHILE_READING;
  // What errno says then is of something else.
  if (early_end) errno = 0;
  return early_end ? Step::cut_off : Step::failed;
}

std::string alpn_list(const std::vector<std::string>& protocols) {
  std::string list;
  for (const auto& protocol : protocols) {
    ensure(!protocol.empty() && protocol.size() < 256, "a protocol has a short name");
    list += static_cast<char>(protocol.size());
    list += protocol;
  }
  return list;
}

// The name is sent along (SNI) unless it is an address, for which there is no such field.
void expect_host(SSL* session, const std::string& host) {
  auto* parameters = SSL_get0_param(session);
  if (X509_VERIFY_PARAM_set1_ip_asc(parameters, host.c_str()) == 1) return;
  ERR_clear_error();
  X509_VERIFY_PARAM_set_hostflags(parameters, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  X509_VERIFY_PARAM_set1_host(parameters, host.c_str(), host.size());
  SSL_set_tlsext_host_name(session, host.c_str());
}

// OpenSSL forgets a certificate that it refuses; the error that names it must not. `app_data` of
// the session is where to keep it.
int keep_refused(int accepted, X509_STORE_CTX* verification) {
  if (accepted == 1) return 1;
  auto* session = static_cast<SSL*>(
      X509_STORE_CTX_get_ex_data(verification, SSL_get_ex_data_X509_STORE_CTX_idx()));
  auto* leaf = X509_STORE_CTX_get0_cert(verification);
  auto* kept = static_cast<Certificate*>(SSL_get_app_data(session));
  if (leaf && kept && X509_up_ref(leaf) == 1) kept->reset(leaf);
  return 0;
}

}  // namespace

struct Stream::Session {
  std::shared_ptr<const Trust::Context> context;
  net::Descriptor socket;
  std::unique_ptr<SSL, decltype(&SSL_free)> native{nullptr, &SSL_free};
  Certificate refused{nullptr, &X509_free};

  Task<> wait(Step step) { return step == Step::wait_read ? socket.readable() : socket.writable(); }
};

namespace {

// At once after the call that failed, while errno is its own.
Error broken_by(std::string_view what, Step step) {
  const int system_error = errno;
  const auto reason = queued_error();
  if (step != Step::cut_off) return {net::errors::broken, fmt::format("{}: {}", what, reason)};
  if (system_error == 0) return {net::errors::broken, "the connection was cut off"};
  return {net::errors::broken, std::string(errno_error(std::string(what), system_error).detail())};
}

}  // namespace

Stream::Stream(std::unique_ptr<Session> session) : session_(std::move(session)) {}
Stream::Stream(Stream&& other) noexcept = default;
Stream& Stream::operator=(Stream&& other) noexcept = default;
Stream::~Stream() = default;

Task<Stream> Stream::connect(net::Descriptor socket, Trust trust, Wanted wanted) {
  auto session = std::make_unique<Session>(trust.context_, std::move(socket));
  session->native.reset(SSL_new(trust.context_->native.get()));
  auto* native = session->native.get();
  ensure(native != nullptr && SSL_set_fd(native, session->socket.fd()) == 1, "OpenSSL has memory");
  SSL_set_app_data(native, &session->refused);
  SSL_set_verify(native, SSL_VERIFY_PEER, keep_refused);
  expect_host(native, wanted.host);
  if (const auto list = alpn_list(wanted.alpn); !list.empty()) {
    SSL_set_alpn_protos(native, reinterpret_cast<const unsigned char*>(list.data()),
                        static_cast<unsigned>(list.size()));
  }
  for (;;) {
    ERR_clear_error();
    errno = 0;
    const auto step = step_of(native, SSL_connect(native));
    if (step == Step::done) break;
    if (step == Step::cut_off) co_await fail(broken_by("TLS handshake", step));
    if (step == Step::failed || step == Step::ended) {
      co_await fail(handshake_error(native, session->refused.get(), wanted.host));
    }
    co_await session->wait(step);
  }
  co_return Stream(std::move(session));
}

Task<std::size_t> Stream::read_some(std::span<char> into) {
  for (;;) {
    if (!session_->socket.is_open()) co_await fail(net::errors::closed);
    auto* native = session_->native.get();
    std::size_t got = 0;
    ERR_clear_error();
    errno = 0;
    const int result = SSL_read_ex(native, into.data(), into.size(), &got);
    if (result == 1) co_return got;
    const auto step = step_of(native, result);
    if (step == Step::ended) co_return 0;
    if (step == Step::failed || step == Step::cut_off) co_await fail(broken_by("read", step));
    co_await session_->wait(step);
  }
}

Task<> Stream::write_all(std::string_view bytes) {
  while (!bytes.empty()) {
    if (!session_->socket.is_open()) co_await fail(net::errors::closed);
    auto* native = session_->native.get();
    std::size_t put = 0;
    ERR_clear_error();
    errno = 0;
    const int result = SSL_write_ex(native, bytes.data(), bytes.size(), &put);
    if (result == 1) {
      bytes.remove_prefix(put);
      continue;
    }
    const auto step = step_of(native, result);
    const bool waits = step == Step::wait_read || step == Step::wait_write;
    if (!waits) co_await fail(broken_by("write", step));
    co_await session_->wait(step);
  }
}

void Stream::shutdown_write() {
  if (!session_ || !session_->socket.is_open()) return;
  ERR_clear_error();
  SSL_shutdown(session_->native.get());
  ERR_clear_error();
}

void Stream::close() {
  if (!session_) return;
  shutdown_write();
  session_->socket.close();
}

std::string_view Stream::alpn() const {
  const unsigned char* name = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(session_->native.get(), &name, &size);
  return {reinterpret_cast<const char*>(name), size};
}

std::string_view Stream::protocol() const { return SSL_get_version(session_->native.get()); }

}  // namespace temps::tls

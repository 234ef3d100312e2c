// What all TLS connections have in common: versions, ciphers, session tickets, and the choice of a
// certificate by name. Mozilla's intermediate configuration.
#pragma once
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "proxy/tls_session.hpp"

struct ssl_ctx_st;  // OpenSSL's SSL_CTX

namespace temps::proxy {

// Keys that session tickets are sealed with (RFC 5077 §4), one set for all loops, so that a client
// that meets another loop resumes. Any thread may use it.
class TicketKeys {
 public:
  struct Key {
    std::array<unsigned char, 16> name;
    std::array<unsigned char, 32> encryption;  // AES-256
    std::array<unsigned char, 32> authentication;
    std::chrono::steady_clock::time_point made;
  };
  // A key seals for half a day; tickets that it sealed are opened for a day.
  static constexpr std::chrono::hours seals_for{12};
  static constexpr std::chrono::hours opens_for{24};

  [[nodiscard]] Key sealing();
  struct Opening {
    Key key;
    bool is_old;  // the client should get a new ticket
  };
  [[nodiscard]] std::optional<Opening> opening(const unsigned char* name);

  // For a process that takes over: tickets of the one before go on being good.
  [[nodiscard]] std::vector<Key> all();
  void adopt(std::vector<Key> keys);

 private:
  void rotate();  // with the lock held
  std::mutex mutex_;
  std::vector<Key> keys_;  // the newest first
};

// Where a session finds certificates: what the loop's present table holds.
class CertificateSource {
 public:
  [[nodiscard]] virtual const CertificateStore* certificates() const = 0;

 protected:
  ~CertificateSource() = default;
};

// Who encrypts what is sent: OpenSSL, or the kernel where it does the connection's cipher.
enum class Encryptor : std::uint8_t { openssl, kernel };

// One per loop, so that connections of different loops share no counters.
class TlsContext {
 public:
  TlsContext(const CertificateSource& source, TicketKeys& tickets, Encryptor encryptor);
  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;

  [[nodiscard]] ssl_ctx_st* native() const { return context_; }
  [[nodiscard]] const CertificateSource& source() const { return source_; }
  [[nodiscard]] TicketKeys& tickets() const { return tickets_; }
  [[nodiscard]] bool uses_kernel() const { return encryptor_ == Encryptor::kernel; }

  // Under which a session keeps its context, for callbacks without an argument.
  static int context_index();
  // With versions, ciphers and protocols set, without a certificate.
  static ssl_ctx_st* make_native();

 private:
  const CertificateSource& source_;
  TicketKeys& tickets_;
  const Encryptor encryptor_;
  ssl_ctx_st* context_;
};

}  // namespace temps::proxy

// One TLS connection towards a client: OpenSSL over memory, so that one read of the socket feeds
// many records and many records leave in one write.
#pragma once
#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "proxy/certificates.hpp"
#include "proxy/transport.hpp"

struct ssl_st;  // OpenSSL's SSL

namespace temps::proxy {

class TlsContext;

// What the sessions of one loop share: buffers that are empty between two calls.
struct TlsBuffers {
  TlsBuffers();
  static constexpr std::size_t input_bytes = 64UL * 1024;
  static constexpr std::size_t record_bytes = 16UL * 1024;  // RFC 8446 §5.1
  std::unique_ptr<char[]> input;
  std::unique_ptr<char[]> record;
  std::string output;
};

enum class Protocol : std::uint8_t { http1, http2, acme };

class TlsSession {
 public:
  TlsSession(TlsContext& context, TlsBuffers& buffers);
  ~TlsSession();
  TlsSession(const TlsSession&) = delete;
  TlsSession& operator=(const TlsSession&) = delete;

  // `done` when the peers have agreed, `would_block` when there is more to come.
  Io shake_hands(Transport& transport);
  // As agreed in the handshake.
  [[nodiscard]] Protocol protocol() const { return protocol_; }
  // The name that the client asked for, lower case; empty where it gave none.
  [[nodiscard]] const std::string& server_name() const { return server_name_; }
  // Is the certificate that was shown good for this host? A client that gave no name may ask for
  // any.
  [[nodiscard]] bool covers(std::string_view host) const;

  IoResult read(Transport& transport, std::span<char> into);
  // Takes all of it or, while earlier output waits, nothing.
  IoResult write(Transport& transport, std::span<const iovec> parts);
  IoResult send_file(Transport& transport, int file, off_t& offset, std::size_t count);
  Io flush(Transport& transport);
  // Tells the peer that nothing more follows.
  void send_close(Transport& transport);
  // Bytes that were read from the socket, but not given out yet.
  [[nodiscard]] bool has_input() const;
  [[nodiscard]] bool has_output() const { return !waiting_.empty(); }

  // For the callbacks of the handshake.
  void note_protocol(Protocol protocol) { protocol_ = protocol; }
  void note_server_name(std::string_view name);
  void note_identity(std::shared_ptr<const TlsIdentity> identity);

 private:
  friend struct TlsMemory;
  enum class Sending : std::uint8_t { now, later };
  Io refill(Transport& transport, std::size_t wanted);
  Io drain(Transport& transport, Sending sending);
  bool encrypt(std::span<const iovec> parts);
  void keep_input();

  TlsBuffers& buffers_;
  ssl_st* ssl_;
  std::string_view input_;  // ciphertext for OpenSSL to take; in buffers_.input or left_
  std::string left_;        // ciphertext that was not taken before read() had enough
  ByteQueue waiting_;       // ciphertext that the kernel has not taken yet
  std::shared_ptr<const TlsIdentity> identity_;
  std::string server_name_;
  Protocol protocol_ = Protocol::http1;
};

}  // namespace temps::proxy

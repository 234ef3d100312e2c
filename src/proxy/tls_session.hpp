// One TLS connection towards a client: OpenSSL over memory, so that one read of the socket feeds
// many records and many records leave in one write. Where the kernel encrypts (kernel_tls.hpp),
// what is sent goes to the socket as it is.
#pragma once
#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "proxy/certificates.hpp"
#include "proxy/kernel_tls.hpp"
#include "proxy/transport.hpp"

struct bio_st;  // OpenSSL's BIO
struct ssl_st;  // … and SSL

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
  // Takes all of it or, while earlier output waits, nothing; but where the kernel encrypts, what
  // there is room for.
  IoResult write(Transport& transport, std::span<const iovec> parts);
  IoResult send_file(Transport& transport, int file, off_t& offset, std::size_t count);
  Io flush(Transport& transport);
  // Tells the peer that nothing more follows.
  void send_close(Transport& transport);
  // Bytes that were read from the socket, but not given out yet.
  [[nodiscard]] bool has_input() const;
  [[nodiscard]] bool has_output() const { return !waiting_.empty() || !kernel_.all_sent(); }
  // Since the handshake, where it does at all.
  [[nodiscard]] bool is_sent_by_kernel() const { return kernel_.is_on(); }
  // Of what was written plainly.
  IoResult note_sent(Transport& transport, IoResult sent);

  // For the callbacks of the handshake.
  void note_protocol(Protocol protocol) { protocol_ = protocol; }
  void note_server_name(std::string_view name);
  void note_identity(std::shared_ptr<const TlsIdentity> identity);
  // The client wants us to send with new keys.
  void note_keys_asked() { keys_asked_ = true; }

 private:
  friend struct TlsMemory;
  enum class Sending : std::uint8_t { now, later };
  Io refill(Transport& transport, std::size_t wanted);
  Io drain(Transport& transport, Sending sending);
  bool encrypt(std::span<const iovec> parts);
  void keep_input();
  bool start_kernel(void* keys);
  int send_record(bio_st* bio, std::string_view text);
  void let_go(Transport& transport);

  TlsBuffers& buffers_;
  ssl_st* ssl_;
  std::string_view input_;  // ciphertext for OpenSSL to take; in buffers_.input or left_
  std::string left_;        // ciphertext that was not taken before read() had enough
  ByteQueue waiting_;       // ciphertext that the kernel has not taken yet
  std::shared_ptr<const TlsIdentity> identity_;
  std::string server_name_;
  Protocol protocol_ = Protocol::http1;
  KernelTls kernel_;
  Transport* transport_ = nullptr;  // of the present call into OpenSSL
  std::uint8_t record_type_ = 0;    // of the next record that OpenSSL writes by the kernel
  bool keys_asked_ = false;
};

}  // namespace temps::proxy

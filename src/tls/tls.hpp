// TLS 1.2 and 1.3 as a client, over a connected socket. For the control plane; the data plane has
// its own.
#pragma once
#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/task.hpp"
#include "net/descriptor.hpp"
#include "tls/errors.hpp"

namespace temps::tls {

// Whose certificates are believed: the authorities of this machine (SSL_CERT_FILE and SSL_CERT_DIR
// are honoured), and those of one more file. Immutable; a copy costs a reference count, so load it
// once and keep it.
class Trust {
 public:
  // Fails with `tls.bad_ca_file`: not there, or no certificate in it. Certificates that it holds
  // need not be roots. An empty path means the machine's own only.
  static Result<Trust> load(const std::filesystem::path& extra_file = {});

 private:
  friend class Stream;
  struct Context;
  explicit Trust(std::shared_ptr<const Context> context) : context_(std::move(context)) {}
  std::shared_ptr<const Context> context_;
};

struct Wanted {
  std::string host;                 // whose certificate it must be: a name or an IP address
  std::vector<std::string> alpn{};  // protocols offered, the best first
};

// An encrypted connection. Moves, does not copy. At most one task may read and one write at a time.
class Stream {
 public:
  // The handshake, name and chain checked. Fails with `tls.unknown_issuer`, `tls.wrong_name`,
  // `tls.expired`, `tls.bad_certificate`, `tls.handshake_failed`, `net.broken`. Has no time limit
  // of its own: wrap it in within().
  static Task<Stream> connect(net::Descriptor socket, Trust trust, Wanted wanted);

  Stream(Stream&& other) noexcept;
  Stream& operator=(Stream&& other) noexcept;
  ~Stream();

  // At least one byte, or 0 once the other side has said that it ends. A connection that is cut off
  // without that word fails with `net.broken`, so that nobody takes half an answer for a whole one.
  Task<std::size_t> read_some(std::span<char> into);
  // All of it. Fails with `net.broken`; some of it may have been written then. After a write that
  // was called off midway, only close() makes sense.
  Task<> write_all(std::string_view bytes);
  // Says that nothing more will be written, as far as the socket takes it without waiting.
  void shutdown_write();
  void close();

  [[nodiscard]] std::string_view alpn() const;      // what was agreed on; empty for none
  [[nodiscard]] std::string_view protocol() const;  // "TLSv1.3"

 private:
  struct Session;
  explicit Stream(std::unique_ptr<Session> session);
  std::unique_ptr<Session> session_;
};

}  // namespace temps::tls

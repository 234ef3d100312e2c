// Kernel TLS (linux/tls.h): the kernel encrypts what a connection sends, so that files and bodies
// go out without passing through here. Only for sending; OpenSSL decrypts what comes, as always.
//
// OpenSSL offers the keys to the BIO that it writes to, once all that is encrypted with others has
// left it; TlsSession's BIO passes them on to start(). Everything that could not be as it is
// without the kernel's part is here:
//
// - Records that are no data (tickets, alerts) have to carry their type beside them: send_record().
// - The kernel takes a record as a whole and gives it to TCP in parts. What TCP has not yet is lost
//   where the socket is shut down: all_sent() has to be asked before.
// - Keys are set once. A client that asks for new ones (RFC 8446 §4.6.3) has to be let go.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "proxy/transport.hpp"

namespace temps::proxy {

class KernelTls {
 public:
  // Can this kernel do it? Tried with a connection on the loopback interface. A root process may
  // load the module by this.
  static bool is_offered();

  // From here on the kernel encrypts what is sent on `fd`. `keys` is OpenSSL's. False where the
  // kernel does not do this cipher or version; then nothing has changed.
  bool start(int fd, void* keys);
  [[nodiscard]] bool is_on() const { return is_on_; }

  // What OpenSSL asks of a BIO that sends by the kernel. Its names for them are in a header of its
  // own alone, the numbers in <openssl/bio.h>.
  enum Command : int { set_keys = 72, is_sending = 73, set_record_type = 74, forget_type = 75 };
  static constexpr long for_reading = 0;  // the number beside set_keys; any other: for sending

  // One whole record of another type than data. `done`, `would_block` or `failed`.
  static Io send_record(int fd, std::uint8_t type, std::string_view text);
  static constexpr std::uint8_t alert_record = 21;  // RFC 8446 §5.1
  static constexpr std::uint8_t handshake_record = 22;

  // Data was sent.
  void note_sent(int fd, std::size_t bytes);
  // Does TCP have all of it? False until look() has found it so.
  [[nodiscard]] bool all_sent() const { return all_sent_; }
  // Else an event says when it is worth looking again.
  bool look(int fd);

 private:
  // After a look TCP has room for at least this much (a third of its buffer is free then, and the
  // smallest buffer of a connection is 46 KiB with what the kernel adds to each packet).
  static constexpr std::size_t unlooked_max = 4096;

  std::size_t unlooked_ = 0;  // sent since
  bool is_on_ = false;
  bool all_sent_ = true;
};

}  // namespace temps::proxy

#include "proxy/tls_session.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "core/check.hpp"
#include "core/text.hpp"
#include "proxy/tls_context.hpp"

namespace temps::proxy {

namespace {

// The tickets of a handshake are smaller.
constexpr std::size_t small_output = 2048;

// Told of the handshake's messages where the kernel encrypts: a client that wants us to go on with
// new keys says so in a KeyUpdate (RFC 8446 §4.6.3).
void look_at_message(int is_ours, int, int type, const void* text, std::size_t size, SSL* ssl,
                     void*) {
  constexpr std::size_t header_bytes = 4;
  const auto* bytes = static_cast<const unsigned char*>(text);
  if (is_ours == 0 && type == SSL3_RT_HANDSHAKE && size > header_bytes &&
      bytes[0] == SSL3_MT_KEY_UPDATE && bytes[header_bytes] == SSL_KEY_UPDATE_REQUESTED)
    static_cast<TlsSession*>(SSL_get_app_data(ssl))->note_keys_asked();
}

}  // namespace

// The socket that OpenSSL sees: it reads what refill() has brought and writes into the loop's
// buffer.
struct TlsMemory {
  static TlsSession& session(BIO* bio) { return *static_cast<TlsSession*>(::BIO_get_data(bio)); }

  static int read(BIO* bio, char* into, int size) {
    auto& input = session(bio).input_;
    ::BIO_clear_retry_flags(bio);
    if (input.empty()) {
      ::BIO_set_retry_read(bio);
      return -1;
    }
    const auto count = std::min(input.size(), static_cast<std::size_t>(size));
    std::memcpy(into, input.data(), count);
    input.remove_prefix(count);
    return static_cast<int>(count);
  }

  static int write(BIO* bio, const char* from, int size) {
    ::BIO_clear_retry_flags(bio);
    const std::string_view text(from, static_cast<std::size_t>(size));
    if (session(bio).kernel_.is_on()) return session(bio).send_record(bio, text);
    session(bio).buffers_.output.append(text);
    return size;
  }

  static long control(BIO* bio, int command, long number, void* pointer) {
    switch (command) {
      case BIO_CTRL_FLUSH:
      case BIO_CTRL_PUSH:
      case BIO_CTRL_POP:
        return 1;
      case KernelTls::set_keys:
        return number != KernelTls::for_reading && session(bio).start_kernel(pointer) ? 1 : 0;
      case KernelTls::is_sending:
        return session(bio).kernel_.is_on() ? 1 : 0;
      case KernelTls::set_record_type:
        session(bio).record_type_ = static_cast<std::uint8_t>(number);
        return 0;
      case KernelTls::forget_type:
        session(bio).record_type_ = 0;
        return 0;
      default:
        return 0;
    }
  }

  static int create(BIO* bio) {
    ::BIO_set_init(bio, 1);
    return 1;
  }

  static BIO_METHOD* make_method() {
    auto* method = ::BIO_meth_new(::BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "loop memory");
    ensure(method != nullptr, "OpenSSL has no memory for a BIO method");
    ::BIO_meth_set_read(method, &read);
    ::BIO_meth_set_write(method, &write);
    ::BIO_meth_set_ctrl(method, &control);
    ::BIO_meth_set_create(method, &create);
    return method;
  }

  static BIO_METHOD* method() {
    static BIO_METHOD* const made = make_method();
    return made;
  }
};

TlsBuffers::TlsBuffers()
    : input(std::make_unique_for_overwrite<char[]>(input_bytes)),
      record(std::make_unique_for_overwrite<char[]>(record_bytes)) {}

TlsSession::TlsSession(TlsContext& context, TlsBuffers& buffers)
    : buffers_(buffers), ssl_(::SSL_new(context.native())) {
  ensure(ssl_ != nullptr, "OpenSSL has no memory for a connection");
  auto* bio = ::BIO_new(TlsMemory::method());
  ensure(bio != nullptr, "OpenSSL has no memory for a connection");
  ::BIO_set_data(bio, this);
  ::SSL_set_bio(ssl_, bio, bio);
  SSL_set_app_data(ssl_, this);
  ::SSL_set_ex_data(ssl_, TlsContext::context_index(), &context);
  if (context.uses_kernel()) ::SSL_set_options(ssl_, SSL_OP_ENABLE_KTLS);
  ::SSL_set_accept_state(ssl_);
}

TlsSession::~TlsSession() {
  ::SSL_set_quiet_shutdown(ssl_, 1);
  ::SSL_free(ssl_);
  buffers_.output.clear();
}

bool TlsSession::covers(std::string_view host) const {
  return server_name_.empty() || (identity_ != nullptr && identity_->covers(host));
}

void TlsSession::note_server_name(std::string_view name) { server_name_ = lowered(name); }

void TlsSession::note_identity(std::shared_ptr<const TlsIdentity> identity) {
  identity_ = std::move(identity);
}

bool TlsSession::has_input() const { return !left_.empty() || ::SSL_pending(ssl_) > 0; }

// Reads ciphertext from the socket, no more than a little beyond what is wanted.
Io TlsSession::refill(Transport& transport, std::size_t wanted) {
  constexpr std::size_t beside_records = 2048;
  const auto room = std::min(TlsBuffers::input_bytes, wanted + beside_records);
  const auto got = transport.read_socket({buffers_.input.get(), room});
  if (got.status == Io::done) input_ = {buffers_.input.get(), got.bytes};
  return got.status;
}

void TlsSession::keep_input() {
  left_.assign(input_);
  if (left_.empty()) left_.shrink_to_fit();
  input_ = {};
}

// Sends what OpenSSL has written, behind what waits already.
Io TlsSession::drain(Transport& transport, Sending sending) {
  auto& output = buffers_.output;
  if (output.empty()) return Io::done;
  std::string_view rest = output;
  if (sending == Sending::now && waiting_.empty() && transport.is_writable()) {
    const iovec part{const_cast<char*>(rest.data()), rest.size()};
    const auto sent = transport.write_socket({&part, 1});
    if (sent.status == Io::failed) {
      output.clear();
      return Io::failed;
    }
    rest.remove_prefix(sent.bytes);
  }
  if (!rest.empty()) waiting_.append(rest);
  output.clear();
  return Io::done;
}

// OpenSSL is about to send with these keys for the first time, and for good. What it has encrypted
// with earlier ones has to be with TCP by then; else, and where the kernel declines, it goes on
// encrypting itself.
bool TlsSession::start_kernel(void* keys) {
  if (drain(*transport_, Sending::now) != Io::done || !waiting_.empty()) return false;
  if (!kernel_.start(transport_->fd_, keys)) return false;
  ::SSL_set_msg_callback(ssl_, look_at_message);
  return true;
}

// What OpenSSL writes when the kernel encrypts: all but data, which it does not get to see.
int TlsSession::send_record(bio_st* bio, std::string_view text) {
  if (record_type_ == 0 || keys_asked_) return -1;
  const auto sent = KernelTls::send_record(transport_->fd_, record_type_, text);
  if (sent == Io::would_block) {
    transport_->writable_ = false;
    ::BIO_set_retry_write(bio);
  }
  if (sent != Io::done) return -1;
  record_type_ = 0;
  return static_cast<int>(text.size());
}

// The kernel keeps its keys, and without new ones the client takes nothing more.
void TlsSession::let_go(Transport& transport) {
  constexpr char fatal = 2;
  constexpr char internal_error = 80;  // RFC 8446 §6
  constexpr std::array alert{fatal, internal_error};
  static_cast<void>(
      KernelTls::send_record(transport.fd_, KernelTls::alert_record, {alert.data(), alert.size()}));
  ::shutdown(transport.fd_, SHUT_WR);
}

IoResult TlsSession::note_sent(Transport& transport, IoResult sent) {
  if (sent.status == Io::would_block) {
    kernel_.look(transport.fd_);
  } else {
    kernel_.note_sent(transport.fd_, sent.bytes);
  }
  // The next event tells of room.
  if (!kernel_.all_sent()) transport.writable_ = false;
  return sent;
}

Io TlsSession::flush(Transport& transport) {
  if (!kernel_.all_sent()) {
    if (!transport.is_writable()) return Io::would_block;
    if (!kernel_.look(transport.fd_)) {
      transport.writable_ = false;
      return Io::would_block;
    }
  }
  while (!waiting_.empty()) {
    if (!transport.is_writable()) return Io::would_block;
    const auto text = waiting_.view();
    const iovec part{const_cast<char*>(text.data()), text.size()};
    const auto sent = transport.write_socket({&part, 1});
    if (sent.status != Io::done) return sent.status;
    waiting_.take(sent.bytes);
  }
  return Io::done;
}

Io TlsSession::shake_hands(Transport& transport) {
  transport_ = &transport;
  if (flush(transport) == Io::failed) return Io::failed;
  for (;;) {
    ::ERR_clear_error();
    const int result = ::SSL_accept(ssl_);
    if (result == 1) {
      keep_input();
      // The tickets go out with the first answer where its request is here already.
      const auto sending = left_.empty() ? Sending::now : Sending::later;
      return drain(transport, sending) == Io::failed ? Io::failed : Io::done;
    }
    const int why = ::SSL_get_error(ssl_, result);
    if (drain(transport, Sending::now) == Io::failed) return Io::failed;
    if (why == SSL_ERROR_WANT_WRITE) return Io::would_block;  // a ticket, by the kernel
    if (why != SSL_ERROR_WANT_READ) return Io::failed;
    const auto filled = refill(transport, TlsBuffers::record_bytes);
    if (filled != Io::done) return filled == Io::closed ? Io::failed : filled;
  }
}

IoResult TlsSession::read(Transport& transport, std::span<char> into) {
  transport_ = &transport;
  // Ciphertext of last time; it is replaced only when all of it is used up.
  std::string held = std::exchange(left_, {});
  input_ = held;
  std::size_t got = 0;
  Io status = Io::done;
  while (got < into.size()) {
    ::ERR_clear_error();
    const int count = ::SSL_read(ssl_, into.data() + got, static_cast<int>(into.size() - got));
    if (count > 0) {
      got += static_cast<std::size_t>(count);
      continue;
    }
    const int why = ::SSL_get_error(ssl_, count);
    if (why == SSL_ERROR_ZERO_RETURN) {
      transport.peer_closed_ = true;
      status = Io::closed;
      break;
    }
    if (why != SSL_ERROR_WANT_READ) {
      status = Io::failed;
      break;
    }
    status = transport.readable_ ? refill(transport, into.size() - got) : Io::would_block;
    if (status != Io::done) break;
  }
  keep_input();
  if (drain(transport, Sending::now) == Io::failed) status = Io::failed;
  if (keys_asked_ && kernel_.is_on()) {
    let_go(transport);
    status = Io::failed;
  }
  if (status == Io::failed) transport.broken_ = true;
  if (got > 0) return {Io::done, got};
  return {status};
}

// Small parts are put together, so that head and body of a small answer are one record.
bool TlsSession::encrypt(std::span<const iovec> parts) {
  std::size_t filled = 0;
  const auto write_record = [&](const char* text, std::size_t size) {
    ::ERR_clear_error();
    return ::SSL_write(ssl_, text, static_cast<int>(size)) == static_cast<int>(size);
  };
  for (const auto& part : parts) {
    std::string_view text(static_cast<const char*>(part.iov_base), part.iov_len);
    while (!text.empty()) {
      if (filled == 0 && text.size() >= TlsBuffers::record_bytes) {
        if (!write_record(text.data(), TlsBuffers::record_bytes)) return false;
        text.remove_prefix(TlsBuffers::record_bytes);
        continue;
      }
      const auto count = std::min(text.size(), TlsBuffers::record_bytes - filled);
      std::memcpy(buffers_.record.get() + filled, text.data(), count);
      text.remove_prefix(count);
      filled += count;
      if (filled < TlsBuffers::record_bytes) continue;
      if (!write_record(buffers_.record.get(), filled)) return false;
      filled = 0;
    }
  }
  return filled == 0 || write_record(buffers_.record.get(), filled);
}

IoResult TlsSession::write(Transport& transport, std::span<const iovec> parts) {
  if (!transport.is_writable()) return {Io::would_block};
  if (kernel_.is_on()) return note_sent(transport, transport.write_socket(parts));
  std::size_t total = 0;
  for (const auto& part : parts) total += part.iov_len;
  if (waiting_.size() > small_output) {
    // What a slow peer has not taken comes first.
    const auto flushed = flush(transport);
    if (flushed != Io::done) return {flushed};
  } else if (!waiting_.empty()) {
    // What the handshake has left goes along.
    buffers_.output.assign(waiting_.view());
    waiting_ = {};
  }
  if (!encrypt(parts)) {
    buffers_.output.clear();
    return {Io::failed};
  }
  if (drain(transport, Sending::now) == Io::failed) return {Io::failed};
  return {Io::done, total};
}

IoResult TlsSession::send_file(Transport& transport, int file, off_t& offset, std::size_t count) {
  if (kernel_.is_on())
    return note_sent(transport, transport.send_file_to_socket(file, offset, count));
  if (has_output()) {
    const auto flushed = flush(transport);
    if (flushed != Io::done) return {flushed};
  }
  const auto wanted = std::min(count, TlsBuffers::input_bytes);
  const auto got = ::pread(file, buffers_.input.get(), wanted, offset);
  if (got < 0) return {Io::failed};
  if (got == 0) return {Io::closed};
  const iovec part{buffers_.input.get(), static_cast<std::size_t>(got)};
  const auto sent = write(transport, {&part, 1});
  if (sent.status == Io::done) offset += got;
  return sent;
}

void TlsSession::send_close(Transport& transport) {
  transport_ = &transport;
  ::ERR_clear_error();
  ::SSL_shutdown(ssl_);
  static_cast<void>(drain(transport, Sending::now));
}

}  // namespace temps::proxy

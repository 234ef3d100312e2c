// Bytes in and out of one non-blocking connection, and what waits to go out.
//
// Everything above sees a connection through these classes only; whether it is encrypted is decided
// here.
#pragma once
#include <sys/types.h>
#include <sys/uio.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace temps::proxy {

enum class Io : std::uint8_t {
  done,         // some bytes went through
  would_block,  // wait for the next event
  closed,       // the peer will send no more
  failed,       // the connection is broken
};

struct IoResult {
  Io status;
  std::size_t bytes = 0;
};

class TlsSession;

class Transport {
 public:
  explicit Transport(int fd);
  // `tls` has not shaken hands yet.
  Transport(int fd, std::unique_ptr<TlsSession> tls);
  ~Transport();
  Transport(Transport&& other) noexcept;
  Transport& operator=(Transport&&) = delete;

  [[nodiscard]] int fd() const { return fd_; }
  // nullptr on connections without TLS.
  [[nodiscard]] TlsSession* tls() const { return tls_.get(); }
  // Takes in what epoll reported.
  void note(std::uint32_t events);
  // May a read or write succeed? False from EAGAIN until the next event.
  [[nodiscard]] bool is_readable() const { return readable_ || (tls_ != nullptr && has_input()); }
  [[nodiscard]] bool is_writable() const { return writable_; }
  // Has the kernel not yet taken all of what write() accepted? Only with TLS.
  [[nodiscard]] bool has_output() const { return tls_ != nullptr && has_ciphertext(); }
  // The peer has said that it sends no more; bytes may still be waiting to be read.
  [[nodiscard]] bool is_peer_closed() const { return peer_closed_; }
  [[nodiscard]] bool is_broken() const { return broken_; }

  IoResult read(std::span<char> into);
  IoResult write(std::span<const iovec> parts);
  // Sends what has_output() tells of. `done` when all of it has left, `would_block` or `failed`.
  Io flush();
  // Sends from the file at `offset`, which moves on. `closed`: the file has ended early.
  IoResult send_file(int file, off_t& offset, std::size_t count);
  // Does what is written reach the kernel as it is? Not where TLS is done here.
  [[nodiscard]] bool writes_plainly() const;
  // Moves up to `count` bytes into, or out of, a pipe. The latter only where is written plainly,
  // the former not with TLS.
  IoResult splice_to(int pipe, std::size_t count);
  IoResult splice_from(int pipe, std::size_t count);
  // Sends FIN; reading goes on.
  void finish_writing();
  // How many bytes the peer's system has taken since the connection began.
  [[nodiscard]] std::uint64_t bytes_taken() const;
  // 0, or why connecting failed.
  [[nodiscard]] int connect_error() const;
  // Is there a FIN or an error that no event has told of yet?
  [[nodiscard]] bool is_stale() const;

 private:
  friend class TlsSession;
  [[nodiscard]] bool has_input() const;
  [[nodiscard]] bool has_ciphertext() const;
  IoResult read_socket(std::span<char> into);
  IoResult write_socket(std::span<const iovec> parts);
  IoResult send_file_to_socket(int file, off_t& offset, std::size_t count);
  IoResult splice_to_socket(int pipe, std::size_t count);

  int fd_;
  bool readable_ = true;
  bool writable_ = true;
  bool peer_closed_ = false;
  bool broken_ = false;
  std::unique_ptr<TlsSession> tls_;
};

// What a queue that is not empty holds.
struct QueuedBytes {
  std::string bytes;
  std::size_t taken = 0;
};

// Where queues that are filled and emptied with every request get their memory from. Belongs to one
// loop and outlives its queues.
class ByteStore {
 public:
  [[nodiscard]] std::unique_ptr<QueuedBytes> take();
  void give(std::unique_ptr<QueuedBytes> bytes);

 private:
  static constexpr std::size_t kept_max = 256;
  static constexpr std::size_t capacity_max = 4096;  // what has grown larger is not kept
  std::vector<std::unique_ptr<QueuedBytes>> kept_;
};

// Bytes that are appended behind and taken from the front. Keeps no memory while it is empty.
class ByteQueue {
 public:
  ByteQueue() = default;
  explicit ByteQueue(ByteStore& store) : held_(nullptr, {&store}) {}
  [[nodiscard]] bool empty() const { return held_ == nullptr; }
  [[nodiscard]] std::size_t size() const { return view().size(); }
  [[nodiscard]] std::string_view view() const [[clang::lifetimebound]] {
    return held_ == nullptr ? std::string_view{}
                            : std::string_view(held_->bytes).substr(held_->taken);
  }
  void append(std::string_view text);
  void take(std::size_t count);

 private:
  struct GiveBack {
    ByteStore* store;  // nullptr: none
    void operator()(QueuedBytes* bytes) const;
  };
  std::unique_ptr<QueuedBytes, GiveBack> held_;  // never without a byte
};

// Parts of one message on their way to one writev.
class Gather {
 public:
  static constexpr std::size_t capacity = 64;
  // Places that are kept free in front for a head and a chunk's size, and behind for a chunk's end
  // and the last chunk.
  static constexpr std::size_t framing_parts = 2;
  enum class Framing : std::uint8_t { none, room };

  explicit Gather(Framing framing = Framing::none)
      : first_(framing == Framing::room ? framing_parts : 0), size_(first_) {
    for (std::size_t i = 0; i < first_; ++i) parts_[i] = {nullptr, 0};
  }
  void add(std::string_view text) {
    if (!text.empty()) parts_[size_++] = {const_cast<char*>(text.data()), text.size()};
  }
  // Of the places in front; an unfilled one is empty.
  void set(std::size_t place, std::string_view text) {
    parts_[place] = {const_cast<char*>(text.data()), text.size()};
  }
  [[nodiscard]] bool has_room(std::size_t parts) const { return size_ + parts <= capacity; }
  [[nodiscard]] std::span<const iovec> parts() const { return {parts_.data(), size_}; }
  // Without the places in front.
  [[nodiscard]] std::span<const iovec> data() const { return parts().subspan(first_); }
  [[nodiscard]] std::uint64_t bytes() const {
    std::uint64_t sum = 0;
    for (const auto& part : data()) sum += part.iov_len;
    return sum;
  }

 private:
  std::array<iovec, capacity> parts_;
  std::size_t first_;
  std::size_t size_;
};

// Output of one connection: sent at once as far as the kernel takes it, the rest waits.
class Outbox {
 public:
  // Nothing waits here; the transport may still has_output().
  [[nodiscard]] bool empty() const { return waiting_.empty(); }
  [[nodiscard]] std::size_t size() const { return waiting_.size(); }
  // `failed` when the connection is broken, else `done`.
  Io send(Transport& transport, std::span<const iovec> parts);
  Io send(Transport& transport, std::string_view text);
  Io flush(Transport& transport);
  void queue(std::string_view text) { waiting_.append(text); }  // for a later flush
  void drop() { waiting_ = {}; }

 private:
  ByteQueue waiting_;
};

}  // namespace temps::proxy

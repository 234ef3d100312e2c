// Bytes in and out of one non-blocking connection, and what waits to go out.
//
// Everything above sees a connection through these two classes only: TLS becomes another way to
// read, write and send files here.
#pragma once
#include <sys/types.h>
#include <sys/uio.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

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

class Transport {
 public:
  explicit Transport(int fd) : fd_(fd) {}
  ~Transport();
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;

  [[nodiscard]] int fd() const { return fd_; }
  // Takes in what epoll reported.
  void note(std::uint32_t events);
  // May a read or write succeed? False from EAGAIN until the next event.
  [[nodiscard]] bool is_readable() const { return readable_; }
  [[nodiscard]] bool is_writable() const { return writable_; }
  // The peer has said that it sends no more; bytes may still be waiting to be read.
  [[nodiscard]] bool is_peer_closed() const { return peer_closed_; }
  [[nodiscard]] bool is_broken() const { return broken_; }

  IoResult read(std::span<char> into);
  IoResult write(std::span<const iovec> parts);
  // Sends from the file at `offset`, which moves on. `closed`: the file has ended early.
  IoResult send_file(int file, off_t& offset, std::size_t count);
  // Sends FIN; reading goes on.
  void finish_writing();
  // 0, or why connecting failed.
  [[nodiscard]] int connect_error() const;
  // Is there a FIN or an error that no event has told of yet?
  [[nodiscard]] bool is_stale() const;

 private:
  int fd_;
  bool readable_ = true;
  bool writable_ = true;
  bool peer_closed_ = false;
  bool broken_ = false;
};

// Bytes that are appended behind and taken from the front. Keeps no memory while it is empty.
class ByteQueue {
 public:
  [[nodiscard]] bool empty() const { return bytes_.empty(); }
  [[nodiscard]] std::size_t size() const { return bytes_.size() - taken_; }
  [[nodiscard]] std::string_view view() const [[clang::lifetimebound]] {
    return std::string_view(bytes_).substr(taken_);
  }
  void append(std::string_view text) { bytes_.append(text); }
  void take(std::size_t count);

 private:
  std::string bytes_;
  std::size_t taken_ = 0;
};

// Parts of one message on their way to one writev.
class Gather {
 public:
  static constexpr std::size_t capacity = 64;
  void add(std::string_view text) {
    if (!text.empty()) parts_[size_++] = {const_cast<char*>(text.data()), text.size()};
  }
  // A place to be filled by set(); an unfilled one is empty.
  std::size_t reserve() {
    parts_[size_] = {nullptr, 0};
    return size_++;
  }
  void set(std::size_t place, std::string_view text) {
    parts_[place] = {const_cast<char*>(text.data()), text.size()};
  }
  [[nodiscard]] bool has_room(std::size_t parts) const { return size_ + parts <= capacity; }
  [[nodiscard]] std::span<const iovec> parts() const { return {parts_.data(), size_}; }

 private:
  std::array<iovec, capacity> parts_;
  std::size_t size_ = 0;
};

// Output of one connection: sent at once as far as the kernel takes it, the rest waits.
class Outbox {
 public:
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

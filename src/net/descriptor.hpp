// A file descriptor that tasks can wait on: sockets, pipes, pidfds.
#pragma once
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/task.hpp"
#include "net/loop.hpp"

namespace temps::net {

// Owns the descriptor, which is made non-blocking. Moves, does not copy. At most one task may wait
// for reading and one for writing at a time. Must not outlive its loop.
class Descriptor {
 public:
  Descriptor(Loop& loop, int fd);
  Descriptor(Descriptor&& other) noexcept;
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor();

  [[nodiscard]] int fd() const;
  [[nodiscard]] bool is_open() const;
  Task<> readable();
  Task<> writable();

  // At least one byte, or 0 at the end of the stream. Fails with `net.broken`.
  Task<std::size_t> read_some(std::span<char> into);
  // All of it. Fails with `net.broken`; some of it may have been written then.
  Task<> write_all(std::string_view bytes);
  // Everything up to the end of the stream. Fails with `net.broken` when it is longer than `limit`.
  Task<std::string> read_to_end(std::size_t limit);

  // Says that nothing more will be written (sockets only).
  void shutdown_write();
  void close();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

struct Pipe {
  Descriptor reading;
  int writing;  // a plain blocking descriptor to hand to a child; the caller closes it
};
Result<Pipe> make_pipe(Loop& loop);

}  // namespace temps::net

#include "proxy/splice_pipe.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>

namespace temps::proxy {
namespace {

// What the kernel lets an ordinary user have in one pipe.
constexpr int wanted_capacity = 1024 * 1024;

}  // namespace

std::unique_ptr<SplicePipe> SplicePipe::open() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_NONBLOCK | O_CLOEXEC) != 0) return nullptr;
  ::fcntl(ends[1], F_SETPIPE_SZ, wanted_capacity);
  const int capacity = ::fcntl(ends[1], F_GETPIPE_SZ);
  return std::unique_ptr<SplicePipe>(
      new SplicePipe(ends[0], ends[1], static_cast<std::size_t>(std::max(capacity, 4096))));
}

SplicePipe::~SplicePipe() {
  ::close(reading_);
  ::close(writing_);
}

IoResult SplicePipe::take_from(Transport& transport, std::size_t count) {
  const auto got = transport.splice_to(writing_, std::min(count, capacity_ - held_));
  held_ += got.bytes;
  return got;
}

IoResult SplicePipe::give_to(Transport& transport) {
  const auto given = transport.splice_from(reading_, held_);
  held_ -= given.bytes;
  return given;
}

}  // namespace temps::proxy

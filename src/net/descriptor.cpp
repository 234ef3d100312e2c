#include "net/descriptor.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "net/asio.hpp"
#include "net/errors.hpp"

namespace temps::net {

namespace asio = boost::asio;
using Native = asio::posix::stream_descriptor;

struct Descriptor::Impl {
  Native native;

  External<void> ready(Native::wait_type what) {
    return {.start = [this, what](Completer<void> done) -> External<void>::Abort {
      auto stop = std::make_shared<asio::cancellation_signal>();
      native.async_wait(what,
                        asio::bind_cancellation_slot(
                            stop->slot(), [done, stop](const boost::system::error_code& error) {
                              if (!error) return done({});
                              done(fail(errors::broken, "the connection was closed here"));
                            }));
      return [stop] { stop->emit(asio::cancellation_type::all); };
    }};
  }
};

namespace {
Error broken_by(std::string_view what) { return errno_error(std::string(what), errno); }
Error broken_connection(std::string_view what) {
  const auto cause = broken_by(what);
  return {errors::broken, std::string(cause.detail())};
}

bool is_ready(int fd, short events) {
  pollfd waited{.fd = fd, .events = events, .revents = 0};
  return ::poll(&waited, 1, 0) != 0;
}
}  // namespace

Descriptor::Descriptor(Loop& loop, int fd)
    : impl_(std::make_unique<Impl>(Native(loop.impl_->context, fd))) {
  impl_->native.non_blocking(true);
}
Descriptor::Descriptor(Descriptor&& other) noexcept = default;
Descriptor& Descriptor::operator=(Descriptor&& other) noexcept = default;
Descriptor::~Descriptor() = default;

int Descriptor::fd() const { return impl_->native.native_handle(); }
bool Descriptor::is_open() const { return impl_ && impl_->native.is_open(); }

// Asio may wake a waiter for an event of a descriptor that had the same place before: asked once
// more, the kernel knows.
Task<> Descriptor::readable() {
  do {
    co_await impl_->ready(Native::wait_read);
  } while (!is_ready(fd(), POLLIN));
}

Task<> Descriptor::writable() {
  do {
    co_await impl_->ready(Native::wait_write);
  } while (!is_ready(fd(), POLLOUT));
}

Task<std::size_t> Descriptor::read_some(std::span<char> into) {
  for (;;) {
    if (!is_open()) co_await fail(errors::closed);
    const auto got = ::read(fd(), into.data(), into.size());
    if (got >= 0) co_return static_cast<std::size_t>(got);
    if (errno == EINTR) continue;
    if (errno != EAGAIN) co_await fail(broken_connection("read"));
    co_await readable();
  }
}

Task<> Descriptor::write_all(std::string_view bytes) {
  while (!bytes.empty()) {
    if (!is_open()) co_await fail(errors::closed);
    const auto put = ::write(fd(), bytes.data(), bytes.size());
    if (put >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(put));
    } else if (errno == EAGAIN) {
      co_await writable();
    } else if (errno != EINTR) {
      co_await fail(broken_connection("write"));
    }
  }
}

Task<std::string> Descriptor::read_to_end(std::size_t limit) {
  std::string all;
  std::array<char, 16384> buffer{};
  for (;;) {
    const auto got = co_await read_some(buffer);
    if (got == 0) co_return all;
    if (all.size() + got > limit) co_await fail(errors::broken, "more than {} bytes came", limit);
    all.append(buffer.data(), got);
  }
}

void Descriptor::shutdown_write() { ::shutdown(fd(), SHUT_WR); }

void Descriptor::close() {
  boost::system::error_code ignored;
  if (impl_) impl_->native.close(ignored);
}

Result<Pipe> make_pipe(Loop& loop) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return fail(errno_error("cannot make a pipe", errno));
  return Pipe{Descriptor(loop, ends[0]), ends[1]};
}

}  // namespace temps::net

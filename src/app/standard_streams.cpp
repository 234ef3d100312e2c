#include "app/standard_streams.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>

namespace temps::app {
namespace {

// A pipe that can be written takes so much at once.
constexpr std::size_t written_at_once = 4096;

// False when it is to stop. A regular file is always ready.
bool is_ready(int descriptor, short events, int wake) {
  for (;;) {
    std::array<pollfd, 2> watched{pollfd{descriptor, events, 0}, pollfd{wake, POLLIN, 0}};
    if (::poll(watched.data(), watched.size(), -1) < 0 && errno != EINTR) return false;
    if (watched[1].revents != 0) return false;
    if (watched[0].revents != 0) return true;
  }
}

std::string read_now(int wake, std::size_t bytes_max) {
  std::string bytes(bytes_max, '\0');
  for (;;) {
    if (!is_ready(STDIN_FILENO, POLLIN, wake)) return {};
    const auto got = ::read(STDIN_FILENO, bytes.data(), bytes.size());
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return bytes;
  }
}

bool write_now(int descriptor, std::string_view bytes, int wake) {
  while (!bytes.empty()) {
    if (!is_ready(descriptor, POLLOUT, wake)) return false;
    const auto size = std::min(bytes.size(), written_at_once);
    const auto put = ::write(descriptor, bytes.data(), size);
    if (put < 0 && errno != EINTR && errno != EAGAIN) return false;
    if (put > 0) bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return true;
}

}  // namespace

StandardStreams::StandardStreams(net::Loop& loop)
    : loop_(loop), wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

StandardStreams::~StandardStreams() { ::close(wake_); }

Task<std::string> StandardStreams::read(std::size_t bytes_max) {
  co_return co_await loop_.offload([wake = wake_, bytes_max] { return read_now(wake, bytes_max); });
}

Task<bool> StandardStreams::write(int descriptor, std::string bytes) {
  co_return co_await loop_.offload(
      [descriptor, &bytes, wake = wake_] { return write_now(descriptor, bytes, wake); });
}

void StandardStreams::stop() {
  const std::uint64_t one = 1;
  (void)!::write(wake_, &one, sizeof one);
}

RawTerminal::RawTerminal() {
  termios state{};
  if (::tcgetattr(STDIN_FILENO, &state) != 0) return;
  before_ = state;
  ::cfmakeraw(&state);
  ::tcsetattr(STDIN_FILENO, TCSADRAIN, &state);
}

RawTerminal::~RawTerminal() {
  if (before_) ::tcsetattr(STDIN_FILENO, TCSADRAIN, &*before_);
}

runtime::TerminalSize terminal_size() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return {};
  return {.columns = size.ws_col, .rows = size.ws_row};
}

}  // namespace temps::app

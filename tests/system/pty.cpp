#include "system/pty.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <array>

#include "core/check.hpp"

namespace temps::e2e {

Terminal::Terminal(net::Loop& loop)
    : loop_(loop), master_(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK)) {
  ensure(master_ >= 0 && ::grantpt(master_) == 0 && ::unlockpt(master_) == 0, "a terminal is made");
  std::array<char, 64> name{};
  ensure(::ptsname_r(master_, name.data(), name.size()) == 0, "the terminal has a name");
  name_ = name.data();
  slave_ = ::open(name_.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC);
}

Terminal::~Terminal() {
  ::close(slave_);
  ::close(master_);
}

Words Terminal::attached(Words command) const {
  // The first terminal that the leader of a session opens becomes its own.
  Words words{"sh", "-c", R"(tty=$1; shift; exec "$@" <"$tty" >"$tty" 2>&1)", "sh", name_};
  words.insert(words.end(), command.begin(), command.end());
  return words;
}

void Terminal::resize(unsigned short columns, unsigned short rows) {
  const winsize size{.ws_row = rows, .ws_col = columns, .ws_xpixel = 0, .ws_ypixel = 0};
  ::ioctl(master_, TIOCSWINSZ, &size);
}

void Terminal::type(std::string_view text) { (void)!::write(master_, text.data(), text.size()); }

bool Terminal::shows(std::string_view text, std::chrono::seconds limit) {
  return eventually(
      loop_,
      [&] {
        read();
        return shown_.find(text) != std::string::npos;
      },
      limit);
}

bool Terminal::echoes() const {
  termios state{};
  return ::tcgetattr(slave_, &state) == 0 && (state.c_lflag & static_cast<tcflag_t>(ECHO)) != 0;
}

void Terminal::read() {
  std::array<char, 4096> buffer{};
  for (;;) {
    const auto got = ::read(master_, buffer.data(), buffer.size());
    if (got <= 0) return;
    shown_.append(buffer.data(), static_cast<std::size_t>(got));
  }
}

}  // namespace temps::e2e

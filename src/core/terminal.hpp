// The terminal that a process was started from.
#pragma once
#include <fcntl.h>
#include <unistd.h>

namespace temps {

// SIGHUP means two things: that the terminal is gone, and, for a service, that it is to be
// reloaded. Made before the signal can come.
class ControllingTerminal {
 public:
  [[nodiscard]] bool is_lost() const { return was_there_ && !is_there(); }

 private:
  static bool is_there() {
    const int fd = ::open("/dev/tty", O_RDONLY | O_NOCTTY | O_CLOEXEC);
    if (fd >= 0) ::close(fd);
    return fd >= 0;
  }
  bool was_there_ = is_there();
};

}  // namespace temps

#include "files/refusal.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace temps::files {

Error refusal(std::string_view action, const Path& path, int code) {
  const auto what = fmt::format("cannot {} {}", action, path.native());
  const auto cause = fmt::format("errno {}", code);
  switch (code) {
    case ENOENT:
      return {
          errors::not_found, fmt::format("{}: there is no such file or folder", what), {}, cause};
    case ENOSPC:
    case EDQUOT:
      return {temps::errors::system,
              fmt::format("{}: the disk is full. Free some space and try again", what),
              {},
              cause};
    case EACCES:
    case EPERM:
      return {temps::errors::system,
              fmt::format("{}: user {} has no right to. Give it the right to the file and to every "
                          "folder above it, or choose another folder",
                          what, ::geteuid()),
              {},
              cause};
    case EROFS:
      return {temps::errors::system,
              fmt::format("{}: the file system is mounted read-only", what),
              {},
              cause};
    case EMFILE:
    case ENFILE:
      return {temps::errors::system,
              fmt::format("{}: too many files are open. Raise the limit (ulimit -n)", what),
              {},
              cause};
    default:
      return errno_error(what, code);
  }
}

Result<> write_fully(int fd, std::string_view content, const Path& path) {
  while (!content.empty()) {
    const auto put = ::write(fd, content.data(), content.size());
    if (put < 0) {
      if (errno == EINTR) continue;
      return fail(refusal("write", path, errno));
    }
    content.remove_prefix(static_cast<std::size_t>(put));
  }
  return {};
}

Result<std::size_t> read_fully(int fd, std::span<char> into, const Path& path) {
  std::size_t filled = 0;
  while (filled < into.size()) {
    const auto got = ::read(fd, into.data() + filled, into.size() - filled);
    if (got < 0) {
      if (errno == EINTR) continue;
      return fail(refusal("read", path, errno));
    }
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
  }
  return filled;
}

}  // namespace temps::files

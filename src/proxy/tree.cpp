#include "proxy/tree.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "core/text.hpp"

namespace temps::proxy {
namespace {

// Not blocking: a FIFO in the tree must not stop the loop.
constexpr int file_flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;

}  // namespace

FileDescriptor::~FileDescriptor() {
  if (fd_ >= 0) ::close(fd_);
}

Tree::Tree(const std::string& root, Opening opening)
    : root_(::open(root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)), opening_(opening) {}

int Tree::open_beneath(const std::string& relative) const {
  open_how how{};
  how.flags = file_flags;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  for (;;) {
    const auto fd = ::syscall(SYS_openat2, root_.get(), relative.c_str(), &how, sizeof how);
    // EAGAIN: something was renamed meanwhile, so that the kernel could not be sure.
    if (fd >= 0 || errno != EAGAIN) return static_cast<int>(fd);
  }
}

// One segment after the other, no link at all.
int Tree::open_stepwise(std::string_view relative) const {
  const auto segments = split(relative, '/');
  FileDescriptor folder(::fcntl(root_.get(), F_DUPFD_CLOEXEC, 0));
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const std::string segment(segments[i]);
    if (segment.empty() || segment == ".." || !folder) return -1;
    const bool is_last = i + 1 == segments.size();
    const int flags =
        is_last ? file_flags | O_NOFOLLOW : O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    const int fd = ::openat(folder.get(), segment.c_str(), flags);
    if (is_last || fd < 0) return fd;
    folder = FileDescriptor(fd);
  }
  return -1;
}

OpenFile Tree::open(std::string_view relative) const {
  OpenFile opened;
  if (!root_) return opened;
  const std::string name = relative.empty() ? "." : std::string(relative);
  int fd = -1;
  if (opening_ == Opening::kernel) fd = open_beneath(name);
  // EPERM: containers with old seccomp profiles refuse system calls that they do not know.
  const bool is_unknown = fd < 0 && (errno == ENOSYS || errno == EPERM);
  if (opening_ == Opening::stepwise || is_unknown) fd = open_stepwise(name);
  opened.file = FileDescriptor(fd);
  if (fd >= 0 && ::fstat(fd, &opened.status) != 0) opened.file = FileDescriptor();
  return opened;
}

}  // namespace temps::proxy

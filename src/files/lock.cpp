#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>

#include "core/check.hpp"
#include "core/text.hpp"
#include "files/files.hpp"
#include "files/owned_fd.hpp"
#include "files/refusal.hpp"

namespace temps::files {

namespace {

// The id that the holder left in the file; empty when it has not yet.
std::string holder(int fd, const Path& path) {
  std::array<char, 32> text{};
  auto got = read_fully(fd, text, path);
  if (!got) return {};
  const auto id = trimmed({text.data(), *got});
  return parse_number<int>(id) ? fmt::format(" (process {})", id) : std::string();
}

}  // namespace

Result<Lock> Lock::take(const Path& path) {
  OwnedFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!fd.is_open()) return fail(refusal("open", path, errno));
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return fail(refusal("lock", path, errno));
    return fail(errors::locked,
                "{} is locked by another process{}. Stop that one first, or use another folder",
                path.native(), holder(fd.get(), path));
  }
  if (::ftruncate(fd.get(), 0) != 0) return fail(refusal("write", path, errno));
  // Who holds it is for the message of the next one only.
  (void)write_fully(fd.get(), fmt::format("{}\n", ::getpid()), path);
  return Lock(fd.release());
}

Lock::~Lock() {
  if (fd_ >= 0) ::close(fd_);
}

TemporaryFolder::TemporaryFolder(const Path& parent) {
  auto name = (parent / "temps-XXXXXX").native();
  ensure(::mkdtemp(name.data()) != nullptr,
         "no temporary folder can be made in " + parent.native());
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() { (void)files::remove_all(path_); }

}  // namespace temps::files

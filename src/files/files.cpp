#include "files/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>

#include "files/folder.hpp"
#include "files/owned_fd.hpp"
#include "files/refusal.hpp"

namespace temps::files {

namespace {

Path folder_of(const Path& path) { return path.has_parent_path() ? path.parent_path() : Path("."); }

// The temporary file of an atomic write: gone again unless it was renamed.
struct Draft {
  OwnedFd fd;
  std::string path;
  bool kept = false;
  ~Draft() {
    if (fd.is_open() && !kept) ::unlink(path.c_str());
  }
};

Result<> make_one(const Path& path, unsigned mode) {
  if (::mkdir(path.c_str(), mode) == 0) {
    // The umask has no say: a folder that others must reach is reached.
    if (::chmod(path.c_str(), mode) != 0) {
      return fail(refusal("set the mode of", path, errno));
    }
    return {};
  }
  const int code = errno;
  struct stat status{};
  if (code == EEXIST && ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode)) return {};
  return fail(code == EEXIST
                  ? errno_error("a file is in the way of the folder " + path.native(), ENOTDIR)
                  : refusal("make the folder", path, code));
}

}  // namespace

Result<std::string> read(const Path& path, std::size_t limit) {
  const OwnedFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd.is_open()) {
    if (errno == ENOTDIR) return fail(errors::not_found, "there is no file {}", path.native());
    return fail(refusal("open", path, errno));
  }
  std::string content;
  std::array<char, 65536> buffer{};
  for (;;) {
    auto got = read_fully(fd.get(), buffer, path);
    if (!got) return fail(got.error());
    if (*got > limit - content.size()) {
      return fail(errors::too_large, "{} is larger than {} bytes", path.native(), limit);
    }
    content.append(buffer.data(), *got);
    if (*got < buffer.size()) return content;
  }
}

Result<> write_atomically(const Path& path, std::string_view content, unsigned mode) {
  const auto folder = folder_of(path);
  Draft draft{.fd = {}, .path = (folder / ("." + path.filename().native() + ".XXXXXX")).native()};
  draft.fd.reset(::mkostemp(draft.path.data(), O_CLOEXEC));
  if (!draft.fd.is_open()) return fail(refusal("write a file in", folder, errno));
  if (auto done = write_fully(draft.fd.get(), content, path); !done) return done;
  if (::fchmod(draft.fd.get(), mode) != 0 || ::fsync(draft.fd.get()) != 0) {
    return fail(refusal("write", path, errno));
  }
  if (::rename(draft.path.c_str(), path.c_str()) != 0) return fail(refusal("write", path, errno));
  draft.kept = true;
  const OwnedFd parent(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!parent.is_open() || ::fsync(parent.get()) != 0) {
    return fail(refusal("write to disk the folder", folder, errno));
  }
  return {};
}

Result<> append(const Path& path, std::string_view content, unsigned mode) {
  const OwnedFd fd(::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, mode));
  if (!fd.is_open()) return fail(refusal("open", path, errno));
  return write_fully(fd.get(), content, path);
}

Result<> make_folder(const Path& path, unsigned mode) {
  Path so_far;
  for (const auto& part : path) {
    so_far /= part;
    if (part.empty() || part == "/" || part == "." || part == "..") continue;
    if (auto made = make_one(so_far, mode); !made) return made;
  }
  return {};
}

Result<> copy(const Path& from, const Path& to) {
  std::error_code error;
  std::filesystem::copy_file(from, to, std::filesystem::copy_options::overwrite_existing, error);
  if (error) return fail(refusal("copy", from, error.value()));
  return {};
}

Result<> move(const Path& from, const Path& to) {
  std::error_code error;
  std::filesystem::rename(from, to, error);
  if (!error) return {};
  if (error != std::errc::cross_device_link) return fail(refusal("move", from, error.value()));
  if (auto copied = files::copy(from, to); !copied) return copied;
  return files::remove_all(from);
}

Result<> remove_all(const Path& path) {
  std::error_code error;
  std::filesystem::remove_all(path, error);
  if (!error) return {};
  if (error.value() == EACCES) {
    // Read-only folders (package caches are such) hold their content fast, unless they are opened
    // up first. What cannot be opened up shows in the second attempt.
    ::chmod(path.c_str(), 0700);
    (void)walk_folder(path, [](const Visit& visit) -> Result<> {
      if (S_ISDIR(visit.entry.status.st_mode)) {
        [[maybe_unused]] const int ignored =
            ::fchmodat(visit.parent, visit.entry.name.c_str(), 0700, 0);
      }
      return {};
    });
    std::filesystem::remove_all(path, error);
    if (!error) return {};
  }
  return fail(refusal("remove", path, error.value()));
}

Result<> give_to(const Path& path, std::uint32_t user, std::uint32_t group) {
  if (::lchown(path.c_str(), user, group) != 0) {
    return fail(refusal("change the owner of", path, errno));
  }
  struct stat status{};
  if (::lstat(path.c_str(), &status) != 0) return fail(refusal("look at", path, errno));
  if (!S_ISDIR(status.st_mode)) return {};
  return walk_folder(path, [&](const Visit& visit) -> Result<> {
    if (::fchownat(visit.parent, visit.entry.name.c_str(), user, group, AT_SYMLINK_NOFOLLOW) != 0 &&
        errno != ENOENT) {
      return fail(refusal("change the owner of", path / visit.path, errno));
    }
    return {};
  });
}

Result<> sync(const Path& path) {
  const OwnedFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.is_open() || ::syncfs(fd.get()) != 0) {
    return fail(refusal("write to disk what is in", path, errno));
  }
  return {};
}

std::uint64_t tree_size(const Path& path) {
  std::uint64_t sum = 0;
  // What cannot be read does not count.
  (void)walk_folder(path, [&sum](const Visit& visit) -> Result<> {
    if (S_ISREG(visit.entry.status.st_mode)) {
      sum += static_cast<std::uint64_t>(visit.entry.status.st_size);
    }
    return {};
  });
  return sum;
}

Result<Space> space(const Path& path) {
  struct statvfs status{};
  if (::statvfs(path.c_str(), &status) != 0) {
    return fail(refusal("look at the disk of", path, errno));
  }
  return Space{.total_bytes = status.f_blocks * status.f_frsize,
               .free_bytes = status.f_bavail * status.f_frsize};
}

}  // namespace temps::files

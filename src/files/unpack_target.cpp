#include "files/unpack_target.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "core/text.hpp"
#include "files/folder.hpp"
#include "files/refusal.hpp"
#include "files/tar_format.hpp"

namespace temps::files {

namespace {

// The parts of a name below the folder; none for the folder itself.
Result<std::vector<std::string>> parts_of(std::string_view name) {
  if (name.starts_with('/')) {
    return fail(errors::bad_archive, "\"{}\" is an absolute name; names must be relative", name);
  }
  if (name.size() > tar::name_size_max || name.find('\0') != std::string_view::npos) {
    return fail(errors::bad_archive, "an entry has a name that no file can have");
  }
  std::vector<std::string> parts;
  for (const auto part : split(name, '/')) {
    if (part.empty() || part == ".") continue;
    if (part == "..") {
      return fail(errors::bad_archive, "\"{}\" leads out of the folder with \"..\"", name);
    }
    parts.emplace_back(part);
  }
  if (parts.size() > depth_max) {
    return fail(errors::too_large, "the archive has folders more than {} deep", depth_max);
  }
  return parts;
}

}  // namespace

Result<UnpackTarget> UnpackTarget::open(const Path& folder, std::uint64_t entries_max) {
  OwnedFd top(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!top.is_open()) return fail(refusal("open the folder", folder, errno));
  return UnpackTarget(folder, std::move(top), entries_max);
}

Result<> UnpackTarget::count() {
  if (entries_left_ == 0) {
    return fail(errors::too_large, "the archive holds too many files and folders");
  }
  --entries_left_;
  return {};
}

Result<OwnedFd> UnpackTarget::step(int parent, const std::string& part) {
  constexpr int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
  OwnedFd next(::openat(parent, part.c_str(), flags));
  if (!next.is_open() && errno == ENOENT) {
    if (auto counted = count(); !counted) return fail(counted.error());
    if (::mkdirat(parent, part.c_str(), 0755) != 0) {
      return fail(refusal("make the folder", folder_ / part, errno));
    }
    next.reset(::openat(parent, part.c_str(), flags));
  }
  if (next.is_open()) return next;
  if (errno == ELOOP || errno == ENOTDIR) {
    return fail(errors::bad_archive, "\"{}\" is a link or a file, and other entries lie below it",
                part);
  }
  if (errno == ENAMETOOLONG) {
    return fail(errors::bad_archive, "an entry has a name that no file can have");
  }
  return fail(refusal("open the folder", folder_ / part, errno));
}

Result<int> UnpackTarget::enter(const std::vector<std::string>& parts) {
  if (parts.empty()) return top_.get();
  if (last_.is_open() && parts == last_parts_) return last_.get();
  OwnedFd current;
  for (const auto& part : parts) {
    auto next = step(current.is_open() ? current.get() : top_.get(), part);
    if (!next) return fail(next.error());
    current = std::move(*next);
  }
  last_ = std::move(current);
  last_parts_ = parts;
  return last_.get();
}

Result<UnpackTarget::Place> UnpackTarget::place(std::string_view name) {
  auto parts = parts_of(name);
  if (!parts) return fail(parts.error());
  if (parts->empty()) return fail(errors::bad_archive, "an entry has no name");
  auto leaf = std::move(parts->back());
  parts->pop_back();
  auto parent = enter(*parts);
  if (!parent) return fail(parent.error());
  return Place{*parent, std::move(leaf)};
}

Result<> UnpackTarget::clear(const Place& place, std::string_view name) {
  if (auto counted = count(); !counted) return counted;
  if (::unlinkat(place.parent, place.leaf.c_str(), 0) == 0 || errno == ENOENT) return {};
  if (errno == EISDIR || errno == EPERM) {
    return fail(errors::bad_archive, "\"{}\" is a folder and something else at once", name);
  }
  if (errno == ENAMETOOLONG) {
    return fail(errors::bad_archive, "an entry has a name that no file can have");
  }
  return fail(refusal("replace", folder_ / name, errno));
}

Result<> UnpackTarget::add_folder(std::string_view name, unsigned mode) {
  auto parts = parts_of(name);
  if (!parts) return fail(parts.error());
  if (parts->empty()) return count();
  auto folder = enter(*parts);
  if (!folder) return fail(folder.error());
  // Whoever unpacks must be able to go on below it.
  if (::fchmod(*folder, (mode & 0777U) | 0700U) != 0) {
    return fail(refusal("set the mode of", folder_ / name, errno));
  }
  return count();
}

Result<OwnedFd> UnpackTarget::add_file(std::string_view name, unsigned mode) {
  auto where = place(name);
  if (!where) return fail(where.error());
  if (auto cleared = clear(*where, name); !cleared) return fail(cleared.error());
  OwnedFd file(::openat(where->parent, where->leaf.c_str(),
                        O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  // The bits of setuid, setgid and the like are not among the nine.
  if (!file.is_open() || ::fchmod(file.get(), (mode & 0777U) | 0600U) != 0) {
    return fail(refusal("make the file", folder_ / name, errno));
  }
  return file;
}

Result<> UnpackTarget::add_symbolic_link(std::string_view name, const std::string& target) {
  if (target.empty() || target.size() > tar::name_size_max) {
    return fail(errors::bad_archive, "the link \"{}\" leads nowhere", name);
  }
  auto where = place(name);
  if (!where) return fail(where.error());
  if (auto cleared = clear(*where, name); !cleared) return cleared;
  if (::symlinkat(target.c_str(), where->parent, where->leaf.c_str()) != 0) {
    return fail(refusal("make the link", folder_ / name, errno));
  }
  return {};
}

Result<> UnpackTarget::add_hard_link(std::string_view name, std::string_view target) {
  auto source = place(target);
  if (!source) return fail(source.error());
  // `place` below may move on to another folder.
  const OwnedFd source_parent(::fcntl(source->parent, F_DUPFD_CLOEXEC, 0));
  struct stat status{};
  const auto* leaf = source->leaf.c_str();
  if (::fstatat(source_parent.get(), leaf, &status, AT_SYMLINK_NOFOLLOW) != 0 ||
      !S_ISREG(status.st_mode)) {
    return fail(errors::bad_archive, "the hard link \"{}\" leads to no file of the archive", name);
  }
  auto where = place(name);
  if (!where) return fail(where.error());
  struct stat there{};
  if (::fstatat(where->parent, where->leaf.c_str(), &there, AT_SYMLINK_NOFOLLOW) == 0 &&
      there.st_dev == status.st_dev && there.st_ino == status.st_ino) {
    return count();  // the same file already; making way would lose it
  }
  if (auto cleared = clear(*where, name); !cleared) return cleared;
  if (::linkat(source_parent.get(), leaf, where->parent, where->leaf.c_str(), 0) != 0) {
    return fail(refusal("make the link", folder_ / name, errno));
  }
  return {};
}

}  // namespace temps::files

#include "files/folder.hpp"

#include <dirent.h>
#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <memory>

#include "files/refusal.hpp"

namespace temps::files {

namespace {

using Stream = std::unique_ptr<DIR, decltype([](DIR* stream) { ::closedir(stream); })>;

struct Walk {
  const Path& start;
  const std::function<Result<>(const Visit&)>& visit;

  Result<> below(int folder, const Path& path, std::size_t depth) const {
    if (depth > depth_max) {
      return fail(errors::too_large, "{} is more than {} folders deep", (start / path).native(),
                  depth_max);
    }
    auto entries = list_folder(folder, start / path);
    if (!entries) return fail(entries.error());
    for (const auto& entry : *entries) {
      const auto below_start = path / entry.name;
      if (auto done = visit({folder, below_start, entry}); !done) return done;
      if (!S_ISDIR(entry.status.st_mode)) continue;
      auto child = open_folder(folder, entry.name, start / below_start);
      if (!child) return fail(child.error());
      if (auto done = below(child->get(), below_start, depth + 1); !done) return done;
    }
    return {};
  }
};

}  // namespace

Result<OwnedFd> open_folder(int parent, const std::string& name, const Path& path) {
  OwnedFd fd(::openat(parent, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!fd.is_open()) return fail(refusal("open the folder", path, errno));
  return fd;
}

Result<std::vector<FolderEntry>> list_folder(int folder, const Path& path) {
  // fdopendir takes its descriptor over, and reads on from where that one stands.
  OwnedFd own(::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!own.is_open()) return fail(refusal("open the folder", path, errno));
  const Stream stream(::fdopendir(own.get()));
  if (!stream) return fail(refusal("read the folder", path, errno));
  own.release();
  std::vector<FolderEntry> entries;
  for (;;) {
    errno = 0;
    const auto* next = ::readdir(stream.get());
    if (!next) {
      if (errno != 0) return fail(refusal("read the folder", path, errno));
      break;
    }
    FolderEntry entry{.name = next->d_name};
    if (entry.name == "." || entry.name == "..") continue;
    if (::fstatat(folder, entry.name.c_str(), &entry.status, AT_SYMLINK_NOFOLLOW) != 0) {
      if (errno == ENOENT) continue;
      return fail(refusal("look at", path / entry.name, errno));
    }
    entries.push_back(std::move(entry));
  }
  std::ranges::sort(entries, {}, &FolderEntry::name);
  return entries;
}

Result<> walk_folder(const Path& start, const std::function<Result<>(const Visit&)>& visit) {
  const OwnedFd top(::open(start.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!top.is_open()) return fail(refusal("open the folder", start, errno));
  return Walk{start, visit}.below(top.get(), {}, 0);
}

}  // namespace temps::files

// Walking folders by descriptor, so that a name swapped for a link in the meantime leads nowhere.
// Private to files.
#pragma once
#include <sys/stat.h>

#include <functional>
#include <string>
#include <vector>

#include "files/files.hpp"
#include "files/owned_fd.hpp"

namespace temps::files {

// Deeper trees are refused: every level holds a descriptor.
inline constexpr std::size_t depth_max = 200;

struct FolderEntry {
  std::string name;
  struct stat status{};  // of the entry itself, links are not followed
};
// Sorted by name. Entries that vanish meanwhile are left out.
Result<std::vector<FolderEntry>> list_folder(int folder, const Path& path);
// Never follows a link in the last part of `name`.
Result<OwnedFd> open_folder(int parent, const std::string& name, const Path& path);

struct Visit {
  int parent;        // the folder that holds the entry
  const Path& path;  // below the start of the walk
  const FolderEntry& entry;
};
// Calls `visit` for everything below `start`, a folder before its content.
Result<> walk_folder(const Path& start, const std::function<Result<>(const Visit&)>& visit);

}  // namespace temps::files

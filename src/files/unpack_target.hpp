// The folder that an archive is unpacked into. Names come from outside; nothing is ever made,
// replaced or opened outside the folder, or through a link. Private to files.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "files/files.hpp"
#include "files/owned_fd.hpp"

namespace temps::files {

class UnpackTarget {
 public:
  // `folder` must exist. At most `entries_max` files, folders and links are made.
  static Result<UnpackTarget> open(const Path& folder, std::uint64_t entries_max);

  // All fail with `files.bad_archive` for a name that is absolute, goes upwards, goes through a
  // link or has a file where a folder should be, and with `files.too_large` beyond the limit.
  Result<> add_folder(std::string_view name, unsigned mode);
  Result<OwnedFd> add_file(std::string_view name, unsigned mode);  // empty, open for writing
  // The target may be anything: what unpacks here never follows it.
  Result<> add_symbolic_link(std::string_view name, const std::string& target);
  // `target` is the name of a file of this folder.
  Result<> add_hard_link(std::string_view name, std::string_view target);

 private:
  struct Place {
    int parent;
    std::string leaf;
  };
  UnpackTarget(Path folder, OwnedFd top, std::uint64_t entries_left)
      : folder_(std::move(folder)), top_(std::move(top)), entries_left_(entries_left) {}

  Result<> count();
  // The folder that holds `name`, made where missing.
  Result<Place> place(std::string_view name);
  Result<int> enter(const std::vector<std::string>& parts);
  Result<OwnedFd> step(int parent, const std::string& part);
  // Makes way for a new file or link; a folder stays and is an error.
  Result<> clear(const Place& place, std::string_view name);

  Path folder_;
  OwnedFd top_;
  std::uint64_t entries_left_;
  // The folder of the last name: archives list the files of one folder in a row. No folder is ever
  // removed or replaced here, so that the descriptor stays right.
  std::vector<std::string> last_parts_;
  OwnedFd last_;
};

}  // namespace temps::files

// Files and folders: atomic writes, folders with owners, free space, tar archives. All calls block;
// on the loop use them for what is small.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.hpp"

namespace temps::files {

using Path = std::filesystem::path;

// Fails with `files.not_found`, `files.too_large`, `core.system`.
Result<std::string> read(const Path& path, std::size_t limit = 16U << 20U);
// Replaces the file in one step (temporary file, fsync, rename, fsync of the folder).
Result<> write_atomically(const Path& path, std::string_view content, unsigned mode = 0644);
Result<> append(const Path& path, std::string_view content, unsigned mode = 0644);

// Makes the folder and what is missing above it. An existing one keeps its mode.
Result<> make_folder(const Path& path, unsigned mode = 0755);
Result<> remove_all(const Path& path);
// Within one file system in one step; else by copying, which works for files only.
Result<> move(const Path& from, const Path& to);
Result<> copy(const Path& from, const Path& to);
// Gives the folder and everything in it to another user; links are not followed.
Result<> give_to(const Path& path, std::uint32_t user, std::uint32_t group);
// Writes everything of the file system that holds `path` to the disk: what was unpacked or built
// there survives a power cut afterwards.
Result<> sync(const Path& path);
// The sum of the sizes of all regular files below.
std::uint64_t tree_size(const Path& path);

struct Space {
  std::uint64_t total_bytes = 0;
  std::uint64_t free_bytes = 0;  // what an unprivileged user may still write
};
Result<Space> space(const Path& path);

// An exclusive lock that ends with the process. Fails with `files.locked`.
class Lock {
 public:
  static Result<Lock> take(const Path& path);
  Lock(Lock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Lock& operator=(Lock&&) = delete;
  ~Lock();

 private:
  explicit Lock(int fd) : fd_(fd) {}
  int fd_;
};

// A folder that is removed with the object; for tests and short work.
class TemporaryFolder {
 public:
  explicit TemporaryFolder(const Path& parent = std::filesystem::temp_directory_path());
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  [[nodiscard]] const Path& path() const { return path_; }

 private:
  Path path_;
};

// What an archive from outside may hold at most.
struct TarLimits {
  std::uint64_t size_bytes_max = 2ULL << 30U;
  std::uint64_t entries_max = 200'000;
};
// Unpacks a tar file (ustar, pax, GNU long names) below `folder`. Nothing is written outside it,
// whatever names and links the archive holds. Devices and other special files are refused. Fails
// with `files.bad_archive`, `files.too_large`.
Result<> unpack_tar(const Path& archive, const Path& folder, TarLimits limits = {});
// Packs the folder's content (pax where ustar does not do) in a stable order with owner 0 and given
// extra files.
struct ExtraFile {
  std::string name;
  std::string content;
};
// Asked for each entry with its path below the folder, unless empty: is it packed? A folder's
// answer does not hold for what is in it.
using Keep = std::function<bool(std::string_view path)>;
Result<> pack_tar(const Path& folder, const Path& archive, const std::vector<ExtraFile>& extra = {},
                  const Keep& keep = {});
// Packs these files and links, named by their paths below the folder, in the order given and
// without an entry for the folders that hold them.
Result<> pack_files(const Path& folder, const std::vector<std::string>& names, const Path& archive);

namespace errors {
inline constexpr ErrorCode not_found{"files.not_found", ErrorKind::not_found,
                                     "There is no such file"};
inline constexpr ErrorCode too_large{"files.too_large", ErrorKind::too_large,
                                     "The file is too large"};
inline constexpr ErrorCode locked{"files.locked", ErrorKind::conflict,
                                  "Another process uses this folder"};
inline constexpr ErrorCode bad_archive{"files.bad_archive", ErrorKind::invalid,
                                       "Not a usable tar archive"};
}  // namespace errors

}  // namespace temps::files

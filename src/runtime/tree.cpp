#include "runtime/tree.hpp"

#include <algorithm>

namespace temps::runtime {
namespace {

namespace fs = std::filesystem;

std::unexpected<Error> cannot_copy(const fs::path& path, const std::error_code& error) {
  return fail(errno_error("cannot copy " + path.native(), error.value()));
}

// How deep a tree may be before copying it is refused; links cannot make circles, as what they
// point to is copied only when it is a file.
constexpr int depth_max = 256;

Result<> copy_entry(const fs::directory_entry& entry, const fs::path& to, const fs::path& boundary,
                    int depth);

Result<> copy_folder(const fs::path& from, const fs::path& to, const fs::path& boundary,
                     int depth) {
  if (depth > depth_max) return fail(errors::system, "the folders are nested too deeply");
  std::error_code error;
  fs::create_directories(to, error);
  if (error) return cannot_copy(to, error);
  fs::permissions(to, fs::perms{0755}, error);
  for (fs::directory_iterator entry(from, error), end; !error && entry != end;
       entry.increment(error)) {
    if (auto copied = copy_entry(*entry, to / entry->path().filename(), boundary, depth); !copied) {
      return copied;
    }
  }
  if (error) return cannot_copy(from, error);
  return {};
}

Result<> copy_entry(const fs::directory_entry& entry, const fs::path& to, const fs::path& boundary,
                    int depth) {
  std::error_code error;
  const auto kind = entry.symlink_status(error).type();
  if (kind == fs::file_type::directory) {
    return copy_folder(entry.path(), to, boundary, depth + 1);
  }
  fs::path from = entry.path();
  if (kind == fs::file_type::symlink) {
    from = fs::canonical(entry.path(), error);
    if (error || !lies_inside(from, boundary)) return {};
  }
  if (!fs::is_regular_file(from, error)) return {};
  fs::copy_file(from, to, fs::copy_options::overwrite_existing, error);
  if (error) return cannot_copy(from, error);
  fs::permissions(to, fs::perms{0644}, error);
  return {};
}

}  // namespace

bool lies_inside(const fs::path& path, const fs::path& folder) {
  std::error_code error;
  const auto inner = fs::weakly_canonical(path, error);
  if (error) return false;
  const auto outer = fs::canonical(folder, error);
  if (error) return false;
  const auto [left, rest] = std::ranges::mismatch(outer, inner);
  return left == outer.end();
}

Result<> copy_tree(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::copy(from, to, fs::copy_options::recursive | fs::copy_options::copy_symlinks, error);
  if (error) return cannot_copy(from, error);
  return {};
}

Result<> copy_for_serving(const fs::path& from, const fs::path& to, const fs::path& boundary) {
  return copy_folder(from, to, boundary, 0);
}

}  // namespace temps::runtime

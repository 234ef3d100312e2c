// A source tree as detection sees it: names of files, and the text of small ones.
#pragma once
#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "detect/errors.hpp"

namespace temps::detect {

inline constexpr std::size_t tree_depth_max = 6;         // "a/b/c/d/e/f" is the deepest path seen
inline constexpr std::size_t tree_entries_max = 20'000;  // a walk takes well below a second
inline constexpr std::size_t manifest_bytes_max = 1U << 20U;

// Immutable; a copy costs a reference count. Paths are relative to the tree's root, with '/'.
class Tree {
 public:
  // Reads a file that is in the list; at most manifest_bytes_max + 1 bytes of it.
  using Reader = std::function<Result<std::string>(const std::string& path)>;
  struct Content {
    std::vector<std::string> files;          // regular files, and links to such inside the tree
    std::vector<std::string> outward_links;  // links that lead out of the tree: never followed
    bool cut_short = false;                  // it has more entries than were looked at
    Reader reader;
  };

  explicit Tree(Content content);
  // For tests: path -> text.
  static Tree of(std::map<std::string, std::string> files);

  [[nodiscard]] bool has(std::string_view path) const;
  [[nodiscard]] bool has_folder(std::string_view path) const;
  // Sorted.
  [[nodiscard]] const std::vector<std::string>& files() const [[clang::lifetimebound]];
  [[nodiscard]] const std::vector<std::string>& outward_links() const [[clang::lifetimebound]];
  [[nodiscard]] bool is_cut_short() const;

  // Without a byte order mark; nothing when there is no such file. Fails with
  // `detect.manifest_too_large`.
  [[nodiscard]] Result<std::optional<std::string>> read(std::string_view path) const;
  // For files that are only searched: empty when missing or too large to be worth it.
  [[nodiscard]] std::string text(std::string_view path) const;
  // The first of these that is there; empty if none is.
  [[nodiscard]] std::string first_of(const std::vector<std::string>& paths) const;
  // The folder as a tree of its own.
  [[nodiscard]] Tree below(std::string_view folder) const;

 private:
  std::shared_ptr<const Content> content_;
};

// Walks the folder breadth first and never leaves it: links to folders are not entered, links to
// files count when the file is in the tree. Leaves out what is not source (.git, node_modules,
// build output, …) by exact folder name. Blocks. Fails with `detect.unreadable_tree`.
Result<Tree> read_tree(const std::filesystem::path& folder);

}  // namespace temps::detect

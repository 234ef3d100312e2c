// The walk over a folder on disk that makes a Tree.
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/text.hpp"
#include "detect/tree.hpp"

namespace temps::detect {
namespace {

constexpr std::array<std::string_view, 11> skipped_folders{
    ".git", "node_modules", ".venv", "venv",  "vendor",     "target",
    "dist", "build",        "out",   ".next", "__pycache__"};

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  [[nodiscard]] int number() const { return number_; }
  [[nodiscard]] int release() { return std::exchange(number_, -1); }

 private:
  int number_;
};

struct CloseFolder {
  void operator()(DIR* folder) const { ::closedir(folder); }
};
using OpenFolder = std::unique_ptr<DIR, CloseFolder>;

// Opens `path` below `root` one name at a time, so that no link on the way is followed.
Descriptor open_below(int root, const std::string& path, int flags) {
  Descriptor folder(::dup(root));
  const auto names = split(path, '/');
  for (std::size_t i = 0; i + 1 < names.size(); ++i) {
    Descriptor next(::openat(folder.number(), std::string(names[i]).c_str(),
                             O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (next.number() < 0) return next;
    folder = std::move(next);
  }
  return Descriptor(
      ::openat(folder.number(), std::string(names.back()).c_str(), flags | O_NOFOLLOW | O_CLOEXEC));
}

// Where a link at `path` leads, by its text alone; nothing when that is outside the tree.
std::optional<std::string> resolve(const std::string& path, const std::string& target) {
  if (target.starts_with('/')) return std::nullopt;
  std::vector<std::string> parts;
  const auto slash = path.rfind('/');
  if (slash != std::string::npos) {
    for (const auto part : split(std::string_view(path).substr(0, slash), '/')) {
      parts.emplace_back(part);
    }
  }
  for (const auto part : split(target, '/')) {
    if (part.empty() || part == ".") continue;
    if (part != "..") {
      parts.emplace_back(part);
    } else if (parts.empty()) {
      return std::nullopt;
    } else {
      parts.pop_back();
    }
  }
  return join(parts, "/");
}

class Walk {
 public:
  explicit Walk(int root) : root_(root) {}

  // Breadth first: when a tree has too many entries, its top was seen.
  void run() {
    folders_.emplace_back();
    while (!folders_.empty() && !content_.cut_short) {
      const auto folder = std::move(folders_.front());
      folders_.pop_front();
      read_folder(folder);
    }
  }

  // Also says which file a link in the list stands for.
  std::pair<Tree::Content, std::map<std::string, std::string>> result() && {
    std::ranges::sort(content_.files);
    std::map<std::string, std::string> linked;
    for (const auto& [path, target] : links_) {
      const auto inside = resolve(path, target);
      if (!inside) {
        content_.outward_links.push_back(path);
      } else if (std::ranges::binary_search(content_.files, *inside)) {
        linked.emplace(path, *inside);
      }
    }
    for (const auto& [path, target] : linked) content_.files.push_back(path);
    return {std::move(content_), std::move(linked)};
  }

 private:
  void read_folder(const std::string& path) {
    Descriptor descriptor =
        path.empty() ? Descriptor(::dup(root_)) : open_below(root_, path, O_RDONLY | O_DIRECTORY);
    if (descriptor.number() < 0) return;  // vanished, or not ours to read
    const OpenFolder folder(::fdopendir(descriptor.number()));
    if (!folder) return;
    static_cast<void>(descriptor.release());

    std::vector<std::string> below;
    while (const auto* entry = ::readdir(folder.get())) {
      const std::string_view name = entry->d_name;
      if (name == "." || name == "..") continue;
      if (++entries_ > tree_entries_max) {
        content_.cut_short = true;
        return;
      }
      add(::dirfd(folder.get()), path, std::string(name), below);
    }
    std::ranges::sort(below);
    folders_.insert(folders_.end(), below.begin(), below.end());
  }

  void add(int folder, const std::string& folder_path, const std::string& name,
           std::vector<std::string>& below) {
    struct stat status{};
    if (::fstatat(folder, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) return;
    auto path = folder_path.empty() ? name : folder_path + "/" + name;
    if (S_ISREG(status.st_mode)) {
      content_.files.push_back(std::move(path));
    } else if (S_ISLNK(status.st_mode)) {
      std::array<char, 4096> target{};
      const auto size = ::readlinkat(folder, name.c_str(), target.data(), target.size());
      if (size > 0)
        links_.emplace_back(path, std::string(target.data(), static_cast<size_t>(size)));
    } else if (S_ISDIR(status.st_mode) && std::ranges::count(path, '/') + 1 < depth_max &&
               std::ranges::find(skipped_folders, name) == skipped_folders.end()) {
      below.push_back(std::move(path));
    }
  }

  static constexpr auto depth_max = static_cast<std::ptrdiff_t>(tree_depth_max);

  int root_;
  Tree::Content content_;
  std::vector<std::pair<std::string, std::string>> links_;
  std::deque<std::string> folders_;
  std::size_t entries_ = 0;
};

Result<std::string> read_file(int root, const std::string& path) {
  const auto file = open_below(root, path, O_RDONLY | O_NONBLOCK);
  struct stat status{};
  if (file.number() < 0 || ::fstat(file.number(), &status) != 0 || !S_ISREG(status.st_mode)) {
    return fail(errors::unreadable_tree, "{} cannot be read", path);
  }
  std::string text(manifest_bytes_max + 1, '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    const auto got = ::read(file.number(), text.data() + size, text.size() - size);
    if (got < 0) return fail(errors::unreadable_tree, "{} cannot be read", path);
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  text.resize(size);
  return text;
}

}  // namespace

Result<Tree> read_tree(const std::filesystem::path& folder) {
  auto root =
      std::make_shared<Descriptor>(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (root->number() < 0) {
    return fail(errno_error("cannot open " + folder.string(), errno));
  }
  Walk walk(root->number());
  walk.run();
  auto [content, linked] = std::move(walk).result();
  content.reader = [root, links = std::move(linked)](const std::string& path) {
    const auto link = links.find(path);
    return read_file(root->number(), link == links.end() ? path : link->second);
  };
  return Tree(std::move(content));
}

}  // namespace temps::detect

#include "bundle/bundle.hpp"

#include <fcntl.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <ranges>

#include "bundle/ignore.hpp"
#include "compress/encoder.hpp"
#include "files/owned_fd.hpp"
#include "files/refusal.hpp"

namespace temps::bundle {

namespace fs = std::filesystem;

namespace {

using Verdict = IgnoreFile::Verdict;

constexpr std::size_t rules_bytes_max = 1U << 20U;
constexpr std::size_t entries_max = 200'000;  // what the server takes
constexpr std::size_t depth_max = 200;

bool is_variables_file(std::string_view name) {
  static constexpr std::array<std::string_view, 4> samples{".example", ".sample", ".template",
                                                           ".dist"};
  if (name == ".env") return true;
  return name.starts_with(".env.") && std::ranges::none_of(samples, [name](std::string_view end) {
           return name.ends_with(end);
         });
}

// The git work tree that the folder belongs to; the folder itself where there is none.
fs::path root_of(const fs::path& folder) {
  std::error_code error;
  for (auto at = folder;; at = at.parent_path()) {
    if (fs::exists(fs::symlink_status(at / ".git", error))) return at;
    if (at == at.parent_path()) return folder;
  }
}

class Walk {
 public:
  Walk(fs::path root, fs::path folder) : root_(std::move(root)), folder_(std::move(folder)) {}

  Result<Contents> run() {
    if (auto read = read_rules_above(); !read) return fail(read.error());
    const auto prefix = relative(folder_);
    skip_ = prefix.size();
    if (auto walked = below(folder_, prefix, 0); !walked) return fail(walked.error());
    return std::move(contents_);
  }

 private:
  // "src/" for a folder below the root, empty for the root.
  [[nodiscard]] std::string relative(const fs::path& folder) const {
    const auto path = folder.lexically_relative(root_).string();
    return path == "." ? std::string() : path + "/";
  }

  static Result<> read_rules(const fs::path& file, const std::string& base,
                             std::vector<IgnoreFile>& into) {
    std::error_code error;
    if (!fs::is_regular_file(fs::symlink_status(file, error))) return {};
    auto text = files::read(file, rules_bytes_max);
    if (!text) return fail(text.error());
    IgnoreFile rules(*text, base);
    if (!rules.empty()) into.push_back(std::move(rules));
    return {};
  }

  // A folder that is ignored itself, such as the output of a build, is sent whole: those rules are
  // about the folder and not about what is in it.
  Result<> read_rules_above() {
    if (auto read = read_rules(root_ / ".git" / "info" / "exclude", "", git_); !read) return read;
    fs::path at = root_;
    for (const auto& name : folder_.lexically_relative(root_)) {
      if (name == ".") break;
      const auto base = relative(at);
      if (auto read = read_rules(at / ".gitignore", base, git_); !read) return read;
      if (auto read = read_rules(at / ".tempsignore", base, own_); !read) return read;
      if (verdict(base + name.string(), true, git_) == Verdict::ignored) {
        git_.clear();
        own_.clear();
        return {};
      }
      at /= name;
    }
    return {};
  }

  // Files of rules that lie deeper go first.
  static std::optional<Verdict> verdict(std::string_view path, bool is_folder,
                                        const std::vector<IgnoreFile>& rules) {
    for (const auto& file : std::views::reverse(rules)) {
      if (const auto said = file.verdict(path, is_folder)) return said;
    }
    return std::nullopt;
  }

  bool takes(const std::string& path, const std::string& name, bool is_folder) {
    if (name == ".git" || (is_folder && name == ".temps")) return false;
    if (const auto own = verdict(path, is_folder, own_)) return own == Verdict::kept;
    if (is_folder && name == "node_modules") return false;
    if (!is_folder && is_variables_file(name)) {
      contents_.variables_files.push_back(path.substr(skip_));
      return false;
    }
    return verdict(path, is_folder, git_) != Verdict::ignored;
  }

  Result<> below(const fs::path& folder, const std::string& prefix, std::size_t depth) {
    if (depth > depth_max) {
      return fail(files::errors::too_large, "{} is more than {} folders deep", folder.string(),
                  depth_max);
    }
    const auto known = std::pair(git_.size(), own_.size());
    if (auto read = read_rules(folder / ".gitignore", prefix, git_); !read) return read;
    if (auto read = read_rules(folder / ".tempsignore", prefix, own_); !read) return read;
    std::error_code error;
    std::vector<fs::directory_entry> entries;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
      entries.push_back(*entry);
    }
    if (error) return fail(files::refusal("read the folder", folder, error.value()));
    std::ranges::sort(entries);
    for (const auto& entry : entries) {
      if (auto added = add(entry, prefix, depth); !added) return added;
    }
    git_.erase(git_.begin() + static_cast<std::ptrdiff_t>(known.first), git_.end());
    own_.erase(own_.begin() + static_cast<std::ptrdiff_t>(known.second), own_.end());
    return {};
  }

  Result<> add(const fs::directory_entry& entry, const std::string& prefix, std::size_t depth) {
    std::error_code error;
    const auto status = entry.symlink_status(error);
    const auto name = entry.path().filename().string();
    const auto path = prefix + name;
    const bool is_folder = fs::is_directory(status);
    if (!is_folder && !fs::is_regular_file(status) && !fs::is_symlink(status)) return {};
    if (!takes(path, name, is_folder)) return {};
    if (is_folder) return below(entry.path(), path + "/", depth + 1);
    if (contents_.names.size() == entries_max) {
      return fail(files::errors::too_large,
                  "the folder holds more than {} files; leave some out by .tempsignore",
                  entries_max);
    }
    contents_.names.push_back(path.substr(skip_));
    if (fs::is_regular_file(status)) contents_.size_bytes += entry.file_size(error);
    return {};
  }

  fs::path root_;
  fs::path folder_;
  std::size_t skip_ = 0;
  std::vector<IgnoreFile> git_;
  std::vector<IgnoreFile> own_;
  Contents contents_;
};

Result<> compress_file(const fs::path& from, const fs::path& to) {
  const files::OwnedFd in(::open(from.c_str(), O_RDONLY | O_CLOEXEC));
  if (!in.is_open()) return fail(files::refusal("open", from, errno));
  const files::OwnedFd out(::open(to.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (!out.is_open()) return fail(files::refusal("write", to, errno));
  const auto encoder = compress::Encoder::make(compress::Coding::gzip, compress::Effort::now);
  std::vector<char> buffer(256U << 10U);
  std::string packed;
  for (;;) {
    const auto got = files::read_fully(in.get(), buffer, from);
    if (!got) return fail(got.error());
    if (*got == 0) encoder->finish(packed);
    if (*got > 0) encoder->add({buffer.data(), *got}, packed);
    if (auto done = files::write_fully(out.get(), packed, to); !done) return done;
    packed.clear();
    if (*got == 0) return {};
  }
}

}  // namespace

Result<Contents> contents_of(const files::Path& folder) {
  std::error_code error;
  const auto real = fs::canonical(folder, error);
  if (error || !fs::is_directory(real, error)) {
    return fail(files::errors::not_found, "there is no folder {}", folder.string());
  }
  return Walk(root_of(real), real).run();
}

Result<std::uint64_t> pack(const files::Path& folder, const Contents& contents,
                           const files::Path& archive) {
  const auto tar = archive.string() + ".tar";
  auto packed = files::pack_files(folder, contents.names, tar);
  if (packed) packed = compress_file(tar, archive);
  std::error_code error;
  fs::remove(tar, error);
  if (!packed) return fail(packed.error());
  const auto size = fs::file_size(archive, error);
  if (error) return fail(files::refusal("look at", archive, error.value()));
  return size;
}

}  // namespace temps::bundle

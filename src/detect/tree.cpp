#include "detect/tree.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace temps::detect {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

std::string folder_prefix(std::string_view folder) {
  return folder.empty() || folder == "." ? std::string() : fmt::format("{}/", folder);
}

}  // namespace

Tree::Tree(Content content) {
  std::ranges::sort(content.files);
  std::ranges::sort(content.outward_links);
  content_ = std::make_shared<const Content>(std::move(content));
}

Tree Tree::of(std::map<std::string, std::string> files) {
  Content content;
  for (const auto& [path, text] : files) content.files.push_back(path);
  content.reader = [texts = std::move(files)](const std::string& path) -> Result<std::string> {
    return texts.at(path);
  };
  return Tree(std::move(content));
}

bool Tree::has(std::string_view path) const {
  return std::ranges::binary_search(content_->files, path, std::less<>());
}

bool Tree::has_folder(std::string_view path) const {
  const auto prefix = folder_prefix(path);
  const auto first = std::ranges::lower_bound(content_->files, prefix);
  return first != content_->files.end() && first->starts_with(prefix);
}

const std::vector<std::string>& Tree::files() const { return content_->files; }
const std::vector<std::string>& Tree::outward_links() const { return content_->outward_links; }
bool Tree::is_cut_short() const { return content_->cut_short; }

Result<std::optional<std::string>> Tree::read(std::string_view path) const {
  if (!has(path)) return std::nullopt;
  auto text = content_->reader(std::string(path));
  if (!text) return std::unexpected(std::move(text.error()));
  if (text->size() > manifest_bytes_max) {
    return fail(errors::manifest_too_large,
                "{} is larger than 1 MiB, which no manifest needs; make it smaller or remove it",
                path);
  }
  if (text->starts_with(byte_order_mark)) text->erase(0, byte_order_mark.size());
  return std::move(*text);
}

std::string Tree::text(std::string_view path) const {
  auto text = read(path);
  return text && *text ? std::move(**text) : std::string();
}

std::string Tree::first_of(const std::vector<std::string>& paths) const {
  const auto found = std::ranges::find_if(paths, [this](const auto& path) { return has(path); });
  return found == paths.end() ? std::string() : *found;
}

Tree Tree::below(std::string_view folder) const {
  const auto prefix = folder_prefix(folder);
  if (prefix.empty()) return *this;
  Content content{.files = {},
                  .outward_links = {},
                  .cut_short = content_->cut_short,
                  .reader = [whole = content_, prefix](const std::string& path) {
                    return whole->reader(prefix + path);
                  }};
  for (const auto& path : content_->files) {
    if (path.starts_with(prefix)) content.files.push_back(path.substr(prefix.size()));
  }
  for (const auto& path : content_->outward_links) {
    if (path.starts_with(prefix)) content.outward_links.push_back(path.substr(prefix.size()));
  }
  return Tree(std::move(content));
}

}  // namespace temps::detect

#include "bundle/ignore.hpp"

#include <algorithm>
#include <ranges>

#include "core/text.hpp"

namespace temps::bundle {

namespace {

// Blanks at the end do not count, unless a backslash says that they do.
std::string_view without_blanks(std::string_view line) {
  std::size_t end = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\\') {
      if (++i == line.size()) return line;
      end = i + 1;
    } else if (line[i] != ' ') {
      end = i + 1;
    }
  }
  return line.substr(0, end);
}

}  // namespace

IgnoreFile::IgnoreFile(std::string_view text, std::string base) : base_(std::move(base)) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  for (auto line : split(text, '\n')) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || line.starts_with('#') || rules_.size() == rules_max) continue;
    add(without_blanks(line));
  }
}

void IgnoreFile::add(std::string_view line) {
  const bool keeps = line.starts_with('!');
  if (keeps) line.remove_prefix(1);
  const bool folders_only = line.ends_with('/');
  if (folders_only) line.remove_suffix(1);
  if (line.empty()) return;
  const bool any_folder = !line.contains('/');
  if (line.starts_with('/')) line.remove_prefix(1);
  rules_.push_back({Glob(line), keeps, folders_only, any_folder});
}

std::optional<IgnoreFile::Verdict> IgnoreFile::verdict(std::string_view path,
                                                       bool is_folder) const {
  if (!path.starts_with(base_)) return std::nullopt;
  const auto below = path.substr(base_.size());
  const auto name = below.substr(below.rfind('/') + 1);
  for (const auto& rule : std::views::reverse(rules_)) {
    if (rule.folders_only && !is_folder) continue;
    if (!rule.glob.matches(rule.any_folder ? name : below)) continue;
    return rule.keeps ? Verdict::kept : Verdict::ignored;
  }
  return std::nullopt;
}

}  // namespace temps::bundle

#include "detect/folder_name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "core/text.hpp"

namespace temps::detect {

std::optional<std::string> folder_name_in(std::string_view folder, std::string_view name) {
  if (name.starts_with('/') || name.size() > 1024) return std::nullopt;
  const bool odd = std::ranges::any_of(
      name, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 127 || c == '\\'; });
  if (odd) return std::nullopt;
  std::vector<std::string> parts;
  for (const auto text : {folder, name}) {
    for (const auto part : split(text, '/')) {
      if (part.empty() || part == ".") continue;
      if (part != "..") {
        parts.emplace_back(part);
      } else if (parts.empty()) {
        return std::nullopt;
      } else {
        parts.pop_back();
      }
    }
  }
  return parts.empty() ? "." : join(parts, "/");
}

std::optional<std::string> folder_name(std::string_view text) { return folder_name_in("", text); }

std::string shell_word(std::string_view text) {
  const bool plain = !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_./-:@%+=,").contains(c);
  });
  return plain ? std::string(text) : fmt::format("'{}'", replaced(text, "'", "'\\''"));
}

}  // namespace temps::detect

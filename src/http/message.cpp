#include "http/message.hpp"

#include <algorithm>

#include "core/text.hpp"

namespace temps::http {

std::optional<std::string_view> Headers::find(std::string_view name) const {
  for (const auto& [key, value] : fields_) {
    if (equal_ignoring_case(key, name)) return value;
  }
  return std::nullopt;
}

void Headers::add(std::string name, std::string value) {
  fields_.emplace_back(std::move(name), std::move(value));
}

void Headers::set(std::string name, std::string value) {
  remove(name);
  add(std::move(name), std::move(value));
}

void Headers::remove(std::string_view name) {
  std::erase_if(fields_,
                [name](const auto& field) { return equal_ignoring_case(field.first, name); });
}

std::optional<std::string> Request::query_value(std::string_view name) const {
  for (const auto part : split(query, '&')) {
    const auto [key, value] = cut(part, "=");
    // Forms and URLSearchParams write a space as '+'.
    if (percent_decoded(replaced(key, "+", " ")) != name) continue;
    return percent_decoded(replaced(value, "+", " "));
  }
  return std::nullopt;
}

std::vector<std::string> Request::cookies(std::string_view name) const {
  std::vector<std::string> found;
  for (const auto& [field, value] : headers.all()) {
    if (!equal_ignoring_case(field, "cookie")) continue;
    for (const auto part : split(value, ';')) {
      const auto [key, text] = cut(trimmed(part), "=");
      if (key == name) found.emplace_back(text);
    }
  }
  return found;
}

}  // namespace temps::http

#include "toml/scalar.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "core/text.hpp"
#include "json/json.hpp"

namespace temps::toml {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Without its underscores, each of which must stand between two digits (of any base).
std::optional<std::string> without_underscores(std::string_view text) {
  const auto between = [](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  };
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '_') {
      plain += text[i];
    } else if (i == 0 || i + 1 == text.size() || !between(text[i - 1]) || !between(text[i + 1])) {
      return std::nullopt;
    }
  }
  return plain;
}

std::optional<std::string> integer(std::string_view text) {
  for (const auto& [prefix, base] : {std::pair("0x", 16), std::pair("0o", 8), std::pair("0b", 2)}) {
    if (!text.starts_with(prefix)) continue;
    const auto digits = text.substr(2);
    if (digits.starts_with('-')) return std::nullopt;
    const auto value = parse_number<std::int64_t>(digits, base);
    return value ? std::optional(std::to_string(*value)) : std::nullopt;
  }
  auto digits = text;
  if (digits.starts_with('+') || digits.starts_with('-')) digits.remove_prefix(1);
  if (digits.empty() || !std::ranges::all_of(digits, is_digit)) return std::nullopt;
  if (digits.size() > 1 && digits[0] == '0') return std::nullopt;
  const auto value = parse_number<std::int64_t>(text.starts_with('+') ? digits : text);
  return value ? std::optional(std::to_string(*value)) : std::nullopt;
}

std::size_t digits_at(std::string_view text) {
  return std::min(text.find_first_not_of("0123456789"), text.size());
}

// [+-] digits [. digits] [e [+-] digits]
bool is_float(std::string_view text) {
  if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
  const auto whole = digits_at(text);
  if (whole == 0 || (whole > 1 && text[0] == '0')) return false;
  text.remove_prefix(whole);
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    const auto fraction = digits_at(text);
    if (fraction == 0) return false;
    text.remove_prefix(fraction);
  }
  if (text.empty()) return true;
  if (text[0] != 'e' && text[0] != 'E') return false;
  text.remove_prefix(1);
  if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
  return !text.empty() && digits_at(text) == text.size();
}

std::optional<std::string> floating(std::string_view text) {
  const auto magnitude = text.substr(text.starts_with('+') || text.starts_with('-') ? 1 : 0);
  if (magnitude == "inf" || magnitude == "nan") return "null";
  if (text.find_first_of(".eE") == std::string_view::npos || !is_float(text)) return std::nullopt;
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return json::encode(value);
}

// Does the text begin with `shape`, where '0' stands for any digit? Takes it off.
bool take(std::string_view& text, std::string_view shape) {
  if (text.size() < shape.size()) return false;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (shape[i] == '0' ? !is_digit(text[i]) : text[i] != shape[i]) return false;
  }
  text.remove_prefix(shape.size());
  return true;
}

bool take_time(std::string_view& text) {
  if (!take(text, "00:00:00")) return false;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    const auto fraction = digits_at(text);
    text.remove_prefix(fraction);
    return fraction > 0;
  }
  return true;
}

bool is_date_or_time(std::string_view text) {
  if (take_time(text)) return text.empty();
  if (!take(text, "0000-00-00")) return false;
  if (text.empty()) return true;
  if (text[0] != 'T' && text[0] != 't' && text[0] != ' ') return false;
  text.remove_prefix(1);
  if (!take_time(text)) return false;
  return text.empty() || text == "Z" || text == "z" || take(text, "+00:00") || take(text, "-00:00");
}

}  // namespace

std::optional<std::string> bare_value(std::string_view text) {
  if (text == "true" || text == "false") return std::string(text);
  if (is_date_or_time(text)) return json::quote(text);
  const auto plain = without_underscores(text);
  if (!plain) return std::nullopt;
  if (auto value = integer(*plain)) return value;
  return floating(*plain);
}

bool append_code_point(std::string_view digits, std::string& out) {
  const auto number = parse_number<std::uint32_t>(digits, 16);
  if (!number || *number > 0x10FFFF || (*number >= 0xD800 && *number <= 0xDFFF)) return false;
  const auto c = *number;
  const auto add = [&out](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (c < 0x80) {
    add(c);
  } else if (c < 0x800) {
    add(0xC0 | (c >> 6));
    add(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    add(0xE0 | (c >> 12));
    add(0x80 | ((c >> 6) & 0x3F));
    add(0x80 | (c & 0x3F));
  } else {
    add(0xF0 | (c >> 18));
    add(0x80 | ((c >> 12) & 0x3F));
    add(0x80 | ((c >> 6) & 0x3F));
    add(0x80 | (c & 0x3F));
  }
  return true;
}

}  // namespace temps::toml

// Small text functions that several modules need. All are ASCII; none depends on the locale.
#pragma once
#include <charconv>
#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace temps {

std::string_view trimmed(std::string_view text);
// "a,b,,c" split by ',' gives four parts, one of them empty.
std::vector<std::string_view> split(std::string_view text, char separator);
// What stands before and after the first `separator`; the second is empty where there is none.
std::pair<std::string_view, std::string_view> cut(std::string_view text,
                                                  std::string_view separator);
std::string join(const std::vector<std::string>& parts, std::string_view separator);
std::string lowered(std::string_view text);
bool equal_ignoring_case(std::string_view a, std::string_view b);
std::string replaced(std::string_view text, std::string_view from, std::string_view to);

// The whole of `text` as a number; nothing for an empty text, a sign that does not belong or
// trailing characters.
template <std::integral T>
std::optional<T> parse_number(std::string_view text, int base = 10) {
  T value{};
  const auto* end = text.data() + text.size();
  auto [stop, error] = std::from_chars(text.data(), end, value, base);
  if (text.empty() || error != std::errc{} || stop != end) return std::nullopt;
  return value;
}

// RFC 3986. `decoded` fails with nothing on a broken escape; '+' stays '+'.
std::string percent_encoded(std::string_view text);
std::optional<std::string> percent_decoded(std::string_view text);

std::string to_hex(std::string_view bytes);
std::optional<std::string> from_hex(std::string_view text);
std::string to_base64(std::string_view bytes);
std::string to_base64url(std::string_view bytes);  // without padding
// Accepts the standard alphabet with or without padding. Nothing on any other character.
std::optional<std::string> from_base64(std::string_view text);

// Is it UTF-8 without surrogates and overlong forms (RFC 3629)?
bool is_utf8(std::string_view text);
// The same text with U+FFFD in place of each byte that is no UTF-8.
std::string to_utf8(std::string_view text);
// For people: "1.5 MB", "3.2 s".
std::string human_bytes(std::uint64_t bytes);

// The candidate nearest to `word` by edit distance, if it is near enough to be a slip of the
// finger.
std::optional<std::string_view> nearest(std::string_view word,
                                        const std::vector<std::string_view>& candidates);

}  // namespace temps

#include "json/read.hpp"

#include <fmt/core.h>

#include <cmath>

#include "core/text.hpp"
#include "json/errors.hpp"

namespace temps::json::detail {

namespace {

// A hostile array of a million wrong items must not become a million errors.
constexpr std::size_t field_errors_max = 100;
// How much of a wrong value an error repeats.
constexpr std::size_t quoted_bytes_max = 64;

std::string_view kind_text(Kind kind) {
  switch (kind) {
    case Kind::null:
      return "null";
    case Kind::boolean:
      return "true or false";
    case Kind::integer:
    case Kind::large_integer:
    case Kind::number:
      return "a number";
    case Kind::string:
      return "a string";
    case Kind::array:
      return "an array";
    case Kind::object:
      return "an object";
  }
  return "something else";
}

std::string shortened(std::string_view text) {
  if (text.size() <= quoted_bytes_max) return std::string(text);
  auto end = quoted_bytes_max;
  while ((static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return std::string(text.substr(0, end)) + "…";
}

bool is_number(Kind kind) { return kind >= Kind::integer && kind <= Kind::number; }

// A number that is no integer of 64 bits: has it a fraction, or is it too large?
void wrong_integer(const Node& node, const Place& place, Reading& reading, std::string_view range) {
  if (!is_number(node.kind())) return reading.expected(place, "an integer", node);
  if (node.kind() == Kind::number && std::abs(node.number()) < 9e18) {
    return reading.wrong(place, "expected an integer without fraction or exponent");
  }
  reading.wrong(place, fmt::format("must be {}", range));
}

}  // namespace

std::string Place::pointer() const {
  if (outer == nullptr) return {};
  auto text = outer->pointer() + '/';
  if (index) return text + std::to_string(*index);
  return text + replaced(replaced(key, "~", "~0"), "/", "~1");
}

void Reading::wrong(const Place& place, std::string detail) {
  if (fields_.size() == field_errors_max) return;
  fields_.push_back({place.pointer(), std::move(detail)});
}

void Reading::expected(const Place& place, std::string_view wanted, const Node& got) {
  wrong(place, fmt::format("expected {}, got {}", wanted, kind_text(got.kind())));
}

void Reading::unknown(const Place& place, const std::vector<std::string_view>& known) {
  for (const auto name : known) {
    if (name == place.key) return;
  }
  const auto meant = nearest(place.key.substr(0, quoted_bytes_max), known);
  wrong(place, meant ? fmt::format("is not known; did you mean \"{}\"?", *meant) : "is not known");
}

Error Reading::error() const {
  const auto& first = fields_.front();
  auto detail = first.pointer.empty() ? "the JSON: " + first.detail
                                      : shortened(first.pointer) + ": " + first.detail;
  if (fields_.size() > 1) {
    detail += fmt::format(" (and {}{} more)", fields_.size() == field_errors_max ? "at least " : "",
                          fields_.size() - 1);
  }
  return {errors::shape, std::move(detail), fields_};
}

std::optional<std::int64_t> read_integer(const Node& node, const Place& place, Reading& reading,
                                         std::pair<std::int64_t, std::int64_t> range) {
  const auto between = [range] { return fmt::format("from {} to {}", range.first, range.second); };
  if (node.kind() != Kind::integer) {
    wrong_integer(node, place, reading, between());
    return std::nullopt;
  }
  const auto value = node.integer();
  if (value >= range.first && value <= range.second) return value;
  reading.wrong(place, fmt::format("must be {}", between()));
  return std::nullopt;
}

std::optional<std::uint64_t> read_large_integer(const Node& node, const Place& place,
                                                Reading& reading, std::uint64_t max) {
  std::optional<std::uint64_t> value;
  if (node.kind() == Kind::large_integer) value = node.large_integer();
  if (node.kind() == Kind::integer && node.integer() >= 0) {
    value = static_cast<std::uint64_t>(node.integer());
  }
  if (value && *value <= max) return value;
  const auto range = fmt::format("from 0 to {}", max);
  if (node.kind() == Kind::integer || node.kind() == Kind::large_integer) {
    reading.wrong(place, "must be " + range);
  } else {
    wrong_integer(node, place, reading, range);
  }
  return std::nullopt;
}

std::optional<std::string_view> read_string(const Node& node, const Place& place,
                                            Reading& reading) {
  if (node.kind() == Kind::string) return node.string();
  reading.expected(place, "a string", node);
  return std::nullopt;
}

std::optional<Instant> read_instant(const Node& node, const Place& place, Reading& reading) {
  const auto text = read_string(node, place, reading);
  if (!text) return std::nullopt;
  auto time = parse_rfc3339(*text);
  if (time) return *time;
  reading.wrong(place, "expected an RFC 3339 time such as \"2026-03-01T12:00:00Z\"");
  return std::nullopt;
}

std::optional<std::size_t> read_choice(const Node& node, const Place& place, Reading& reading,
                                       const std::vector<std::string_view>& names) {
  const auto text = read_string(node, place, reading);
  if (!text) return std::nullopt;
  std::string listed;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == *text) return i;
    listed += (i > 0 ? ", \"" : "\"") + std::string(names[i]) + '"';
  }
  reading.wrong(place, fmt::format("expected one of {}, got \"{}\"", listed, shortened(*text)));
  return std::nullopt;
}

}  // namespace temps::json::detail

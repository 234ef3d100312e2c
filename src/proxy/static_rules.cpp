#include "proxy/static_rules.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "core/text.hpp"
#include "http1/date.hpp"

namespace temps::proxy {
namespace {

using http1::FieldId;

constexpr std::size_t path_bytes_max = 4096;

bool is_visible_segment(std::string_view segment) {
  if (segment == ".well-known") return true;
  return segment.size() <= 255 && !segment.starts_with('.');
}

std::string_view file_name(std::string_view relative) {
  const auto slash = relative.rfind('/');
  return slash == std::string_view::npos ? relative : relative.substr(slash + 1);
}

bool etag_listed(std::string_view list, std::string_view etag) {
  bool found = list == "*";
  http1::for_each_element(list, [&](std::string_view element) {
    if (element.starts_with("W/")) element.remove_prefix(2);
    found = found || element == etag;
  });
  return found;
}

// Strong comparison: a weak tag never fits.
bool etag_listed_strongly(std::string_view list, std::string_view etag) {
  bool found = list == "*";
  http1::for_each_element(list,
                          [&](std::string_view element) { found = found || element == etag; });
  return found;
}

// 0 where the request may go on, else the status that ends it.
int failed_condition(const http1::Fields& fields, const Validators& file) {
  if (const auto* match = fields.find(FieldId::if_match); match != nullptr) {
    if (!etag_listed_strongly(match->value, file.etag)) return 412;
  } else if (const auto since =
                 http1::parse_http_date(fields.value(FieldId::if_unmodified_since))) {
    if (file.modified > *since) return 412;
  }
  if (const auto* none = fields.find(FieldId::if_none_match); none != nullptr) {
    if (etag_listed(none->value, file.etag)) return 304;
  } else if (const auto since = http1::parse_http_date(fields.value(FieldId::if_modified_since))) {
    if (file.modified <= *since) return 304;
  }
  return 0;
}

bool range_still_applies(const http1::Fields& fields, const Validators& file) {
  const auto* condition = fields.find(FieldId::if_range);
  if (condition == nullptr) return true;
  if (condition->value.starts_with('"')) return condition->value == file.etag;
  const auto date = http1::parse_http_date(condition->value);
  return date && *date == file.modified;
}

enum class RangeOutcome : std::uint8_t { ignored, satisfiable, unsatisfiable };

RangeOutcome parse_range(std::string_view text, std::uint64_t size, ByteRange& range) {
  constexpr std::string_view unit = "bytes=";
  if (!text.starts_with(unit)) return RangeOutcome::ignored;
  const auto spec = trimmed(text.substr(unit.size()));
  const auto dash = spec.find('-');
  if (dash == std::string_view::npos || spec.find(',') != std::string_view::npos)
    return RangeOutcome::ignored;
  const auto first = parse_number<std::uint64_t>(spec.substr(0, dash));
  const auto last = parse_number<std::uint64_t>(spec.substr(dash + 1));
  if (dash == 0) {
    if (!last) return RangeOutcome::ignored;
    if (*last == 0 || size == 0) return RangeOutcome::unsatisfiable;
    const auto count = std::min(*last, size);
    range = {size - count, count};
    return RangeOutcome::satisfiable;
  }
  if (!first || (!last && dash + 1 != spec.size())) return RangeOutcome::ignored;
  if (last && *last < *first) return RangeOutcome::ignored;
  if (*first >= size) return RangeOutcome::unsatisfiable;
  const auto end = last ? std::min(*last, size - 1) : size - 1;
  range = {*first, end - *first + 1};
  return RangeOutcome::satisfiable;
}

// The part between the last '-' or '.' and the extension.
std::string_view hash_part(std::string_view name) {
  const auto dot = name.rfind('.');
  if (dot == std::string_view::npos) return {};
  auto stem = name.substr(0, dot);
  if (stem.ends_with(".min")) stem.remove_suffix(4);
  const auto mark = stem.find_last_of("-.");
  return mark == std::string_view::npos ? std::string_view{} : stem.substr(mark + 1);
}

}  // namespace

std::optional<StaticPath> parse_static_path(std::string_view path) {
  if (!path.starts_with('/') || path.size() > path_bytes_max) return std::nullopt;
  StaticPath parsed{.trailing_slash = path.ends_with('/')};
  for (const auto raw : split(path, '/')) {
    if (raw.empty()) continue;
    const auto segment = percent_decoded(raw);
    if (!segment || segment->find_first_of(std::string_view("/\\\0", 3)) != std::string::npos)
      return std::nullopt;
    if (!is_visible_segment(*segment)) return std::nullopt;
    if (!parsed.relative.empty()) parsed.relative += '/';
    parsed.relative += *segment;
  }
  return parsed;
}

std::string encoded_folder(std::string_view relative) {
  std::string out = "/";
  for (const auto segment : split(relative, '/')) {
    if (segment.empty()) continue;
    out += percent_encoded(segment);
    out += '/';
  }
  return out;
}

bool has_extension(std::string_view relative) {
  return file_name(relative).find('.') != std::string_view::npos;
}

// A wrong yes would keep an old file in browsers for a year, so dates and words do not count: hex
// with letters and digits, or the mix of cases and digits that base64 has.
bool has_hashed_name(std::string_view relative) {
  constexpr std::size_t shortest = 8;
  constexpr std::size_t longest = 64;
  const auto part = hash_part(file_name(relative));
  if (part.size() < shortest || part.size() > longest) return false;
  bool hex = true;
  int digits = 0;
  int upper = 0;
  int lower = 0;
  for (const char c : part) {
    const bool is_digit = c >= '0' && c <= '9';
    const bool is_lower = c >= 'a' && c <= 'z';
    const bool is_upper = c >= 'A' && c <= 'Z';
    if (!is_digit && !is_lower && !is_upper && c != '_') return false;
    digits += is_digit;
    lower += is_lower;
    upper += is_upper;
    hex = hex && (is_digit || (c >= 'a' && c <= 'f'));
  }
  if (hex) return digits > 0 && lower > 0;
  return digits > 0 && upper > 0 && lower > 0;
}

std::string_view cache_control(std::string_view relative, std::string_view type) {
  if (type.starts_with("text/html")) return "no-cache";
  if (has_hashed_name(relative) || relative.starts_with("_next/static/") ||
      relative.starts_with("_app/immutable/"))
    return "public, max-age=31536000, immutable";
  return "public, max-age=0, must-revalidate";
}

std::string make_etag(std::int64_t modified_ns, std::uint64_t size, std::uint64_t inode) {
  return fmt::format("\"{:x}-{:x}-{:x}\"", modified_ns, size, inode);
}

Selection select(const http1::Fields& fields, const Validators& file) {
  if (const int status = failed_condition(fields, file); status != 0) return {status, {}};
  const Selection whole{200, {0, file.size}};
  const auto* range = fields.find(FieldId::range);
  if (range == nullptr || !range_still_applies(fields, file)) return whole;
  Selection part{206, {}};
  switch (parse_range(range->value, file.size, part.range)) {
    case RangeOutcome::ignored:
      return whole;
    case RangeOutcome::unsatisfiable:
      return {416, {}};
    case RangeOutcome::satisfiable:
      return part;
  }
  return whole;
}

}  // namespace temps::proxy

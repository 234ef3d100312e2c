#include "detect/version_range.hpp"

#include <algorithm>
#include <limits>

#include "core/text.hpp"

namespace temps::detect {
namespace {

constexpr std::uint32_t number_max = 1'000'000;  // beyond any version; keeps the sums small
constexpr VersionNumber start{0, 0, 0};
constexpr VersionNumber beyond{std::numeric_limits<std::uint32_t>::max(), 0, 0};

// The numbers that are written, at most three: "20.x" is one, "*" none. Nothing for other text.
std::optional<std::vector<std::uint32_t>> written_numbers(std::string_view text) {
  if (text.starts_with('v') || text.starts_with('V')) text.remove_prefix(1);
  text = text.substr(0, text.find_first_of("-+"));
  std::vector<std::uint32_t> numbers;
  for (const auto part : split(text, '.')) {
    if (part == "x" || part == "X" || part == "*") return numbers;
    const auto digits = part.find_first_not_of("0123456789");
    // "3.12rc1"
    const auto number = parse_number<std::uint32_t>(part.substr(0, digits));
    if (!number || *number > number_max) return std::nullopt;
    if (numbers.size() < 3) numbers.push_back(*number);
  }
  return numbers;
}

VersionNumber filled(const std::vector<std::uint32_t>& numbers) {
  VersionNumber version{};
  std::ranges::copy(numbers, version.begin());
  return version;
}

// The first version that does not begin with the first `count` of these numbers.
VersionNumber after(const std::vector<std::uint32_t>& numbers, std::size_t count) {
  if (count == 0) return beyond;
  VersionNumber version{};
  std::copy_n(numbers.begin(), count, version.begin());
  ++version.at(count - 1);
  return version;
}

// `^1.2.3` keeps the first number that is not zero.
std::size_t caret_parts(const std::vector<std::uint32_t>& numbers) {
  std::size_t count = 0;
  while (count + 1 < numbers.size() && numbers[count] == 0) ++count;
  return std::min(count + 1, numbers.size());
}

constexpr std::string_view spaces = " \t\r\n,";

std::string_view take(std::string_view& text, std::size_t size) {
  const auto taken = text.substr(0, size);
  text.remove_prefix(taken.size());
  return taken;
}

void skip_spaces(std::string_view& text) { take(text, text.find_first_not_of(spaces)); }

}  // namespace

VersionRange::Intervals VersionRange::both(const Intervals& a, const Intervals& b) {
  Intervals result;
  for (const auto& x : a) {
    for (const auto& y : b) {
      const Interval common{std::max(x.from, y.from), std::min(x.to, y.to)};
      if (common.from < common.to) result.push_back(common);
    }
  }
  return result;
}

std::optional<VersionRange::Intervals> VersionRange::comparator(std::string_view operation,
                                                                std::string_view version) {
  const auto numbers = written_numbers(version);
  if (!numbers) return std::nullopt;
  const auto low = filled(*numbers);
  const auto count = numbers->size();
  const auto next = after(*numbers, count);
  if (count == 0) return Intervals{{start, beyond}};
  if (operation == ">=") return Intervals{{low, beyond}};
  if (operation == ">") return Intervals{{next, beyond}};
  if (operation == "<") return Intervals{{start, low}};
  if (operation == "<=") return Intervals{{start, next}};
  if (operation == "^") return Intervals{{low, after(*numbers, caret_parts(*numbers))}};
  if (operation == "~" || operation == "~>") {
    return Intervals{{low, after(*numbers, std::min<std::size_t>(count, 2))}};
  }
  if (operation == "~=") {
    return Intervals{{low, after(*numbers, std::max<std::size_t>(count, 2) - 1)}};
  }
  if (operation == "!=") return Intervals{{start, low}, {next, beyond}};
  if (operation.empty() || operation == "=" || operation == "==" || operation == "===") {
    return Intervals{{low, next}};
  }
  return std::nullopt;
}

std::optional<VersionRange::Intervals> VersionRange::conjunction(std::string_view text) {
  Intervals result{{start, beyond}};
  for (skip_spaces(text); !text.empty(); skip_spaces(text)) {
    const auto operation = take(text, text.find_first_not_of("<>=!~^"));
    skip_spaces(text);
    const auto version = take(text, text.find_first_of(" \t\r\n,<>=!~^"));
    if (version.empty()) return std::nullopt;
    auto allowed = comparator(operation, version);
    skip_spaces(text);
    if (text.starts_with("- ")) {
      take(text, 1);
      skip_spaces(text);
      const auto last = comparator("<=", take(text, text.find_first_of(spaces)));
      const auto first = comparator(">=", version);
      if (!first || !last) return std::nullopt;
      allowed = both(*first, *last);
    }
    if (!allowed) return std::nullopt;
    result = both(result, *allowed);
    if (result.size() > 16) return std::nullopt;  // a hostile list of "!="
  }
  return result;
}

std::optional<VersionRange> VersionRange::parse(std::string_view text) {
  if (text.size() > 256) return std::nullopt;
  VersionRange range;
  while (true) {
    const auto [alternative, rest] = cut(text, "||");
    const auto intervals = conjunction(alternative);
    if (!intervals) return std::nullopt;
    range.intervals_.insert(range.intervals_.end(), intervals->begin(), intervals->end());
    if (alternative.size() == text.size()) return range;
    text = rest;
  }
}

VersionRange VersionRange::intersected(const VersionRange& other) const {
  VersionRange range;
  range.intervals_ = both(intervals_, other.intervals_);
  return range;
}

std::optional<std::string> VersionRange::tag_in(const std::vector<std::uint32_t>& line) const {
  const auto end = after(line, line.size());
  const auto found = both(intervals_, {{filled(line), end}});
  if (found.empty()) return std::nullopt;
  const auto best = std::ranges::max_element(found, {}, &Interval::to);
  std::vector<std::string> numbers;
  for (const auto number : line) numbers.push_back(std::to_string(number));
  if (best->to == end) return join(numbers, ".");
  // The newest one below `to`.
  const auto [major, minor, patch] = best->to;
  if (patch > 0) {
    return join({std::to_string(major), std::to_string(minor), std::to_string(patch - 1)}, ".");
  }
  return join({std::to_string(major), std::to_string(minor - 1)}, ".");
}

std::optional<std::string> choose_tag(const VersionRange& range,
                                      const std::vector<std::vector<std::uint32_t>>& lines) {
  for (const auto& line : lines) {
    if (auto tag = range.tag_in(line)) return tag;
  }
  return std::nullopt;
}

}  // namespace temps::detect

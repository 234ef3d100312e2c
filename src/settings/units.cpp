#include "settings/units.hpp"

#include <array>
#include <limits>
#include <utility>

#include "core/text.hpp"

namespace temps::settings {
namespace {

// A whole number with one of `units` behind it.
template <std::size_t count>
std::optional<std::uint64_t> parse_scaled(
    std::string_view text,
    const std::array<std::pair<std::string_view, std::uint64_t>, count>& units) {
  const auto digits = text.find_first_not_of("0123456789");
  const auto number = parse_number<std::uint64_t>(text.substr(0, digits));
  if (!number) return std::nullopt;
  const auto unit = digits == std::string_view::npos ? std::string_view{} : text.substr(digits);
  for (const auto& [name, factor] : units) {
    if (!equal_ignoring_case(trimmed(unit), name)) continue;
    constexpr auto max = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (*number > max / factor) return std::nullopt;
    return *number * factor;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::uint64_t> parse_bytes(std::string_view text) {
  using Unit = std::pair<std::string_view, std::uint64_t>;
  constexpr std::array<Unit, 9> units{{{"", 1},
                                       {"KB", 1ULL << 10U},
                                       {"MB", 1ULL << 20U},
                                       {"GB", 1ULL << 30U},
                                       {"TB", 1ULL << 40U},
                                       {"K", 1ULL << 10U},
                                       {"M", 1ULL << 20U},
                                       {"G", 1ULL << 30U},
                                       {"T", 1ULL << 40U}}};
  return parse_scaled(text, units);
}

std::optional<std::chrono::seconds> parse_duration(std::string_view text) {
  using Unit = std::pair<std::string_view, std::uint64_t>;
  constexpr std::array<Unit, 5> units{{{"", 1}, {"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86400}}};
  const auto seconds = parse_scaled(text, units);
  if (!seconds || *seconds > 86400ULL * 36500) return std::nullopt;
  return std::chrono::seconds(static_cast<std::int64_t>(*seconds));
}

}  // namespace temps::settings

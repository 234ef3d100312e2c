// Version ranges as npm, Poetry and PEP 440 write them, as far as choosing an image needs it.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace temps::detect {

using VersionNumber = std::array<std::uint32_t, 3>;

// A union of half-open intervals. Pre-release tags are ignored.
class VersionRange {
 public:
  // `^20.19 || >=22.12`, `>=3.10,<4`, `~=3.11`, `1.2 - 2`, `20.x`, `v20`, `*`. Nothing when it
  // cannot be understood.
  static std::optional<VersionRange> parse(std::string_view text);

  [[nodiscard]] VersionRange intersected(const VersionRange& other) const;

  // The image tag for a release line, named by its first numbers (one for Node.js, two for Python):
  // "22" where the newest of the line is in the range, "22.4" or "22.4.1" where only an older one
  // is. Nothing when none of the line is.
  [[nodiscard]] std::optional<std::string> tag_in(const std::vector<std::uint32_t>& line) const;

 private:
  struct Interval {
    VersionNumber from{};
    VersionNumber to{};  // exclusive
  };
  using Intervals = std::vector<Interval>;
  static Intervals both(const Intervals& a, const Intervals& b);
  static std::optional<Intervals> comparator(std::string_view operation, std::string_view version);
  static std::optional<Intervals> conjunction(std::string_view text);

  Intervals intervals_;
};

// The tag of the first line of `lines` (best first) that has one in the range.
std::optional<std::string> choose_tag(const VersionRange& range,
                                      const std::vector<std::vector<std::uint32_t>>& lines);

}  // namespace temps::detect

#include "detect/version_range.hpp"

#include <gtest/gtest.h>

#include <string>

namespace temps::detect {
namespace {

struct Row {
  std::string range;
  std::string node;    // the best of 22, 24, 20, 18
  std::string python;  // the best of 3.13, 3.12, 3.11, 3.10
};

std::string best(const std::string& range, const std::vector<std::vector<std::uint32_t>>& lines) {
  const auto parsed = VersionRange::parse(range);
  return parsed ? choose_tag(*parsed, lines).value_or("none") : "not understood";
}

TEST(VersionRange, ChoosesTheBestLineInTheRange) {
  for (const auto& row : {
           Row{"*", "22", "3.13"},
           Row{"", "22", "3.13"},
           Row{">=18", "22", "none"},
           Row{"^20.19 || >=22.12", "22", "none"},
           Row{"^20.19.0 || ^24", "24", "none"},
           Row{"20", "20", "none"},
           Row{"v20.11.1", "20.11.1", "none"},
           Row{"20.x", "20", "none"},
           Row{"~22.4", "22.4", "none"},
           Row{"<22", "20", "3.13"},
           Row{">=22 <22.5", "22.4", "none"},
           Row{">20", "22", "none"},
           Row{"18 - 20", "20", "none"},
           Row{"18.0.0 - 20.3", "20.3", "none"},
           Row{">= 18 < 21", "20", "none"},
           Row{">=3.10,<4", "none", "3.13"},
           Row{"^3.11", "none", "3.13"},
           Row{"~=3.11", "none", "3.13"},
           Row{"~=3.11.2", "none", "3.11"},
           Row{"==3.12.*", "none", "3.12"},
           Row{"3.12.4", "none", "3.12.4"},
           Row{">=3.9,!=3.13.*", "22", "3.12"},
           Row{">=30", "none", "none"},
           Row{"lts", "not understood", "not understood"},
           Row{">=", "not understood", "not understood"},
           Row{"1.2.99999999999", "not understood", "not understood"},
       }) {
    EXPECT_EQ(best(row.range, {{22}, {24}, {20}, {18}}), row.node) << row.range;
    EXPECT_EQ(best(row.range, {{3, 13}, {3, 12}, {3, 11}, {3, 10}}), row.python) << row.range;
  }
}

TEST(VersionRange, RefusesTextMadeToTakeLong) {
  EXPECT_FALSE(VersionRange::parse(std::string(1 << 20, '|')).has_value());
  std::string excluded;
  for (int i = 0; i < 40; ++i) excluded += "!=" + std::to_string(2 * i + 1) + ",";
  EXPECT_FALSE(VersionRange::parse(excluded).has_value());
}

}  // namespace
}  // namespace temps::detect

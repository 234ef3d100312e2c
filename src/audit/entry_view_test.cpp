#include "audit/entry_view.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace temps::audit {
namespace {

using testing::HasSubstr;

TEST(AuditCsv, ACellIsNoFormula) {
  for (const auto* text : {"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"}) {
    EXPECT_TRUE(csv_cell(text).starts_with("\"'")) << text;
  }
  EXPECT_EQ(csv_cell("a=1"), "\"a=1\"");
  EXPECT_EQ(csv_cell(""), "\"\"");
}

TEST(AuditCsv, ACellEndsWhereItShould) {
  EXPECT_EQ(csv_cell("say \"no\",\r\nthen"), "\"say \"\"no\"\",\r\nthen\"");
  EXPECT_EQ(csv_cell("\",=1"), "\"\"\",=1\"");
}

TEST(AuditCsv, ALineHasTheColumnsOfTheHead) {
  Entry entry{.email = "=cmd()", .target = {"{}"}};
  entry.status = 200;
  const auto line = csv_line(entry);
  // No cell of these holds a comma.
  EXPECT_EQ(std::ranges::count(line, ','), std::ranges::count(csv_head(), ','));
  EXPECT_THAT(line, HasSubstr("\"'=cmd()\""));
  EXPECT_THAT(line, HasSubstr("\"done\""));
}

}  // namespace
}  // namespace temps::audit

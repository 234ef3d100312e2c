#include "json/indent.hpp"

#include <gtest/gtest.h>

namespace temps::json {
namespace {

TEST(Indented, PutsEachMemberAndElementOnItsLine) {
  EXPECT_EQ(
      indented(R"({"a":[1,{"b":true}],"c":{},"d":[]})"),
      "{\n  \"a\": [\n    1,\n    {\n      \"b\": true\n    }\n  ],\n  \"c\": {},\n  \"d\": []\n}");
}

TEST(Indented, LeavesStringsAsTheyAre) {
  EXPECT_EQ(indented(R"(["a, {b}: \" [c]\\",""])"), "[\n  \"a, {b}: \\\" [c]\\\\\",\n  \"\"\n]");
}

TEST(Indented, OfIndentedTextIsTheSame) {
  const auto once = indented(R"({"a":{"b":[1,2]},"c":[]})");
  EXPECT_EQ(indented(once), once);
}

TEST(Indented, EndsWithATextThatIsCutOff) {
  EXPECT_EQ(indented("[\"a"), "[\n  \"a");
  EXPECT_EQ(indented("}]"), "\n}\n]");
}

}  // namespace
}  // namespace temps::json

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "core/text.hpp"
#include "json/json.hpp"

namespace temps::json {
namespace {

struct Route {
  std::string host;
  std::uint16_t port = 0;
};
enum class Mode : std::uint8_t { fast, slow };
struct Table {
  std::int64_t version = 0;
  std::vector<Route> routes;
  Mode mode = Mode::fast;
  std::map<std::string, int> weights;
  std::optional<Instant> since;
};

std::vector<std::string> wrong(const Error& error) {
  std::vector<std::string> lines;
  for (const auto& field : error.fields()) lines.push_back(field.pointer + ": " + field.detail);
  return lines;
}

template <class T>
std::vector<std::string> wrong(std::string_view text, const Limits& limits = {}) {
  auto got = decode<T>(text, limits);
  if (got) return {"it fits"};
  EXPECT_TRUE(got.error().is(errors::shape)) << got.error().detail();
  return wrong(got.error());
}

TEST(JsonShape, NamesEveryWrongPlaceByItsPointer) {
  const auto text = R"({
    "version": "1",
    "routes": [{"host":"a","port":1}, {"port":true}, [], {"host":null,"port":65536}],
    "mode": "medium",
    "weights": {"a/b~c": 1.5},
    "since": "yesterday"
  })";
  EXPECT_THAT(
      wrong<Table>(text),
      testing::ElementsAre(
          "/version: expected an integer, got a string", "/routes/1/host: is required",
          "/routes/1/port: expected an integer, got true or false",
          "/routes/2: expected an object, got an array",
          "/routes/3/host: expected a string, got null", "/routes/3/port: must be from 0 to 65535",
          "/mode: expected one of \"fast\", \"slow\", got \"medium\"",
          "/weights/a~1b~0c: expected an integer without fraction or exponent",
          "/since: expected an RFC 3339 time such as \"2026-03-01T12:00:00Z\""));
}

TEST(JsonShape, SaysInTheDetailWhatIsWrongFirst) {
  const auto error = decode<Route>("{}").error();
  EXPECT_EQ(error.detail(), "/host: is required (and 1 more)");
  EXPECT_EQ(decode<Route>("[]").error().detail(), "the JSON: expected an object, got an array");
}

TEST(JsonShape, RefusesUnknownMembersWhenAsked) {
  const Limits strict{.unknown = Unknown::refuse};
  EXPECT_THAT(
      wrong<Route>(R"({"host":"a","port":1,"hosts":2,"zebra":3})", strict),
      testing::ElementsAre("/hosts: is not known; did you mean \"host\"?", "/zebra: is not known"));
  EXPECT_THAT(
      wrong<Route>(R"({"host":"a","prot":1})", strict),
      testing::ElementsAre("/port: is required", "/prot: is not known; did you mean \"port\"?"));
}

TEST(JsonShape, StopsCountingAtAHundred) {
  std::string text = "[0";
  for (int i = 0; i < 1000; ++i) text += ",0";
  const auto got = decode<std::vector<std::string>>(text + "]");
  EXPECT_EQ(got.error().fields().size(), 100U);
  EXPECT_THAT(std::string(got.error().detail()), testing::HasSubstr("at least 99 more"));
}

TEST(JsonShape, DoesNotRepeatALongWrongValue) {
  const auto got = decode<Mode>(encode(std::string(100'000, 'x')));
  EXPECT_LT(got.error().fields().at(0).detail.size(), 200U);
}

TEST(JsonIntegers, AreCheckedAgainstTheRangeOfTheirType) {
  EXPECT_EQ(decode<std::int8_t>("-128").value(), -128);
  EXPECT_EQ(wrong<std::int8_t>("128"), std::vector<std::string>{": must be from -128 to 127"});
  EXPECT_EQ(wrong<std::uint8_t>("-1"), std::vector<std::string>{": must be from 0 to 255"});
  EXPECT_EQ(decode<std::int64_t>("-9223372036854775808").value(),
            std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(decode<std::uint64_t>("18446744073709551615").value(),
            std::numeric_limits<std::uint64_t>::max());
  EXPECT_THAT(wrong<std::int64_t>("9223372036854775808"),
              testing::ElementsAre(testing::StartsWith(": must be from -9223372036854775808")));
  EXPECT_THAT(wrong<std::uint64_t>("18446744073709551616"),
              testing::ElementsAre(testing::StartsWith(": must be from 0 to")));
  EXPECT_THAT(wrong<std::int64_t>("1e300"),
              testing::ElementsAre(testing::StartsWith(": must be from")));
  EXPECT_THAT(wrong<int>("1.0"), testing::ElementsAre(testing::HasSubstr("without fraction")));
}

TEST(JsonSyntax, NamesLineAndColumn) {
  const auto detail = [](std::string_view text) {
    return std::string(decode<Value>(text).error().detail());
  };
  EXPECT_EQ(detail("{\n  \"a\": x\n}"), "line 2, column 8: 'x' does not belong here");
  EXPECT_EQ(detail("[1,]"), "line 1, column 4: ']' does not belong here");
  EXPECT_EQ(detail("[1"), "line 1, column 3: the text ends too early");
  EXPECT_EQ(detail("{} {}"), "line 1, column 4: text follows the end of the JSON value");
  EXPECT_THAT(detail(R"({"a":1,"b":{"a":1,"a":2}})"),
              testing::HasSubstr("the key \"a\" stands twice"));
}

TEST(JsonSyntax, RefusesWhatIsNoJson) {
  for (const std::string_view text : {"",
                                      " ",
                                      "nul",
                                      "NaN",
                                      "Infinity",
                                      "-",
                                      "+1",
                                      "01",
                                      "1.",
                                      ".5",
                                      "1e",
                                      "0x1",
                                      "'a'",
                                      "{a:1}",
                                      "[1 2]",
                                      "{\"a\" 1}",
                                      "{,}",
                                      "[,]",
                                      "// x\n1",
                                      "/* x */1",
                                      "\"a",
                                      "\"\t\"",
                                      "\"\n\"",
                                      "\"\\x\"",
                                      "\"\\u12\"",
                                      "\"\\ud800\"",
                                      "\"\\udc00\"",
                                      "\"\\ud800\\u0041\"",
                                      "\"\x80\"",
                                      "\"\xC0\xAF\"",
                                      "\"\xED\xA0\x80\"",
                                      "\"\xF4\x90\x80\x80\"",
                                      "\"\xE2\x82\"",
                                      "]",
                                      "}",
                                      "[}",
                                      "tru e",
                                      "\xEF\xBB\xBF{}",
                                      "1e400",
                                      "-1e999999999999",
                                      "{\"a\":1,\"a\":1}"}) {
    const auto got = parse(text);
    ASSERT_FALSE(got.has_value()) << text;
    EXPECT_TRUE(got.error().is(errors::syntax)) << text;
    EXPECT_TRUE(is_utf8(got.error().detail())) << text;
  }
}

TEST(JsonSyntax, FindsADuplicateAmongManyKeys) {
  std::string text = "{";
  for (int i = 0; i < 50'000; ++i) text += "\"k" + std::to_string(i) + "\":0,";
  EXPECT_TRUE(parse(text + "\"last\":0}").has_value());
  EXPECT_TRUE(parse(text + "\"k7\":0}").error().is(errors::syntax));
  EXPECT_TRUE(parse(R"({"a":1,"\u0061":2})").error().is(errors::syntax));
}

TEST(JsonLimits, RefuseTooMuchText) {
  EXPECT_TRUE(parse("[1,2]", {.size_bytes_max = 5}).has_value());
  EXPECT_TRUE(parse("[1,2]", {.size_bytes_max = 4}).error().is(errors::too_large));
}

TEST(JsonLimits, RefuseTooMuchDepth) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_TRUE(parse(nested(32)).has_value());
  EXPECT_TRUE(parse(nested(33)).error().is(errors::too_deep));
  EXPECT_TRUE(parse(std::string(1'000'000, '[')).error().is(errors::too_deep));
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += "{\"a\":";
  EXPECT_TRUE(parse(objects).error().is(errors::too_deep));
  EXPECT_TRUE(parse(nested(3), {.depth_max = 2}).error().is(errors::too_deep));
}

// Whatever is done to a valid text, reading it ends well or with an error, and what was read can be
// written and read again.
TEST(JsonMutations, NeverBreakTheReader) {
  const std::string seed =
      R"({"version":3,"routes":[{"host":"é\u00e9","port":80},{"host":"b","port":1e1}],)"
      R"("mode":"slow","weights":{"a":-1,"b":2},"since":"2026-03-01T12:00:00Z"})";
  std::mt19937 random(20260301);
  const std::string_view alphabet = "{}[]\",:\\0-9eE.tfnu \n\x80\xE2\x00";
  int read = 0;
  for (int round = 0; round < 20'000; ++round) {
    auto text = seed;
    for (auto edits = random() % 4 + 1; edits > 0; --edits) {
      const auto at = random() % text.size();
      const auto letter = alphabet[random() % alphabet.size()];
      switch (random() % 4) {
        case 0:
          text[at] = letter;
          break;
        case 1:
          text.insert(at, 1, letter);
          break;
        case 2:
          text.erase(at, random() % 8 + 1);
          break;
        default:
          text.insert(at, text.substr(random() % text.size(), random() % 20));
      }
      if (text.empty()) text = "{";
    }
    static_cast<void>(decode<Table>(text));
    const auto value = decode<Value>(text);
    if (!value) continue;
    ++read;
    const auto again = decode<Value>(value->text());
    ASSERT_TRUE(again.has_value()) << text;
    ASSERT_EQ(again->text(), value->text());
  }
  EXPECT_GT(read, 100);
}

}  // namespace
}  // namespace temps::json

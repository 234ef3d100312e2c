#include "json/json.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <map>
#include <optional>

namespace temps::json {
namespace {

enum class Stream : std::uint8_t { out, err, default_ };

struct Upstream {
  std::string address;
  std::int32_t weight = 1;
  friend bool operator==(const Upstream&, const Upstream&) = default;
};

struct Everything {
  std::string text;
  bool flag = false;
  std::int8_t small = 0;
  std::uint16_t port = 0;
  std::int64_t big = 0;
  std::uint64_t bigger = 0;
  double ratio = 0;
  Stream stream = Stream::out;
  Id<struct ThingTag> id;
  Instant time;
  std::optional<std::string> note;
  std::vector<Upstream> upstreams;
  std::map<std::string, std::vector<int>> tags;
  std::optional<Upstream> spare;
  Raw raw;
  std::vector<bool> bits;
  friend bool operator==(const Everything&, const Everything&) = default;
};

struct Nothing {};

Everything example() {
  return {.text = "a \"quoted\" line\n\tand \\ more é\x01",
          .flag = true,
          .small = -128,
          .port = 65535,
          .big = std::numeric_limits<std::int64_t>::min(),
          .bigger = std::numeric_limits<std::uint64_t>::max(),
          .ratio = 0.1,
          .stream = Stream::default_,
          .id = {7},
          .time = Instant{std::chrono::milliseconds{1'700'000'000'123}},
          .note = "",
          .upstreams = {{"127.0.0.1:1", 2}, {"unix:/x", 3}},
          .tags = {{"a/b", {1, 2}}, {"", {}}},
          .spare = std::nullopt,
          .raw = Raw::trusted(R"({"n":1.50})"),
          .bits = {true, false}};
}

TEST(JsonEncode, WritesFieldsInOrderAndLeavesOutEmptyOptionals) {
  struct View {
    std::string name;
    std::optional<int> absent;
    std::optional<int> present;
    std::vector<int> none;
  };
  EXPECT_EQ(encode(View{.name = "x", .absent = {}, .present = 3, .none = {}}),
            R"({"name":"x","present":3,"none":[]})");
}

TEST(JsonEncode, EscapesWhatJsonWantsEscaped) {
  EXPECT_EQ(quote("a\"b\\c\nd\re\tf\x01\x7f"), R"("a\"b\\c\nd\re\tf\u0001\u007f")");
  EXPECT_EQ(quote("é€😀"), "\"é€😀\"");
  EXPECT_EQ(quote(std::string_view("\0", 1)), R"("\u0000")");
}

TEST(JsonEncode, ReplacesBytesThatAreNoUtf8) {
  EXPECT_EQ(quote("a\xFF"
                  "b\xC3"),
            "\"a\uFFFDb\uFFFD\"");
}

TEST(JsonEncode, WritesNumbersThatReadBackTheSame) {
  EXPECT_EQ(encode(0.1), "0.1");
  EXPECT_EQ(encode(1e300), "1e+300");
  EXPECT_EQ(encode(std::nan("")), "null");
  EXPECT_EQ(encode(std::numeric_limits<double>::infinity()), "null");
  for (const double value : {5e-324, 1.7976931348623157e308, -0.3, 123456789.123456789}) {
    EXPECT_EQ(decode<double>(encode(value)).value(), value);
  }
}

TEST(JsonEncode, WritesTopLevelValuesOfAnyKind) {
  EXPECT_EQ(encode(std::vector<std::optional<int>>{1, std::nullopt}), "[1,null]");
  EXPECT_EQ(encode(std::map<std::string, bool>{{"b", false}, {"a", true}}),
            R"({"a":true,"b":false})");
  EXPECT_EQ(encode(Nothing{}), "{}");
  EXPECT_EQ(encode(Value{}), "null");
  EXPECT_EQ(encode(std::string_view("x")), R"("x")");
}

TEST(JsonEncode, LeavesOutTheUnderscoreOfAKeyword) {
  struct Keywords {
    int default_ = 1;
    Stream kind = Stream::default_;
  };
  EXPECT_EQ(encode(Keywords{}), R"({"default":1,"kind":"default"})");
  EXPECT_EQ(decode<Keywords>(R"({"default":5,"kind":"default"})").value().default_, 5);
}

TEST(JsonRoundTrip, KeepsEveryKindOfField) {
  const auto text = encode(example());
  const auto back = decode<Everything>(text);
  ASSERT_TRUE(back.has_value()) << back.error().detail();
  EXPECT_EQ(*back, example());
  EXPECT_EQ(encode(*back), text);
}

TEST(JsonDecode, IgnoresUnknownMembersAndOrder) {
  const auto got = decode<Upstream>(R"( {"x":[1,{"y":2}], "weight":4, "address":"a"} )");
  EXPECT_EQ(got.value(), (Upstream{"a", 4}));
}

TEST(JsonDecode, TakesNullAndAbsenceAsAnEmptyOptional) {
  struct Maybe {
    std::optional<int> a = 5;
    std::optional<int> b;
    std::vector<int> c;
    std::map<std::string, int> d;
  };
  const auto got = decode<Maybe>(R"({"a":null})");
  ASSERT_TRUE(got.has_value());
  EXPECT_FALSE(got->a || got->b);
  EXPECT_TRUE(got->c.empty() && got->d.empty());
}

TEST(JsonDecode, KeepsDefaultsOfAbsentFieldsWhenAsked) {
  EXPECT_FALSE(decode<Upstream>(R"({"address":"a"})").has_value());
  const auto got = decode<Upstream>(R"({"address":"a"})", {.missing = Missing::default_value});
  EXPECT_EQ(got.value(), (Upstream{"a", 1}));
}

TEST(JsonDecode, ReadsASecret) {
  struct Login {
    std::string email;
    Secret password;
  };
  EXPECT_EQ(decode<Login>(R"({"email":"a@b","password":"pw"})").value().password.reveal(), "pw");
}

TEST(JsonDecode, ReadsEscapesAndSurrogatePairs) {
  EXPECT_EQ(decode<std::string>(R"("\u00e9\ud83d\ude00\/\b\f")").value(), "é😀/\b\f");
}

TEST(JsonDecode, RoundsDecimalsCorrectly) {
  EXPECT_EQ(decode<double>("0.1").value(), 0.1);
  EXPECT_EQ(decode<double>("1.00000000000000022204460492503130808472633361816406251").value(),
            1.0000000000000002);
  EXPECT_EQ(decode<double>("8.41e21").value(), 8.41e21);
  EXPECT_EQ(decode<double>("12").value(), 12.0);
  EXPECT_EQ(decode<double>("18446744073709551615").value(), 18446744073709551615.0);
  EXPECT_EQ(decode<double>("1e-400").value(), 0.0);
}

TEST(JsonRaw, KeepsTheSliceAsItStood) {
  struct Event {
    std::string name;
    Raw properties;
    std::vector<Raw> items;
    Raw last;
  };
  const auto got = decode<Event>(
      R"({"name":"n\"}]","properties": { "a" : [1.50, "x,]}\\"], "b":{} } ,"items":[1e2 , [ ] ,"s",null,{}],"last":true})");
  ASSERT_TRUE(got.has_value()) << got.error().detail();
  EXPECT_EQ(got->properties.text(), R"({ "a" : [1.50, "x,]}\\"], "b":{} })");
  ASSERT_EQ(got->items.size(), 5U);
  EXPECT_EQ(got->items[0].text(), "1e2");
  EXPECT_EQ(got->items[1].text(), "[ ]");
  EXPECT_EQ(got->items[2].text(), R"("s")");
  EXPECT_EQ(got->items[3].text(), "null");
  EXPECT_EQ(got->items[4].text(), "{}");
  EXPECT_EQ(got->last.text(), "true");
}

TEST(JsonRaw, IsCheckedBeforeItIsKept) {
  EXPECT_EQ(Raw::checked(" [1] ").value().text(), "[1]");
  EXPECT_TRUE(Raw::checked("[1").error().is(errors::syntax));
  EXPECT_EQ(encode(Raw{}), "null");
  EXPECT_EQ(raw(Upstream{"a", 2}).text(), R"({"address":"a","weight":2})");
}

TEST(JsonValue, AnswersQuestionsAboutAFreeDocument) {
  const auto value =
      decode<Value>(R"({"scripts":{"build":"vite","n":3},"list":[1,"two",false,2.5,null]})")
          .value();
  EXPECT_TRUE(value.is_object());
  EXPECT_EQ(value.size(), 2U);
  EXPECT_EQ(value["scripts"]["build"].as_string(), "vite");
  EXPECT_EQ(value["scripts"]["n"].as_integer(), 3);
  EXPECT_EQ(value["scripts"]["n"].as_number(), 3.0);
  EXPECT_FALSE(value["scripts"]["n"].as_string().has_value());
  EXPECT_TRUE(value["none"]["below"].is_null());
  EXPECT_FALSE(value.find("none").has_value());
  EXPECT_FALSE(value["list"].find("build").has_value());
  const auto items = value["list"].items();
  ASSERT_EQ(items.size(), 5U);
  EXPECT_EQ(items[1].as_string(), "two");
  EXPECT_EQ(items[2].as_bool(), false);
  EXPECT_EQ(items[3].as_number(), 2.5);
  EXPECT_FALSE(items[3].as_integer().has_value());
  EXPECT_TRUE(items[4].is_null());
  ASSERT_EQ(value.members().size(), 2U);
  EXPECT_EQ(value.members()[1].first, "list");
  EXPECT_EQ(value["list"].text(), R"([1,"two",false,2.5,null])");
}

TEST(JsonValue, OutlivesTheDocumentItCameFrom) {
  struct Event {
    Value inner;
  };
  Value kept;
  {
    auto event = decode<Event>(R"({"inner":{"deep":["here"]}})").value();
    kept = event.inner["deep"];
  }
  EXPECT_EQ(kept.items().at(0).as_string(), "here");
  EXPECT_EQ(encode(kept), R"(["here"])");
}

}  // namespace
}  // namespace temps::json

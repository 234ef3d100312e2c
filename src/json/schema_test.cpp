#include <gtest/gtest.h>

#include "json/json.hpp"

namespace temps::json {
namespace {

enum class Stage : std::uint8_t { queued, live, delete_ };
struct Inner {
  std::string name;
};
struct Wide {
  std::string text;
  std::int64_t big = 0;
  std::uint16_t port = 0;
  bool flag = false;
  double ratio = 0;
  Stage stage = Stage::queued;
  Id<Inner> id;
  Instant time;
  Secret password;
  std::optional<int> note;
  std::vector<Inner> inners;
  std::map<std::string, bool> flags;
  Value any;
};
struct Tree {
  std::string name;
  std::vector<Tree> children{};
};

TEST(JsonSchema, DescribesEveryKindOfField) {
  EXPECT_EQ(
      schema<Wide>(),
      R"({"type":"object","properties":{"text":{"type":"string"},)"
      R"("big":{"type":"integer","format":"int64"},)"
      R"("port":{"type":"integer","minimum":0,"maximum":65535},"flag":{"type":"boolean"},)"
      R"("ratio":{"type":"number"},"stage":{"type":"string","enum":["queued","live","delete"]},)"
      R"("id":{"type":"integer","format":"int64"},"time":{"type":"string","format":"date-time"},)"
      R"("password":{"type":"string","format":"password"},)"
      R"("note":{"type":"integer","minimum":-2147483648,"maximum":2147483647},)"
      R"("inners":{"type":"array","items":{"type":"object","properties":)"
      R"({"name":{"type":"string"}},"required":["name"]}},)"
      R"("flags":{"type":"object","additionalProperties":{"type":"boolean"}},"any":{}},)"
      R"("required":["text","big","port","flag","ratio","stage","id","time","password","any"]})");
}

TEST(JsonSchema, RequiresInOutputWhatIsAlwaysWritten) {
  struct View {
    std::vector<int> items;
    std::optional<int> note;
  };
  EXPECT_EQ(schema<View>().find("required"), std::string::npos);
  EXPECT_NE(schema<View>(Direction::output).find(R"("required":["items"])"), std::string::npos);
}

TEST(JsonSchema, IsValidJsonForAnyRoot) {
  for (const auto& text : {schema<Wide>(), schema<Tree>(), schema<std::vector<std::string>>(),
                           schema<bool>(), schema<Raw>()}) {
    EXPECT_TRUE(parse(text).has_value()) << text;
  }
}

TEST(JsonSchema, EndsForATypeThatHoldsItself) {
  EXPECT_EQ(schema<Tree>(),
            R"({"type":"object","properties":{"name":{"type":"string"},)"
            R"("children":{"type":"array","items":{"type":"object"}}},"required":["name"]})");
}

}  // namespace
}  // namespace temps::json

#include "http/masking.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <vector>

#include "core/secret.hpp"
#include "json/json.hpp"

namespace temps::http {
namespace {

struct Inner {
  std::string name;
  Secret pin;
};
struct Given {
  std::string email;
  Secret hidden;
  std::optional<Secret> maybe;
  std::vector<Inner> list;
  json::Value free;
};

std::string masked_body(std::string_view text) { return masked(text, json::schema<Given>()); }

TEST(Masking, HidesWhatTheTypeCallsSecret) {
  EXPECT_EQ(masked_body(R"({"email":"a@b.c","hidden":"s1","maybe":"s2"})"),
            R"({"email":"a@b.c","hidden":"****","maybe":"****"})");
  EXPECT_EQ(masked_body(R"({"maybe":null,"list":[{"name":"n","pin":"s3"}]})"),
            R"({"maybe":null,"list":[{"name":"n","pin":"****"}]})");
}

TEST(Masking, HidesTheLoginsOfAddresses) {
  EXPECT_EQ(masked_body(R"({"email":"see https://ann:s1@host/x","free":["http://s2@a:80"]})"),
            R"({"email":"see https://****@host/x","free":["http://****@a:80"]})");
}

TEST(Masking, HidesAllOfAPasswordThatHasAnotherShape) {
  EXPECT_EQ(masked_body(R"({"hidden":{"a":"s1"},"maybe":["s2"]})"),
            R"({"hidden":"****","maybe":"****"})");
  EXPECT_EQ(masked_body(R"({"hidden":12345678})"), R"({"hidden":"****"})");
}

TEST(Masking, HidesWhatSoundsSecretWhereNoTypeSaysSo) {
  EXPECT_EQ(masked_body(R"({"free":{"api_token":"s","recovery_codes":["a","b"],"port":1}})"),
            R"({"free":{"api_token":"****","recovery_codes":["****","****"],"port":1}})");
  EXPECT_EQ(masked(R"({"token":"s","key":{"id":3,"name":"ci"},"secret":4711})", ""),
            R"({"token":"****","key":{"id":3,"name":"ci"},"secret":"****"})");
  EXPECT_EQ(masked(R"([{"kind":"secret","value":"s"},{"kind":"plain","value":"v"}])", ""),
            R"([{"kind":"secret","value":"****"},{"kind":"plain","value":"v"}])");
  EXPECT_EQ(masked(R"([{"name":"NPM_TOKEN","value":"s"},{"name":"PORT","value":"1"}])", ""),
            R"([{"name":"NPM_TOKEN","value":"****"},{"name":"PORT","value":"1"}])");
  EXPECT_EQ(masked(R"({"build_arguments":{"NPM_TOKEN":"s"}})", ""),
            R"({"build_arguments":{"NPM_TOKEN":"****"}})");
}

TEST(Masking, HidesWhatAnAnswerDiscloses) {
  struct Answer {
    std::string id;
    Disclosed once;
  };
  const Answer answer{"1", {"s1"}};
  EXPECT_EQ(json::encode(answer), R"({"id":"1","once":"s1"})");
  EXPECT_EQ(masked(json::encode(answer), json::schema<Answer>(json::Direction::output)),
            R"({"id":"1","once":"****"})");
}

TEST(Masking, YieldsNothingForWhatIsNoJson) {
  EXPECT_EQ(masked(R"({"hidden":"s1")", json::schema<Given>()), "");
  EXPECT_EQ(masked("", ""), "");
}

TEST(Masking, LeavesNoZeroCharacterBehind) {
  EXPECT_EQ(masked("{\"a\\u0000b\":\"c\\u0000d\"}", ""),
            "{\"a\xEF\xBF\xBD"
            "b\":\"c\xEF\xBF\xBD"
            "d\"}");
}

}  // namespace
}  // namespace temps::http

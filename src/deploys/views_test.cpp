#include "deploys/views.hpp"

#include <gmock/gmock.h>

#include "json/json.hpp"

namespace temps::deploys {
namespace {

TEST(SettingsChange, AddsReplacesAndTakesAwayBuildArguments) {
  projects::Settings before{.port = 80, .build_arguments = {{"A", "1"}, {"B", "2"}}};
  const auto after = changed(before, {.build_arguments = {{{"A", ""}, {"B", "3"}, {"C", "4"}}}});
  const std::map<std::string, std::string> expected{{"B", "3"}, {"C", "4"}};
  EXPECT_EQ(after.build_arguments, expected);
  EXPECT_EQ(after.port, 80);
  EXPECT_EQ(changed(after, {.port = 81}).build_arguments, expected);
}

TEST(SettingsChange, TakesAProtocolThatThereIs) {
  const auto change = json::decode<SettingsChange>(R"({"protocol":"h2c"})");
  ASSERT_TRUE(change.has_value());
  EXPECT_EQ(changed({}, *change).protocol, projects::Protocol::h2c);
  EXPECT_EQ(changed({.protocol = projects::Protocol::http1}, {}).protocol,
            projects::Protocol::http1);
  const auto wrong = json::decode<SettingsChange>(R"({"protocol":"http2"})");
  ASSERT_FALSE(wrong.has_value());
  EXPECT_EQ(wrong.error().fields().at(0).pointer, "/protocol");
  EXPECT_THAT(wrong.error().fields().at(0).detail, testing::HasSubstr(R"("auto", "http1", "h2c")"));
}

}  // namespace
}  // namespace temps::deploys

#include "deploys/views.hpp"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace temps::deploys

// API keys at the command line, and git's credential helper.
#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>

#include "core/text.hpp"
#include "system/one_world.hpp"

namespace temps::e2e {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class Keys : public OneWorld {
 protected:
  Outcome log_in() {
    return world.temps({"login", world.url()},
                       fmt::format("{}\n{}\n", World::email, World::password));
  }
};

TEST_F(Keys, ASecondLoginReplacesTheKeyOfTheFirst) {
  ASSERT_EQ(log_in().code, 0);
  const auto once = world.temps({"key", "list"});
  ASSERT_EQ(log_in().code, 0);
  const auto twice = world.temps({"key", "list"});
  EXPECT_EQ(twice.code, 0) << twice.all();
  EXPECT_THAT(twice.out, HasSubstr("temps login on "));
  EXPECT_EQ(std::ranges::count(once.out, '\n'), std::ranges::count(twice.out, '\n'));
}

TEST_F(Keys, AreMadeListedAndRevoked) {
  ASSERT_EQ(log_in().code, 0);
  const auto made = world.temps({"key", "create", "ci", "--expires", "90d"});
  ASSERT_EQ(made.code, 0) << made.all();
  const std::string token(trimmed(made.out));
  EXPECT_TRUE(token.starts_with("tk_") && !token.contains('\n')) << made.out;
  const auto listed = world.temps({"key", "list"});
  EXPECT_THAT(listed.out, AllOf(HasSubstr(" ci "), Not(HasSubstr(token))));
  const auto number = std::string(cut(cut(made.err, "API key ").second, " ").first);
  EXPECT_EQ(world.temps({"key", "revoke", number}).code, 0);
  EXPECT_THAT(world.temps({"key", "list"}).out, Not(HasSubstr(" ci ")));
  EXPECT_EQ(world.temps({"key", "revoke", number}).code, 1);
  EXPECT_EQ(world.temps({"key", "create", "ci", "--expires", "soon"}).code, 1);
}

TEST_F(Keys, HelpersForEveryServerAreNotAskedForOurs) {
  ASSERT_EQ(world.run({"git", "config", "--global", "credential.helper", "store"}).code, 0);
  ASSERT_EQ(log_in().code, 0);
  ASSERT_EQ(log_in().code, 0);
  const auto key = fmt::format("credential.{}.helper", world.url());
  const auto helpers = world.run({"git", "config", "--global", "--get-all", key});
  EXPECT_EQ(helpers.out, fmt::format("\n!{} git-credential\n", temps_binary()));
  const auto filled = world.run({"git", "credential", "fill"}, "/",
                                fmt::format("protocol=http\nhost=localhost:{}\n\n", world.port()));
  EXPECT_THAT(filled.out, HasSubstr("password=tk_"));
}

TEST_F(Keys, AConfigurationThatGitCannotWriteIsToldFromGitMissing) {
  const auto home = world.folder() / "odd-home";
  std::filesystem::create_directories(home / ".gitconfig");
  auto call = world.call({temps_binary(), "login", world.url()});
  call.environment["HOME"] = home.string();
  call.input = fmt::format("{}\n{}\n", World::email, World::password);
  const auto outcome = run(world.loop(), std::move(call));
  EXPECT_EQ(outcome.code, 0) << outcome.all();
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("git config"), Not(HasSubstr("git was not found"))));
}

}  // namespace
}  // namespace temps::e2e

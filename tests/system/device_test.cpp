// Logging in by a browser: the code at the command line, the decision of somebody who is logged in.
#include <gmock/gmock.h>

#include "core/text.hpp"
#include "system/one_world.hpp"
#include "system/pty.hpp"

namespace temps::e2e {
namespace {

using ::testing::HasSubstr;

class DeviceLogin : public OneWorld {
 protected:
  // `temps login` of another user of another machine.
  Call login(const std::string& home, Words words = {"login"}) {
    std::filesystem::create_directories(world.folder() / home);
    words.insert(words.begin(), temps_binary());
    words.push_back(world.url());
    auto call = world.call(std::move(words));
    call.environment["HOME"] = (world.folder() / home).string();
    return call;
  }
  Background begin(Call call, const std::string& name) {
    return {world.loop(),
            std::move(call),
            {world.folder() / (name + ".out"), world.folder() / (name + ".err")}};
  }
  // The code that it shows.
  static std::string code_in(const std::string& shown) {
    const auto at = shown.find("?code=");
    return at == std::string::npos ? std::string() : shown.substr(at + 6, 9);
  }
  Outcome as_other(const std::string& home, Words words) {
    words.insert(words.begin(), temps_binary());
    auto call = world.call(std::move(words));
    call.environment["HOME"] = (world.folder() / home).string();
    auto outcome = run(world.loop(), call);
    return outcome;
  }
};

TEST_F(DeviceLogin, IsConfirmedByWhoeverIsLoggedIn) {
  auto program = begin(login("laptop", {"login", "--device"}), "laptop");
  ASSERT_TRUE(program.says("Waiting for 10 minutes"));
  EXPECT_THAT(program.err(), HasSubstr(world.url() + "/device"));
  const auto code = code_in(program.err());
  const auto shown = world.temps({"device", "show", lowered(code)});
  EXPECT_EQ(shown.code, 0) << shown.all();
  EXPECT_THAT(shown.out, HasSubstr("temps login on "));
  EXPECT_EQ(world.temps({"device", "approve", code}).code, 0);
  EXPECT_EQ(program.wait(), 0) << program.err();
  EXPECT_THAT(program.out(), HasSubstr(std::string(World::email)));
  EXPECT_EQ(as_other("laptop", {"whoami"}).code, 0);
  EXPECT_EQ(world.temps({"device", "approve", code}).code, 1);
  // A key of its own, which its own logout ends.
  EXPECT_EQ(as_other("laptop", {"logout"}).code, 0);
  EXPECT_EQ(world.temps({"whoami"}).code, 0);
}

TEST_F(DeviceLogin, IsWhatALoginWithoutInputDoesAndCanBeDenied) {
  auto program = begin(login("headless"), "headless");
  ASSERT_TRUE(program.says("Waiting for 10 minutes")) << program.err();
  EXPECT_EQ(world.temps({"device", "deny", code_in(program.err())}).code, 0);
  EXPECT_EQ(program.wait(), 4) << program.err();
  EXPECT_THAT(program.err(), HasSubstr("denied"));
  EXPECT_EQ(as_other("headless", {"whoami"}).code, 4);
}

TEST_F(DeviceLogin, ReturnAtTheQuestionForAnAddressBeginsIt) {
  Terminal terminal(world.loop());
  auto call = login("desk");
  call.command = terminal.attached(call.command);
  auto program = begin(std::move(call), "desk");
  ASSERT_TRUE(terminal.shows("E-mail (Return"));
  terminal.type("\n");
  ASSERT_TRUE(terminal.shows("Waiting for 10 minutes")) << terminal.shown();
  EXPECT_EQ(world.temps({"device", "approve", code_in(terminal.shown())}).code, 0);
  EXPECT_EQ(program.wait(), 0) << terminal.shown();
}

TEST_F(DeviceLogin, NobodyDecidesWithoutALogin) {
  auto program = begin(login("stranger", {"login", "--device"}), "stranger");
  ASSERT_TRUE(program.says("Waiting for 10 minutes"));
  const auto path = "/api/v1/device-logins/" + code_in(program.err());
  const auto answer = fetch(world.loop(), world.port(),
                            {.method = "POST",
                             .target = path + "/approve",
                             .host = fmt::format("localhost:{}", world.port())});
  EXPECT_EQ(answer.status, 401);
  program.signal(SIGTERM);
  EXPECT_NE(program.wait(), 0);
}

}  // namespace
}  // namespace temps::e2e

// From an empty folder to an owner who is logged in.
#include <gmock/gmock.h>

#include "core/text.hpp"
#include "json/json.hpp"
#include "system/apps.hpp"
#include "system/checkout.hpp"
#include "system/one_world.hpp"
#include "system/world.hpp"

namespace temps::e2e {
namespace {

using ::testing::HasSubstr;

struct KeyBody {
  std::string name;
};
struct IssuedKey {
  std::string token;
};
struct SetupBody {
  std::string token;
  std::string email;
  std::string password;
};

std::string setup_token(World& world) {
  const auto printed = content(world.folder() / "up.out");
  const auto rest = cut(printed, "/setup?token=").second;
  return std::string(cut(rest, "\n").first);
}

TEST(FirstStart, IsReadyInFifteenSecondsAndSaysWhatToDoNext) {
  World world;
  const auto begin = std::chrono::steady_clock::now();
  ASSERT_TRUE(world.start()) << world.printed();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 15s);
  EXPECT_THAT(world.printed(), HasSubstr(world.url()));
  EXPECT_THAT(world.printed(), HasSubstr("temps login " + world.url()));
  EXPECT_EQ(world.api("GET", "/api/v1/openapi.json").status, 200);
}

TEST(FirstStart, PrintsALinkThatMakesTheOwnerOnce) {
  World world;
  ASSERT_TRUE(world.start()) << world.printed();
  const auto token = setup_token(world);
  ASSERT_FALSE(token.empty()) << world.printed();
  world.keep_secret(token);
  EXPECT_EQ(world.api("GET", "/setup?token=" + token).status, 200);

  const auto body =
      json::encode(SetupBody{token, std::string(World::email), std::string(World::password)});
  EXPECT_EQ(world.api("POST", "/api/v1/setup", body).status, 201);
  const auto again = world.api("POST", "/api/v1/setup", body);
  EXPECT_GE(again.status, 400);
  EXPECT_LT(again.status, 500);

  const auto logged_in =
      world.temps({"login", world.url()}, fmt::format("{}\n{}\n", World::email, World::password));
  EXPECT_EQ(logged_in.code, 0) << logged_in.all();
}

TEST(FirstStart, ShowsNoSetupLinkOnceThereIsAnOwner) {
  World world;
  ASSERT_TRUE(world.start()) << world.printed();
  world.make_owner();
  world.stop();
  ASSERT_TRUE(world.start()) << world.printed();
  EXPECT_TRUE(setup_token(world).empty()) << world.printed();
}

class Owner : public OneWorld {};

TEST_F(Owner, IsNotLoggedInWithAWrongPassword) {
  const auto outcome =
      world.temps({"login", world.url()}, fmt::format("{}\nwrong-password\n", World::email));
  EXPECT_EQ(outcome.code, 4) << outcome.all();
  EXPECT_THAT(outcome.err, HasSubstr("password"));
}

TEST_F(Owner, IsToldWhoTheyAre) {
  const auto outcome = world.temps({"whoami"});
  EXPECT_EQ(outcome.code, 0) << outcome.all();
  EXPECT_THAT(outcome.out, HasSubstr(std::string(World::email)));
  EXPECT_THAT(outcome.out, HasSubstr(world.url()));
}

TEST_F(Owner, IsNotMadeTwiceUnderOneAddress) {
  const auto outcome = world.temps({"admin", "create", "--data-dir", world.data().string(),
                                    "--email", std::string(World::email), "--password-stdin"},
                                   fmt::format("{}\n", World::password));
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.err, HasSubstr(std::string(World::email)));
}

TEST_F(Owner, PushesWithAnApiKeyAsPassword) {
  Checkout checkout(world, "keyed");
  checkout.write("index.html", "<h1>by key</h1>");
  checkout.commit("one");
  const auto issued = world.api("POST", "/api/v1/api-keys", json::encode(KeyBody{"ci"}));
  ASSERT_EQ(issued.status, 201) << issued.body;
  auto key = json::decode<IssuedKey>(issued.body);
  ASSERT_TRUE(key);
  world.keep_secret(key->token);

  // No credential helper, so that git has the key only.
  auto call = world.call({"git", "-c", "credential.helper=", "-c",
                          "credential.helper=!f() { echo username=ci; echo password=$KEY; }; f",
                          "push", "temps", "main"},
                         checkout.folder());
  call.environment["HOME"] = world.folder().string();
  call.environment["KEY"] = key->token;
  const auto pushed = run(world.loop(), std::move(call));
  EXPECT_EQ(pushed.code, 0) << pushed.all();
  EXPECT_THAT(world.visit("keyed").body, HasSubstr("by key"));
}

TEST_F(Owner, CannotPushWithAWrongPassword) {
  Checkout checkout(world, "locked");
  checkout.write("index.html", "<h1>hello</h1>");
  checkout.commit("one");
  const auto pushed = checkout.git(
      {"-c", "credential.helper=", "-c",
       "credential.helper=!f() { echo username=x; echo password=y; }; f", "push", "temps", "main"});
  EXPECT_NE(pushed.code, 0);
  EXPECT_THAT(pushed.err, HasSubstr("uthentication failed"));
}

TEST_F(Owner, IsForgottenByLogout) {
  auto elsewhere = world.call({temps_binary(), "login", world.url()}, world.folder().string());
  elsewhere.environment["HOME"] = (world.folder() / "second").string();
  elsewhere.input = fmt::format("{}\n{}\n", World::email, World::password);
  std::filesystem::create_directories(world.folder() / "second");
  EXPECT_EQ(run(world.loop(), elsewhere).code, 0);
  elsewhere.input.clear();
  elsewhere.command = {temps_binary(), "logout"};
  EXPECT_EQ(run(world.loop(), elsewhere).code, 0);
  elsewhere.command = {temps_binary(), "whoami"};
  const auto outcome = run(world.loop(), elsewhere);
  EXPECT_EQ(outcome.code, 4);
  EXPECT_THAT(outcome.err, HasSubstr("temps login"));
}

}  // namespace
}  // namespace temps::e2e

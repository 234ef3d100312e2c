// Apps that do not work: whoever pushes reads why, and the running release goes on.
#include <gmock/gmock.h>

#include "core/text.hpp"
#include "system/apps.hpp"
#include "system/one_world.hpp"

namespace temps::e2e {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class BadApp : public OneWorld {
 protected:
  // A live first release, then the bad one: refused with `message`, and the first still serves.
  void expect_refused(Checkout& checkout, const NodeApp& bad,
                      const ::testing::Matcher<std::string>& message) {
    write_node_app(checkout, {.page = "good"});
    ASSERT_EQ(checkout.release("good").code, 0);
    write_node_app(checkout, bad);
    const auto pushed = checkout.release("bad");
    EXPECT_NE(pushed.code, 0);
    EXPECT_THAT(pushed.err, message);
    EXPECT_THAT(pushed.err, HasSubstr("remote: failed: "));
    EXPECT_EQ(world.visit(checkout.project()).body, "good\n");
    EXPECT_EQ(world.newest(checkout.project()).status, "failed");
    // The branch did not move, so the same push can be repeated once the reason is gone.
    const auto fetched = checkout.git({"ls-remote", "temps", "main"}).out;
    EXPECT_THAT(checkout.git({"rev-parse", "HEAD~1"}).out,
                HasSubstr(std::string(cut(fetched, "\t").first)));
  }
};

TEST_F(BadApp, WhoseBuildFails) {
  Checkout checkout(world, "unbuildable");
  expect_refused(checkout, {.page = "bad", .build = "echo no such luck && exit 7"},
                 AllOf(HasSubstr("no such luck"), HasSubstr("exit code 7")));
}

TEST_F(BadApp, ThatExitsAtOnce) {
  Checkout checkout(world, "hasty");
  expect_refused(
      checkout,
      {.page = "bad", .before = "console.error('cannot find my database'); process.exit(3);"},
      AllOf(HasSubstr("exit code 3"), HasSubstr("cannot find my database")));
}

TEST_F(BadApp, ThatListensOnAnotherPort) {
  Checkout checkout(world, "deaf");
  expect_refused(checkout, {.page = "bad", .listen = "45871, '127.0.0.1'"},
                 AllOf(HasSubstr("listens on port 45871"), HasSubstr("process.env.PORT")));
}

TEST_F(BadApp, ThatNeverBecomesHealthy) {
  Checkout checkout(world, "ill");
  ASSERT_EQ(world.temps({"project", "set", "ill", "health_seconds=8"}).code, 0);
  expect_refused(checkout,
                 {.page = "bad",
                  .before = "require('node:http').createServer((q, s) => { s.statusCode = 500; "
                            "s.end('broken'); }).listen(process.env.PORT);",
                  .listen = "0"},
                 AllOf(HasSubstr("did not become healthy within 8 s"), HasSubstr("500")));
}

TEST_F(BadApp, ThatNeverListens) {
  Checkout checkout(world, "mute");
  ASSERT_EQ(world.temps({"project", "set", "mute", "health_seconds=3"}).code, 0);
  expect_refused(
      checkout, {.page = "bad", .before = "setInterval(() => {}, 1000); return;"},
      AllOf(HasSubstr("did not become healthy within 3 s"), HasSubstr("listens on no port")));
}

TEST_F(BadApp, WithADockerfileWhereThereIsNoEngine) {
  Checkout checkout(world, "shipped");
  checkout.write("Dockerfile", "FROM scratch\n");
  const auto pushed = checkout.release("one");
  EXPECT_NE(pushed.code, 0);
  EXPECT_THAT(pushed.err, HasSubstr("apt-get install docker.io"));
}

TEST_F(BadApp, ThatNothingRecognizes) {
  Checkout checkout(world, "unknown");
  checkout.write("notes.txt", "nothing to run here");
  const auto pushed = checkout.release("one");
  EXPECT_NE(pushed.code, 0);
  EXPECT_THAT(pushed.err, AllOf(HasSubstr("Dockerfile"), HasSubstr("package.json")));
  EXPECT_EQ(world.visit("unknown").status, 503) << "nothing is deployed yet";
}

TEST_F(BadApp, ThatCrashesRightAfterTheSwitchBringsTheOldOneBack) {
  Checkout checkout(world, "shortlived");
  write_node_app(checkout, {.page = "good"});
  ASSERT_EQ(checkout.release("good").code, 0);
  write_node_app(checkout, {.page = "bad", .before = "setTimeout(() => process.exit(9), 3000);"});
  ASSERT_EQ(checkout.release("bad").code, 0);
  EXPECT_TRUE(eventually(
      world.loop(), [&] { return world.newest("shortlived").status == "rolled_back"; }, 20s));
  EXPECT_TRUE(
      eventually(world.loop(), [&] { return world.visit("shortlived").body == "good\n"; }, 5s));
  const auto list = world.temps({"deployments", "shortlived"});
  EXPECT_THAT(list.out, HasSubstr("#1 serves again"));
}

}  // namespace
}  // namespace temps::e2e

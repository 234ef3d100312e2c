// Parts of Temps away, and everything killed: what visitors see of it.
#include <gmock/gmock.h>
#include <signal.h>

#include "core/text.hpp"
#include "system/apps.hpp"
#include "system/load.hpp"
#include "system/processes.hpp"

namespace temps::e2e {
namespace {

using ::testing::IsEmpty;

// Temps with one app that shows "page-1", and a site of plain files.
class Restart : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(world.start()) << world.printed();
    world.make_owner();
    Checkout app(world, "shop");
    write_node_app(app, {.page = "page-1"});
    ASSERT_EQ(app.release("one").code, 0);
    Checkout site(world, "site");
    site.write("index.html", "<h1>plain</h1>");
    ASSERT_EQ(site.release("one").code, 0);
  }
  bool serves() {
    return eventually(world.loop(), [&] {
      return world.visit("shop").body == "page-1\n" && world.visit("site").says("plain");
    });
  }
  World world;
};

TEST_F(Restart, ServesAgainAfterEverythingWasKilled) {
  world.kill_everything();
  EXPECT_NE(world.visit("shop").status, 200);
  ASSERT_TRUE(world.start()) << world.printed();
  EXPECT_TRUE(serves()) << world.visit("shop").body << world.visit("shop").failure;
  EXPECT_EQ(world.newest("shop").status, "live");
  EXPECT_EQ(world.temps({"whoami"}).code, 0) << "tokens survive";
}

TEST_F(Restart, ServesAgainAfterAnOrderlyStop) {
  world.stop();
  EXPECT_TRUE(processes_in(world.data().string()).empty()) << "something was left running";
  ASSERT_TRUE(world.start()) << world.printed();
  EXPECT_TRUE(serves()) << world.visit("shop").body << world.visit("shop").failure;
}

TEST_F(Restart, ServesWhileServeAndPostgresqlAreDown) {
  Load load(
      {.port = world.port(), .host = world.host("shop"), .in_flight = 10, .expected = "page-"});
  // Stopped, not killed: `up` would start what is gone again.
  const int serve = world.pid_of("serve");
  std::vector<int> stopped{serve};
  for (const auto& process : processes_in(world.data().string() + "/postgres")) {
    stopped.push_back(process.pid);
  }
  ASSERT_GT(stopped.size(), 2U);
  for (const int pid : stopped) ::kill(pid, SIGSTOP);
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(world.visit("shop").body, "page-1\n");
    EXPECT_TRUE(world.visit("site").says("plain"));
  }
  for (const int pid : stopped) ::kill(pid, SIGCONT);
  EXPECT_THAT(load.stop().failures, IsEmpty());
  EXPECT_TRUE(eventually(world.loop(), [&] { return world.temps({"whoami"}).code == 0; }));
}

TEST_F(Restart, StartsKilledPartsAgain) {
  for (const auto* part : {"postgres", "serve", "proxy"}) {
    const int before = world.pid_of(part);
    world.kill_part(part);
    EXPECT_TRUE(eventually(world.loop(),
                           [&] {
                             const int now = world.pid_of(part);
                             return now != 0 && now != before;
                           }))
        << part << " is not started again";
    EXPECT_TRUE(serves()) << "after " << part;
    EXPECT_TRUE(eventually(world.loop(), [&] { return world.temps({"whoami"}).code == 0; }))
        << "after " << part << ": " << world.temps({"whoami"}).all();
  }
}

TEST_F(Restart, StartsAnAppThatCrashesAgain) {
  (void)world.visit("shop", "/exit");
  EXPECT_TRUE(serves());
  EXPECT_TRUE(
      eventually(world.loop(), [&] { return world.temps({"logs", "shop"}).says("exit code 3"); }));
}

}  // namespace
}  // namespace temps::e2e

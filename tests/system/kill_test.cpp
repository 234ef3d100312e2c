// `serve` killed at each stage of a deployment: the old release serves on, or the new one does, and
// no visitor notices.
#include <gmock/gmock.h>
#include <signal.h>

#include "core/text.hpp"
#include "system/apps.hpp"
#include "system/load.hpp"
#include "system/one_world.hpp"
#include "system/processes.hpp"

namespace temps::e2e {
namespace {

using ::testing::AnyOf;
using ::testing::IsEmpty;

class Kill : public OneWorld {
 protected:
  Load load_on(const std::string& project, std::string target = "/slow") {
    return Load({.port = world.port(),
                 .host = world.host(project),
                 .target = std::move(target),
                 .in_flight = 10,
                 .expected = "page-"});
  }

  // Kills `serve`, waits until another one answers, and for the newest deployment's end.
  Deployment kill_and_wait(const std::string& project) {
    const int before = world.pid_of("serve");
    world.kill_part("serve");
    EXPECT_TRUE(eventually(world.loop(), [&] {
      const int now = world.pid_of("serve");
      return now != 0 && now != before && world.newest(project).number > 0;
    })) << "serve is not started again";
    const auto last = world.ended(project);
    EXPECT_TRUE(last.has_ended()) << last.status;
    return last;
  }

  // Kills `serve` as soon as the push has told `moment`, and holds the outcome to the promise.
  void kill_at(const std::string& project, const NodeApp& second, const std::string& moment) {
    Checkout checkout(world, project);
    write_node_app(checkout, {.page = "page-1"});
    ASSERT_EQ(checkout.release("one").code, 0);
    auto load = load_on(project);
    write_node_app(checkout, second);
    checkout.commit("two");
    auto push = checkout.begin_push();
    ASSERT_TRUE(push.says(moment)) << push.err();
    const auto last = kill_and_wait(project);
    push.wait();
    const auto serves = world.visit(project).body;
    const auto tally = load.stop();
    EXPECT_THAT(tally.failures, IsEmpty());
    EXPECT_EQ(last.number, 2);
    if (last.status == "live") {
      EXPECT_EQ(serves, "page-2\n");
    } else {
      EXPECT_EQ(serves, "page-1\n") << last.status;
    }
    // Whatever happened, the next push goes live.
    checkout.write("page.txt", "page-3");
    const auto next = checkout.release("three");
    EXPECT_EQ(next.code, 0) << next.all();
    EXPECT_EQ(world.visit(project).body, "page-3\n");
  }
};

constexpr std::string_view slow_start =
    "const end = Date.now() + 2000; while (Date.now() < end) {}";

TEST_F(Kill, WhileItBuilds) {
  kill_at("building", {.page = "page-2", .build = "echo at work && sleep 2"}, "at work");
}

TEST_F(Kill, WhileTheNewReleaseStarts) {
  kill_at("starting", {.page = "page-2", .before = slow_start}, "built in");
}

TEST_F(Kill, WhileTheNewReleaseIsChecked) {
  kill_at("checking", {.page = "page-2", .before = slow_start}, "waiting for it to answer");
}

// Between the table on the disk and the word that it is in force lie milliseconds: what is killed
// too late is pushed again.
TEST_F(Kill, AtTheSwitch) {
  Checkout checkout(world, "switching");
  write_node_app(checkout, {.page = "page-1"});
  ASSERT_EQ(checkout.release("one").code, 0);
  auto load = load_on("switching");
  const auto table = world.data() / "routes/table.json";
  bool cut_off = false;
  for (int number = 2; number < 12 && !cut_off; ++number) {
    const auto page = fmt::format("page-{}", number);
    checkout.write("page.txt", page);
    checkout.commit(page);
    const int serve = world.pid_of("serve");
    auto push = checkout.begin_push();
    const auto release = fmt::format("switching/production/{}\"", number);
    const auto end = std::chrono::steady_clock::now() + 30s;
    while (!content(table).contains(release)) {
      ASSERT_LT(std::chrono::steady_clock::now(), end) << push.err();
    }
    ::kill(serve, SIGKILL);
    ASSERT_TRUE(eventually(world.loop(), [&] {
      const int now = world.pid_of("serve");
      return now != 0 && now != serve && world.newest("switching").number > 0;
    }));
    EXPECT_EQ(world.ended("switching").status, "live");
    push.wait();
    cut_off = !push.err().contains("live at");
    EXPECT_EQ(world.visit("switching").body, page + "\n");
  }
  EXPECT_TRUE(cut_off) << "serve was always killed too late";
  EXPECT_THAT(load.stop().failures, IsEmpty());
}

TEST_F(Kill, WhileItGoesBack) {
  Checkout checkout(world, "returning");
  write_node_app(checkout, {.page = "page-1", .before = slow_start});
  ASSERT_EQ(checkout.release("one").code, 0);
  checkout.write("page.txt", "page-2");
  ASSERT_EQ(checkout.release("two").code, 0);
  auto load = load_on("returning");
  auto back = world.begin({temps_binary(), "rollback", "returning"}, "rollback");
  ASSERT_TRUE(eventually(world.loop(), [&] {
    const auto newest = world.newest("returning");
    return newest.number == 3 && newest.status == "checking";
  }));
  const auto last = kill_and_wait("returning");
  back.wait();
  EXPECT_EQ(last.status, "live") << last.error.value_or("");
  EXPECT_EQ(world.visit("returning").body, "page-1\n");
  EXPECT_THAT(load.stop().failures, IsEmpty());
}

TEST_F(Kill, RightAfterTheSwitch) { kill_at("switched", {.page = "page-2"}, "live at"); }

TEST_F(Kill, WhileADeploymentWaitsForItsTurn) {
  Checkout checkout(world, "queued");
  write_node_app(checkout, {.page = "page-1"});
  ASSERT_EQ(checkout.release("one").code, 0);
  auto load = load_on("queued");
  write_node_app(checkout, {.page = "page-2", .build = "echo at work && sleep 2"});
  checkout.commit("two");
  auto second = checkout.begin_push();
  ASSERT_TRUE(second.says("at work")) << second.err();
  write_node_app(checkout, {.page = "page-3"});
  checkout.commit("three");
  auto third = checkout.begin_push();
  ASSERT_TRUE(third.says("received")) << third.err();
  ASSERT_TRUE(eventually(world.loop(), [&] { return world.newest("queued").status == "queued"; }));
  const auto last = kill_and_wait("queued");
  EXPECT_EQ(last.number, 3);
  EXPECT_EQ(last.status, "live") << last.error.value_or("");
  EXPECT_EQ(world.visit("queued").body, "page-3\n");
  EXPECT_THAT(load.stop().failures, IsEmpty());
}

// Two switches later the first release drains; a visitor who still waits for its answer gets it.
TEST_F(Kill, WhileTheOldReleaseDrains) {
  Checkout checkout(world, "draining");
  write_node_app(checkout, {.page = "page-1"});
  ASSERT_EQ(checkout.release("one").code, 0);
  Load visitor({.port = world.port(),
                .host = world.host("draining"),
                .target = "/long",
                .in_flight = 1,
                .expected = "page-"});
  checkout.write("page.txt", "page-2");
  ASSERT_EQ(checkout.release("two").code, 0);
  checkout.write("page.txt", "page-3");
  ASSERT_EQ(checkout.release("three").code, 0);
  const auto last = kill_and_wait("draining");
  EXPECT_EQ(last.status, "live");
  EXPECT_EQ(world.visit("draining").body, "page-3\n");
  const auto tally = visitor.stop();
  EXPECT_THAT(tally.failures, IsEmpty());
  EXPECT_TRUE(tally.bodies.contains("page-1\n"));
  // The first release's instance goes in the end, with nothing left of it.
  EXPECT_TRUE(eventually(
      world.loop(),
      [&] {
        const auto folder = (world.data() / "instances/draining-production-1-1").string();
        return !std::filesystem::exists(folder) && processes_in(folder).empty();
      },
      90s));
}

}  // namespace
}  // namespace temps::e2e

// The same on containers: the examples, releases under load, kills, and what only images can get
// wrong.
#include <gmock/gmock.h>

#include <algorithm>

#include "core/concurrency.hpp"
#include "core/text.hpp"
#include "system/apps.hpp"
#include "system/engine.hpp"
#include "system/load.hpp"
#include "system/processes.hpp"
#include "system/walk.hpp"

namespace temps::e2e {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// One Temps on the docker runtime for all of these.
class Docker : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    net::Loop loop;
    if (!engine_answers(loop, engine_socket())) return;
    auto made = std::make_unique<World>(World::Options{.runtime = "docker"});
    for (const auto* image :
         {"temps-base/debian:12", "temps-base/node:18", "temps-base/python:3.11"}) {
      if (has_image(loop, image)) continue;
      auto call = made->call({temps_binary(), "base-images", "build"});
      call.limit = 600s;
      const auto built = run(loop, std::move(call));
      ASSERT_EQ(built.code, 0) << built.all();
      break;
    }
    ASSERT_TRUE(made->start()) << made->printed();
    made->make_owner();
    shared() = std::move(made);
  }
  static void TearDownTestSuite() { shared().reset(); }
  static std::unique_ptr<World>& shared() {
    static std::unique_ptr<World> world;
    return world;
  }
  void SetUp() override {
    if (!shared()) GTEST_SKIP() << "SKIPPED: no container engine answers at " << engine_socket();
  }
  World& world() { return *shared(); }

  Checkout with_app(const std::string& project, std::string_view page) {
    Checkout checkout(world(), project);
    write_node_app(checkout, {.page = page});
    const auto pushed = checkout.release(std::string(page));
    EXPECT_EQ(pushed.code, 0) << pushed.all();
    return checkout;
  }
  Outcome push_page(Checkout& checkout, const std::string& page) {
    checkout.write("page.txt", page);
    return checkout.release(page);
  }
};

class DockerExamples : public Docker, public ::testing::WithParamInterface<Example> {};

TEST_P(DockerExamples, GoesLiveIsReplacedAndRolledBack) { walk(world(), GetParam()); }

INSTANTIATE_TEST_SUITE_P(Examples, DockerExamples,
                         ::testing::Values(hello_node, node_express, python_flask, static_site,
                                           vite_static, dockerfile_app),
                         [](const auto& info) {
                           std::string name(info.param.name);
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

TEST_F(Docker, LetsNoRequestFailInTenSwitches) {
  auto checkout = with_app("busy", "page-1");
  Load load({.port = world().port(), .host = world().host("busy"), .expected = "page-"});
  for (int i = 0; i < 10; ++i) {
    const auto pushed = push_page(checkout, i % 2 == 0 ? "page-2" : "page-1");
    EXPECT_EQ(pushed.code, 0) << pushed.all();
  }
  (void)world().loop().run(temps::sleep(2s));
  const auto tally = load.stop();
  fmt::print("{} requests during ten releases\n", tally.answered);
  EXPECT_THAT(tally.failures, IsEmpty());
  EXPECT_GT(tally.answered, 500U);
  EXPECT_THAT(tally.bodies, ::testing::UnorderedElementsAre("page-1\n", "page-2\n"));
}

TEST_F(Docker, SurvivesAKillOfServeAtAnyStage) {
  auto checkout = with_app("killed", "page-0");
  Load load({.port = world().port(),
             .host = world().host("killed"),
             .in_flight = 10,
             .expected = "page-"});
  int number = 0;
  for (const auto* moment :
       {"detected", "built in", "waiting for it to answer", "healthy after", "live at"}) {
    checkout.write("page.txt", fmt::format("page-{}", ++number));
    checkout.commit("next page");  // not the moment: the push shows its message
    auto push = checkout.begin_push();
    EXPECT_TRUE(push.says(moment)) << push.err();
    const auto before = world().visit("killed").body;
    world().kill_part("serve");
    EXPECT_TRUE(
        eventually(world().loop(), [&] { return world().newest("killed").number == number + 1; }))
        << moment << world().temps({"deployments", "killed"}).all() << push.err();
    const auto last = world().ended("killed");
    push.wait();
    EXPECT_TRUE(last.has_ended()) << moment << ": " << last.status;
    const auto now = world().visit("killed").body;
    EXPECT_EQ(now, last.status == "live" ? fmt::format("page-{}\n", number) : before) << moment;
  }
  EXPECT_THAT(load.stop().failures, IsEmpty());
}

TEST_F(Docker, ServesAgainAfterEverythingWasKilled) {
  with_app("phoenix", "page-1");
  world().kill_everything();
  ASSERT_TRUE(world().start()) << world().printed();
  EXPECT_TRUE(eventually(world().loop(), [&] {
    return world().visit("phoenix").body == "page-1\n";
  })) << world().visit("phoenix").body;
}

TEST_F(Docker, TellsWhichStepOfADockerfileFailed) {
  auto checkout = with_app("steps", "good");
  checkout.write("Dockerfile", "FROM temps-base/debian:12\nRUN echo about to fail && false\n");
  const auto pushed = checkout.release("broken step");
  EXPECT_NE(pushed.code, 0);
  EXPECT_THAT(pushed.err, AllOf(HasSubstr("about to fail"), HasSubstr("remote: failed: "),
                                HasSubstr("line 2 of Dockerfile: ")));
  checkout.write("Dockerfile", "FORM temps-base/debian:12\n");
  const auto typo = checkout.release("broken word");
  EXPECT_NE(typo.code, 0);
  EXPECT_THAT(typo.err, AllOf(HasSubstr("line 1 of Dockerfile: unknown instruction: FORM"),
                              HasSubstr("remote: failed: ")));
  EXPECT_EQ(world().visit("steps").body, "good\n");
}

TEST_F(Docker, NamesABaseImageThatCannotBeHad) {
  Checkout checkout(world(), "baseless");
  checkout.write("Dockerfile", "FROM temps-base/no-such-image:1\n");
  const auto pushed = checkout.release("one");
  EXPECT_NE(pushed.code, 0);
  EXPECT_THAT(pushed.err, HasSubstr("temps-base/no-such-image:1"));
}

TEST_F(Docker, ServesAnAppOnThePortThatItChose) {
  Checkout checkout(world(), "stubborn");
  write_node_app(checkout, {.page = "here", .listen = "4567"});
  const auto pushed = checkout.release("one");
  EXPECT_EQ(pushed.code, 0) << pushed.all();
  EXPECT_THAT(pushed.err, HasSubstr("4567"));
  EXPECT_EQ(world().visit("stubborn").body, "here\n");
}

TEST_F(Docker, TellsAnAppOnLoopbackThatNobodyReachesIt) {
  Checkout checkout(world(), "shy");
  ASSERT_EQ(world().temps({"project", "set", "shy", "health_seconds=4"}).code, 0);
  write_node_app(checkout, {.listen = "process.env.PORT, '127.0.0.1'"});
  const auto pushed = checkout.release("one");
  EXPECT_NE(pushed.code, 0);
  EXPECT_THAT(pushed.err, HasSubstr("0.0.0.0"));
}

TEST_F(Docker, TellsWhyAnAppExited) {
  Checkout checkout(world(), "hasty");
  write_node_app(checkout, {.before = "console.error('no database'); process.exit(3);"});
  const auto pushed = checkout.release("one");
  EXPECT_NE(pushed.code, 0);
  EXPECT_THAT(pushed.err, AllOf(HasSubstr("exit code 3"), HasSubstr("no database")));
}

}  // namespace
}  // namespace temps::e2e

#include "deploys/errors.hpp"
#include "deploys/fixture_for_tests.hpp"

namespace temps::deploys {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

using RetireTest = DeploysTest;

TASK_TEST_F(RetireTest, ACrashDuringTheWatchGoesBack) {
  options.watch = 60s;
  auto first = co_await push_to_the_end(node_tree);
  auto second = co_await push_to_the_end(node_tree);
  EXPECT_EQ(route().release, "shop/production/2");
  EXPECT_THAT(running(), ElementsAre("shop-production-1-1", "shop-production-2-1"));
  runtime.crash("shop-production-2-1", 1);
  co_await until_status(second.id, Status::rolled_back);
  co_await until_idle();
  EXPECT_EQ(route().release, "shop/production/1");
  EXPECT_THAT(running(), ElementsAre("shop-production-1-1"));
  EXPECT_EQ((co_await get(first)).status, Status::live);
  second = co_await ended(second.id);
  EXPECT_EQ(second.error_code, errors::crashed.code);
  EXPECT_THAT(second.error_detail, HasSubstr("#1 serves again"));
  EXPECT_THAT(said.back(), HasSubstr("rolled back"));
}

TASK_TEST_F(RetireTest, ARestartByTheEngineCountsAsACrash) {
  options.watch = 60s;
  co_await push_to_the_end(node_tree);
  auto second = co_await push_to_the_end(node_tree);
  runtime.instances.at("shop-production-2-1").state.restarts = 1;
  co_await until_status(second.id, Status::rolled_back);
}

TASK_TEST_F(RetireTest, ACrashOfAnAppThatReplacedAStaticSiteBringsTheSiteBack) {
  options.watch = 60s;
  co_await push_to_the_end(static_tree);
  auto second = co_await push_to_the_end(node_tree);
  runtime.crash("shop-production-2-1", 1);
  co_await until_status(second.id, Status::rolled_back);
  co_await until_idle();
  EXPECT_TRUE(route().tree.has_value());
  EXPECT_THAT(running(), IsEmpty());
}

TASK_TEST_F(RetireTest, ACrashAfterTheWatchIsLeftToTheRestartPolicy) {
  co_await push_to_the_end(node_tree);
  auto second = co_await push_to_the_end(node_tree);
  co_await until_idle();
  runtime.crash("shop-production-2-1", 1);
  co_await sleep(50ms);
  EXPECT_EQ((co_await get(second)).status, Status::live);
}

TASK_TEST_F(RetireTest, AJumpOfErrorsDuringTheWatchGoesBack) {
  options.watch = 60s;
  co_await push_to_the_end(node_tree);
  answered[live_upstream()] = {.success = 980, .server_error = 20};
  auto second = co_await push_to_the_end(node_tree);
  answered[live_upstream()] = {.success = 20, .server_error = 9};
  co_await sleep(700ms);
  EXPECT_EQ((co_await get(second)).status, Status::live);
  answered[live_upstream()] = {.success = 20, .server_error = 10};
  co_await until_status(second.id, Status::rolled_back);
  co_await until_idle();
  EXPECT_EQ(route().release, "shop/production/1");
  EXPECT_THAT(running(), ElementsAre("shop-production-1-1"));
  second = co_await ended(second.id);
  EXPECT_EQ(second.error_code, errors::failing.code);
  EXPECT_THAT(second.error_detail, HasSubstr("10 of its first 30 answers"));
  EXPECT_THAT(second.error_detail, HasSubstr("#1 serves again"));
}

TASK_TEST_F(RetireTest, AnAppThatAlwaysFailsIsNotGoneBackFrom) {
  options.watch = 60s;
  co_await push_to_the_end(node_tree);
  answered[live_upstream()] = {.success = 10, .server_error = 10};
  auto second = co_await push_to_the_end(node_tree);
  answered[live_upstream()] = {.success = 10, .server_error = 100};
  co_await sleep(700ms);
  EXPECT_EQ((co_await get(second)).status, Status::live);
}

TASK_TEST_F(RetireTest, ANewerReleaseEndsTheWatchOfTheOneBefore) {
  options.watch = 60s;
  auto first = co_await push_to_the_end(node_tree);
  auto second = co_await push_to_the_end(node_tree);
  options.watch = 0s;
  auto third = co_await push_to_the_end(node_tree);
  co_await until_status(first.id, Status::retired);
  co_await until_status(second.id, Status::retired);
  co_await until_idle();
  EXPECT_EQ((co_await get(third)).status, Status::live);
  EXPECT_THAT(running(), ElementsAre("shop-production-3-1"));
}

TASK_TEST_F(RetireTest, TheOldReleaseStaysUntilItsRequestsHaveEnded) {
  auto first = co_await push_to_the_end(node_tree);
  const auto upstream = live_upstream();
  in_flight[upstream] = 2;
  co_await push_to_the_end(node_tree);
  co_await sleep(300ms);
  EXPECT_THAT(running(), Contains("shop-production-1-1"));
  EXPECT_EQ((co_await get(first)).status, Status::live);
  in_flight[upstream] = 0;
  co_await until_status(first.id, Status::retired);
  EXPECT_THAT(running(), ElementsAre("shop-production-2-1"));
}

TASK_TEST_F(RetireTest, ARequestThatDoesNotEndHoldsTheOldReleaseForSoLongOnly) {
  co_await change([](auto& settings) { settings.drain_seconds = 1; });
  auto first = co_await push_to_the_end(node_tree);
  in_flight[live_upstream()] = 1;
  co_await push_to_the_end(node_tree);
  const auto begin = std::chrono::steady_clock::now();
  co_await until_status(first.id, Status::retired);
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 800ms);
}

TASK_TEST_F(RetireTest, ADrainLastsWhileTheProxyDoesNotSayWhatIsOpen) {
  auto first = co_await push_to_the_end(node_tree);
  is_mute = true;
  co_await push_to_the_end(node_tree);
  co_await sleep(300ms);
  EXPECT_THAT(running(), Contains("shop-production-1-1"));
  is_mute = false;
  co_await until_status(first.id, Status::retired);
}

TASK_TEST_F(RetireTest, AReleaseThatWasSwitchedToLongAgoIsStillWatchedForAWhile) {
  options.watch = 60s;
  const auto first = co_await push_to_the_end(node_tree);
  const auto second = co_await push_to_the_end(node_tree);
  co_await stop_serve();
  co_await database.script("update deployments set live_at = live_at - interval '1 hour'");
  co_await start_serve();
  co_await sleep(200ms);
  runtime.crash("shop-production-2-1", 1);
  co_await until_status(second.id, Status::rolled_back);
  EXPECT_EQ((co_await get(first)).status, Status::live);
}

TASK_TEST_F(RetireTest, AnOldReleaseThatEndedMeanwhileIsStartedBeforeItServesAgain) {
  options.watch = 60s;
  co_await push_to_the_end(node_tree);
  const auto second = co_await push_to_the_end(node_tree);
  runtime.crash("shop-production-1-1", 0);
  runtime.crash("shop-production-2-1", 1);
  co_await until_status(second.id, Status::rolled_back);
  co_await until_idle();
  EXPECT_EQ(route().release, "shop/production/1");
  EXPECT_EQ(runtime.instances.at("shop-production-1-1").state.status, runtime::Status::running);
}

TASK_TEST_F(RetireTest, AnOldReleaseThatCannotServeIsNotGoneBackTo) {
  options.watch = 60s;
  co_await push_to_the_end(node_tree);
  auto second = co_await push_to_the_end(node_tree);
  runtime.instances.erase("shop-production-1-1");
  runtime.artifacts.erase("artifact-1");
  runtime.crash("shop-production-2-1", 1);
  co_await until_idle();
  EXPECT_EQ((co_await get(second)).status, Status::live);
  EXPECT_EQ(route().release, "shop/production/2");
}

TASK_TEST_F(RetireTest, DrainsHoldUpNoDeployment) {
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ((co_await push_to_the_end(node_tree)).status, Status::live);
    in_flight[live_upstream()] = 1;
  }
  EXPECT_EQ((co_await rollback_to_the_end()).status, Status::live);
  EXPECT_EQ(running().size(), 11U);
  in_flight.clear();
  co_await until_idle();
}

// A static site has no instance to watch, so what it replaced may go as soon as the proxy knows,
// and not before.
TASK_TEST_F(RetireTest, TheOldReleaseOutlivesASlowSwitch) {
  co_await push_to_the_end(node_tree);
  bool stopped_early = false;
  before_load = [this, &stopped_early] {
    return [](DeploysTest& self, bool& early) -> Task<> {
      co_await sleep(300ms);
      early = self.running().empty();
    }(*this, stopped_early);
  };
  co_await push_to_the_end(static_tree);
  EXPECT_FALSE(stopped_early);
  co_await until_idle();
  EXPECT_THAT(running(), IsEmpty());
}

TASK_TEST_F(RetireTest, RollbackNeedsNoBuildAndCanBeRepeated) {
  for (int i = 0; i < 3; ++i) co_await push_to_the_end(node_tree);
  auto back = co_await rollback_to_the_end();
  EXPECT_EQ(back.status, Status::live);
  EXPECT_EQ(back.number, 4);
  EXPECT_EQ(back.origin, 2);
  EXPECT_EQ(back.trigger, Trigger::rollback);
  EXPECT_EQ(runtime.instances.at("shop-production-4-1").spec.artifact, "artifact-2");
  back = co_await rollback_to_the_end();
  EXPECT_EQ(back.origin, 1);
  EXPECT_EQ(runtime.builds.size(), 3U);
  co_await until_idle();
  EXPECT_THAT(running(), ElementsAre("shop-production-5-1"));
  auto nothing = co_await attempt(serve->deploys.rollback(environment, std::nullopt));
  EXPECT_TRUE(!nothing && nothing.error().is(errors::nothing_to_roll_back_to));
}

TASK_TEST_F(RetireTest, RollbackToANumberTakesThatBuild) {
  for (int i = 0; i < 3; ++i) co_await push_to_the_end(node_tree);
  auto back = co_await rollback_to_the_end(1);
  EXPECT_EQ(back.origin, 1);
  EXPECT_EQ(route().release, "shop/production/4");
}

TASK_TEST_F(RetireTest, NothingIsRolledBackToThatWasNeverLiveOrIsGone) {
  auto none = co_await attempt(serve->deploys.rollback(environment, std::nullopt));
  EXPECT_TRUE(!none && none.error().is(errors::nothing_to_roll_back_to));
  co_await push_to_the_end(node_tree);
  runtime.artifacts.clear();
  co_await push_to_the_end(node_tree);
  auto gone = co_await attempt(serve->deploys.rollback(environment, 1));
  EXPECT_TRUE(!gone && gone.error().is(errors::nothing_to_roll_back_to));
  EXPECT_THAT(std::string(gone.error().detail()), HasSubstr("push that commit again"));
  auto unknown = co_await attempt(serve->deploys.rollback(environment, 99));
  EXPECT_TRUE(!unknown && unknown.error().is(errors::no_such_deployment));
}

TASK_TEST_F(RetireTest, AStaticReleaseWhoseFilesAreGoneIsNotRolledBackTo) {
  auto first = co_await push_to_the_end(static_tree);
  co_await push_to_the_end(static_tree);
  auto back = co_await rollback_to_the_end();
  EXPECT_EQ(back.status, Status::live);
  EXPECT_EQ(route().tree->root, first.release->static_root);
  co_await files::remove_all(first.release->static_root);
  auto gone = co_await attempt(serve->deploys.rollback(environment, 1));
  EXPECT_TRUE(!gone && gone.error().is(errors::nothing_to_roll_back_to));
}

TASK_TEST_F(RetireTest, ARollbackThatDoesNotStartLeavesTheLiveRelease) {
  co_await push_to_the_end(node_tree);
  co_await push_to_the_end(node_tree);
  co_await change([](auto& settings) { settings.health_seconds = 1; });
  app.status = 500;
  auto back = co_await rollback_to_the_end();
  EXPECT_EQ(back.status, Status::failed);
  EXPECT_EQ(route().release, "shop/production/2");
  co_await until_idle();
  EXPECT_THAT(running(), ElementsAre("shop-production-2-1"));
}

TASK_TEST_F(RetireTest, SurplusBuildsAreForgotten) {
  options.builds_kept = 1;
  for (int i = 0; i < 4; ++i) {
    co_await push_to_the_end(node_tree);
    co_await until_idle();
  }
  std::vector<std::string> kept;
  for (const auto& [reference, project_name] : runtime.artifacts) kept.push_back(reference);
  EXPECT_THAT(kept, ElementsAre("artifact-3", "artifact-4"));
  EXPECT_FALSE((co_await serve->deploys.get(environment, 2)).release.has_value());
  EXPECT_THAT((co_await serve->deploys.get(environment, 2)).source, "");
  auto back = co_await rollback_to_the_end();
  EXPECT_EQ(back.origin, 3);
}

}  // namespace
}  // namespace temps::deploys

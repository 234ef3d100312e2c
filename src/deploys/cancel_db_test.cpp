// Deployments that somebody does not want any more: they end wherever they are, and what is live
// stays.
#include "deploys/errors.hpp"
#include "deploys/fixture_for_tests.hpp"

namespace temps::deploys {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr sql::Command<DeploymentId> wish{
    "test.wish", "update deployments set cancelled_by = 'ann@example.org' where id = $1"};

struct CancelTest : DeploysTest {
  bool stuck = true;

  Task<> while_stuck() {
    return [](bool& is_stuck) -> Task<> {
      while (is_stuck) co_await sleep(2ms);
    }(stuck);
  }
  void build_hangs() {
    runtime.on_build = [this](const runtime::BuildSpec&, const runtime::LineSink&) {
      return while_stuck();
    };
  }
  Task<Deployment> cancel(std::int64_t number) {
    return serve->deploys.cancel(environment, number, "ann@example.org");
  }
  void expect_cancelled(const Deployment& deployment) {
    EXPECT_EQ(deployment.status, Status::cancelled);
    EXPECT_EQ(deployment.error_code, errors::cancelled.code);
    EXPECT_EQ(deployment.error_detail, "cancelled by ann@example.org");
    EXPECT_EQ(deployment.cancelled_by, "ann@example.org");
    EXPECT_TRUE(deployment.finished_at.has_value());
  }
  // What was live before serves, and nothing is left of the one that was cancelled.
  Task<> expect_first_release_alone() {
    co_await until_idle();
    co_await serve->deploys.look_after();
    EXPECT_EQ(route().release, "shop/production/1");
    EXPECT_THAT(running(), ElementsAre("shop-production-1-1"));
    EXPECT_EQ(runtime.artifacts.size(), 1U);
    EXPECT_TRUE(std::filesystem::is_empty(build_options.folder));
    EXPECT_EQ((co_await serve->deploys.live(environment))->number, 1);
  }
};

TASK_TEST_F(CancelTest, WhileItBuilds) {
  co_await push_to_the_end(node_tree);
  build_hangs();
  const auto second = co_await push(node_tree);
  co_await until_status(second.id, Status::building);
  expect_cancelled(co_await cancel(second.number));
  expect_cancelled(co_await ended(second.id));
  EXPECT_EQ(said.back(), "cancelled by ann@example.org");
  co_await expect_first_release_alone();
}

TASK_TEST_F(CancelTest, WhileItIsChecked) {
  co_await push_to_the_end(node_tree);
  app.status = 500;
  const auto second = co_await push(node_tree);
  co_await until_status(second.id, Status::checking);
  EXPECT_EQ(running().size(), 2U);
  expect_cancelled(co_await cancel(second.number));
  co_await expect_first_release_alone();
}

TASK_TEST_F(CancelTest, WhileItWaits) {
  co_await push_to_the_end(node_tree);
  build_hangs();
  const auto second = co_await push(node_tree);
  co_await until_status(second.id, Status::building);
  const auto third = co_await push(node_tree);
  expect_cancelled(co_await cancel(third.number));
  EXPECT_EQ((co_await get(second)).status, Status::building);
  stuck = false;
  EXPECT_EQ((co_await ended(second.id)).status, Status::live);
  EXPECT_EQ(runtime.builds.size(), 2U);
}

TASK_TEST_F(CancelTest, TheNextOneHasItsTurnThen) {
  build_hangs();
  const auto first = co_await push(node_tree);
  co_await until_status(first.id, Status::building);
  const auto second = co_await push(node_tree);
  runtime.on_build = {};
  co_await cancel(first.number);
  EXPECT_EQ((co_await ended(second.id)).status, Status::live);
}

TASK_TEST_F(CancelTest, AWishThatWasOnlyKeptHoldsAfterARestart) {
  co_await push_to_the_end(node_tree);
  build_hangs();
  const auto second = co_await push(node_tree);
  co_await until_status(second.id, Status::building);
  co_await stop_serve();
  co_await database.run(wish, second.id);
  stuck = false;
  co_await start_serve();
  expect_cancelled(co_await ended(second.id));
  co_await expect_first_release_alone();
}

TASK_TEST_F(CancelTest, OneThatWaitsNeedNotComeToItsTurnForThat) {
  build_hangs();
  const auto first = co_await push(node_tree);
  co_await until_status(first.id, Status::building);
  const auto second = co_await push(node_tree);
  co_await database.run(wish, second.id);
  co_await serve->deploys.look_after();
  expect_cancelled(co_await get(second));
  stuck = false;
  EXPECT_EQ((co_await ended(first.id)).status, Status::live);
}

TASK_TEST_F(CancelTest, NothingIsSwitchedToOnceItIsAskedFor) {
  co_await push_to_the_end(node_tree);
  runtime.on_start = [this](const runtime::InstanceSpec&) -> Task<std::uint16_t> {
    return [](CancelTest& self) -> Task<std::uint16_t> {
      co_await self.while_stuck();
      co_return self.app.port();
    }(*this);
  };
  const auto second = co_await push(node_tree);
  co_await until_status(second.id, Status::starting);
  co_await database.run(wish, second.id);
  stuck = false;
  expect_cancelled(co_await ended(second.id));
  co_await expect_first_release_alone();
}

TASK_TEST_F(CancelTest, WhatIsSwitchedToIsRolledBackInstead) {
  const auto first = co_await push_to_the_end(static_tree);
  auto refused = co_await attempt(cancel(first.number));
  EXPECT_TRUE(!refused && refused.error().is(errors::not_running));
  EXPECT_THAT(refused.error().detail(), HasSubstr("temps rollback shop"));
  EXPECT_EQ((co_await get(first)).status, Status::live);
  EXPECT_EQ((co_await get(first)).cancelled_by, "");
}

TASK_TEST_F(CancelTest, WhatHasEndedCannotBeCancelled) {
  build_hangs();
  const auto first = co_await push(node_tree);
  co_await until_status(first.id, Status::building);
  co_await cancel(first.number);
  auto again =
      co_await attempt(serve->deploys.cancel(environment, first.number, "somebody@example.org"));
  EXPECT_TRUE(!again && again.error().is(errors::not_running));
  expect_cancelled(co_await get(first));
  EXPECT_THAT(running(), IsEmpty());
}

TASK_TEST_F(CancelTest, ACancelledOneSupersedesNobody) {
  co_await serve->queue.close();
  const auto first = co_await push(node_tree);
  const auto second = co_await push(node_tree);
  co_await database.run(wish, second.id);
  co_await restart_serve();
  expect_cancelled(co_await ended(second.id));
  EXPECT_EQ((co_await ended(first.id)).status, Status::live);
}

}  // namespace
}  // namespace temps::deploys

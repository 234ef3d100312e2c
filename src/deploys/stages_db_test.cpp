// What a deployment went through, and when.
#include "core/reflect.hpp"
#include "deploys/fixture_for_tests.hpp"

namespace temps::deploys {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

struct StagesTest : DeploysTest {
  bool stuck = true;

  Task<std::vector<StageTime>> stages_of(const Deployment& deployment) {
    co_return co_await serve->deploys.stages_of(co_await get(deployment));
  }
  static std::vector<std::string> names(const std::vector<StageTime>& stages) {
    std::vector<std::string> all;
    for (const auto& stage : stages) all.emplace_back(reflect::enum_name(stage.stage));
    return all;
  }
  // Each begins when the one before ends.
  static void expect_no_gap(const std::vector<StageTime>& stages) {
    for (std::size_t i = 1; i < stages.size(); ++i) {
      EXPECT_EQ(stages[i - 1].ended_at, stages[i].began_at);
    }
  }
  void build_hangs() {
    runtime.on_build = [this](const runtime::BuildSpec&, const runtime::LineSink&) -> Task<> {
      return [](bool& is_stuck) -> Task<> {
        while (is_stuck) co_await sleep(std::chrono::milliseconds(2));
      }(stuck);
    };
  }
};

TASK_TEST_F(StagesTest, APushGoesThroughAllOfThem) {
  const auto deployment = co_await push_to_the_end(node_tree);
  co_await until_idle();
  const auto stages = co_await stages_of(deployment);
  EXPECT_THAT(names(stages),
              ElementsAre("waiting", "detecting", "building", "starting", "checking", "switching"));
  expect_no_gap(stages);
  EXPECT_TRUE(stages.back().ended_at.has_value());
  EXPECT_LE(*stages.back().ended_at - stages.front().began_at, clock.now() - deployment.created_at);
}

TASK_TEST_F(StagesTest, ATreeThatCameInBeforeIsCounted) {
  const files::TemporaryFolder source;
  co_await files::write_atomically(source.path() / "index.html", "hello");
  const auto tar = folder.path() / "pushed.tar";
  co_await files::pack_tar(source.path(), tar);
  const auto since = clock.now() - std::chrono::seconds(7);
  const auto deployment = co_await serve->deploys.deploy({.environment = environment,
                                                          .commit = {},
                                                          .message = "an upload",
                                                          .branch = {},
                                                          .trigger = Trigger::upload,
                                                          .arriving_since = since},
                                                         tar, folder.path() / "sources");
  co_await ended(deployment.id);
  const auto stages = co_await stages_of(deployment);
  EXPECT_THAT(names(stages),
              ElementsAre("receiving", "waiting", "detecting", "building", "switching"));
  EXPECT_GE(*stages[0].ended_at - stages[0].began_at, std::chrono::seconds(7));
  expect_no_gap(stages);
}

TASK_TEST_F(StagesTest, ARollbackBuildsNothing) {
  co_await push_to_the_end(node_tree);
  co_await push_to_the_end(node_tree);
  const auto back = co_await rollback_to_the_end();
  EXPECT_THAT(names(co_await stages_of(back)),
              ElementsAre("waiting", "starting", "checking", "switching"));
}

TASK_TEST_F(StagesTest, TheOneThatItIsInHasNoEnd) {
  build_hangs();
  const auto deployment = co_await push(node_tree);
  co_await until([this, deployment]() -> Task<bool> {
    return [](StagesTest& self, Deployment of) -> Task<bool> {
      co_return (co_await self.stages_of(of)).back().stage == Stage::building;
    }(*this, deployment);
  });
  auto stages = co_await stages_of(deployment);
  EXPECT_FALSE(stages.back().ended_at.has_value());
  co_await serve->deploys.cancel(environment, deployment.number, "ann@example.org");
  stages = co_await stages_of(deployment);
  EXPECT_THAT(names(stages), ElementsAre("waiting", "detecting", "building"));
  EXPECT_TRUE(stages.back().ended_at.has_value());
}

TASK_TEST_F(StagesTest, WhatIsTakenUpAgainGoesThroughThemAgain) {
  build_hangs();
  const auto deployment = co_await push(node_tree);
  co_await until_status(deployment.id, Status::building);
  co_await stop_serve();
  stuck = false;
  co_await start_serve();
  co_await ended(deployment.id);
  const auto stages = co_await stages_of(deployment);
  EXPECT_EQ(std::ranges::count(stages, Stage::detecting, &StageTime::stage), 2);
  expect_no_gap(stages);
}

TASK_TEST_F(StagesTest, OneFromBeforeTheyWereKeptHasNone) {
  constexpr sql::Command<> forget{"test.forget", "delete from deployment_stages"};
  const auto deployment = co_await push_to_the_end(static_tree);
  co_await database.run(forget);
  EXPECT_THAT(co_await stages_of(deployment), IsEmpty());
}

}  // namespace
}  // namespace temps::deploys

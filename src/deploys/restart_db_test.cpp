// Temps is stopped at each state of a deployment and started again: it ends live, and the release
// before it serves meanwhile.
#include "deploys/errors.hpp"
#include "deploys/fixture_for_tests.hpp"

namespace temps::deploys {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

struct RestartTest : DeploysTest {
  bool stuck = true;

  Task<> while_stuck() {
    return [](bool& is_stuck) -> Task<> {
      while (is_stuck) co_await sleep(2ms);
    }(stuck);
  }
  Task<> restart_when(DeploymentId id, Status status) {
    co_await until_status(id, status);
    co_await stop_serve();
    EXPECT_EQ(route().release, "shop/production/1");
    EXPECT_THAT(running(), Contains("shop-production-1-1"));
    stuck = false;
    co_await start_serve();
  }
  Task<> expect_second_release(DeploymentId id) {
    const auto deployment = co_await ended(id);
    EXPECT_EQ(deployment.status, Status::live);
    EXPECT_TRUE(was_said("going on after a restart"));
    EXPECT_EQ(route().release, "shop/production/2");
    co_await until_idle();
    EXPECT_THAT(running(), ElementsAre("shop-production-2-1"));
    EXPECT_TRUE(std::filesystem::is_empty(build_options.folder));
  }
};

TASK_TEST_F(RestartTest, WhileItWaits) {
  co_await push_to_the_end(node_tree);
  co_await serve->queue.close();
  const auto second = co_await push(node_tree);
  co_await restart_serve();
  EXPECT_EQ((co_await ended(second.id)).status, Status::live);
}

TASK_TEST_F(RestartTest, WhileItBuilds) {
  co_await push_to_the_end(node_tree);
  runtime.on_build = [this](const runtime::BuildSpec&, const runtime::LineSink&) {
    return while_stuck();
  };
  const auto second = co_await push(node_tree);
  co_await restart_when(second.id, Status::building);
  co_await expect_second_release(second.id);
}

TASK_TEST_F(RestartTest, WhileItStarts) {
  co_await push_to_the_end(node_tree);
  runtime.on_start = [this](const runtime::InstanceSpec&) -> Task<std::uint16_t> {
    return [](RestartTest& self) -> Task<std::uint16_t> {
      co_await self.while_stuck();
      co_return self.app.port();
    }(*this);
  };
  const auto second = co_await push(node_tree);
  co_await restart_when(second.id, Status::starting);
  co_await expect_second_release(second.id);
  EXPECT_EQ(runtime.builds.size(), 2U);
}

TASK_TEST_F(RestartTest, WhileItIsChecked) {
  co_await push_to_the_end(node_tree);
  app.status = 500;
  const auto second = co_await push(node_tree);
  co_await until_status(second.id, Status::checking);
  co_await stop_serve();
  EXPECT_EQ(route().release, "shop/production/1");
  app.status = 200;
  co_await start_serve();
  co_await expect_second_release(second.id);
  EXPECT_EQ(runtime.builds.size(), 2U);
}

// The switch is in the database, the proxy has not heard of it.
TASK_TEST_F(RestartTest, BeforeTheProxyHasHeard) {
  co_await push_to_the_end(node_tree);
  before_load = [this] { return while_stuck(); };
  const auto second = co_await push(node_tree);
  co_await until([this, second]() -> Task<bool> {
    return [](DeploysTest& self, DeploymentId id) -> Task<bool> {
      auto live = co_await self.serve->deploys.live(self.environment);
      co_return live && live->id == id;
    }(*this, second.id);
  });
  co_await stop_serve();
  EXPECT_EQ(route().release, "shop/production/1");
  EXPECT_THAT(running(), Contains("shop-production-1-1"));
  stuck = false;
  co_await start_serve();
  EXPECT_EQ(route().release, "shop/production/2");
  EXPECT_EQ((co_await ended(second.id)).status, Status::live);
  co_await until_idle();
  EXPECT_THAT(running(), ElementsAre("shop-production-2-1"));
}

TASK_TEST_F(RestartTest, WhileTheOldReleaseDrains) {
  const auto first = co_await push_to_the_end(node_tree);
  in_flight[live_upstream()] = 1;
  const auto second = co_await push_to_the_end(node_tree);
  co_await restart_serve();
  EXPECT_THAT(running(), ElementsAre("shop-production-1-1", "shop-production-2-1"));
  in_flight.clear();
  co_await until_status(first.id, Status::retired);
  EXPECT_EQ((co_await get(second)).status, Status::live);
  EXPECT_THAT(running(), ElementsAre("shop-production-2-1"));
}

TASK_TEST_F(RestartTest, WhileItIsWatched) {
  options.watch = 60s;
  const auto first = co_await push_to_the_end(node_tree);
  const auto second = co_await push_to_the_end(node_tree);
  co_await restart_serve();
  runtime.crash("shop-production-2-1", 1);
  co_await until_status(second.id, Status::rolled_back);
  co_await until_idle();
  EXPECT_EQ((co_await get(first)).status, Status::live);
  EXPECT_THAT(running(), ElementsAre("shop-production-1-1"));
}

// Cut off between going back in the database and stopping what crashed.
TASK_TEST_F(RestartTest, WhileItGoesBack) {
  options.watch = 60s;
  const auto first = co_await push_to_the_end(node_tree);
  const auto second = co_await push_to_the_end(node_tree);
  co_await serve->queue.close();
  Store store(database, clock);
  EXPECT_TRUE(co_await store.go_back(second, first, Error(errors::crashed, "it crashed")));
  co_await restart_serve();
  co_await until_idle();
  EXPECT_EQ(route().release, "shop/production/1");
  EXPECT_THAT(running(), ElementsAre("shop-production-1-1"));
  EXPECT_EQ((co_await get(second)).status, Status::rolled_back);
}

TASK_TEST_F(RestartTest, ANewerPushTakesThePlaceOfOneThatWasCutOff) {
  co_await push_to_the_end(node_tree);
  app.status = 500;
  const auto second = co_await push(node_tree);
  co_await until_status(second.id, Status::checking);
  co_await serve->queue.close();
  const auto third = co_await push(node_tree);
  app.status = 200;
  co_await restart_serve();
  EXPECT_EQ((co_await ended(third.id)).status, Status::live);
  EXPECT_EQ((co_await ended(second.id)).status, Status::superseded);
  co_await until_idle();
  EXPECT_THAT(running(), ElementsAre("shop-production-3-1"));
}

// Its job was cut off too often, or was out of attempts.
TASK_TEST_F(RestartTest, ADeploymentWhoseJobEndedForGoodFails) {
  co_await push_to_the_end(node_tree);
  app.status = 500;
  const auto second = co_await push(node_tree);
  co_await until_status(second.id, Status::checking);
  co_await serve->queue.close();
  co_await serve->deploys.look_after();
  EXPECT_EQ((co_await get(second)).status, Status::checking);
  co_await database.script(
      "update jobs set status = 'failed', error_detail = 'cut off' where status = 'waiting'");
  co_await serve->deploys.look_after();
  const auto failed = co_await ended(second.id);
  EXPECT_EQ(failed.status, Status::failed);
  EXPECT_EQ(failed.error_code, errors::given_up.code);
  EXPECT_THAT(failed.error_detail, testing::HasSubstr("cut off"));
  EXPECT_THAT(running(), ElementsAre("shop-production-1-1"));
  EXPECT_EQ(route().release, "shop/production/1");
}

TASK_TEST_F(RestartTest, ADeploymentWhoseJobIsGoneFailsAtTheStart) {
  co_await serve->queue.close();
  const auto first = co_await push(node_tree);
  co_await database.script("delete from jobs");
  co_await restart_serve();
  EXPECT_EQ((co_await ended(first.id)).status, Status::failed);
}

using ReconcileTest = DeploysTest;

TASK_TEST_F(ReconcileTest, ALiveReleaseThatIsGoneIsStartedAgain) {
  co_await push_to_the_end(node_tree);
  runtime.instances.clear();
  in_force.reset();
  co_await restart_serve();
  EXPECT_THAT(running(), ElementsAre("shop-production-1-1"));
  EXPECT_EQ(runtime.instances.at("shop-production-1-1").policy,
            runtime::RestartPolicy::unless_stopped);
  EXPECT_EQ(route().upstreams.at(0).address, fmt::format("127.0.0.1:{}", app.port()));
}

TASK_TEST_F(ReconcileTest, ALiveReleaseThatWasStoppedGoesOn) {
  co_await push_to_the_end(node_tree);
  co_await serve->deploys.close(Deploys::Apps::stop);
  EXPECT_EQ(runtime.instances.at("shop-production-1-1").state.status, runtime::Status::exited);
  co_await restart_serve();
  EXPECT_EQ(runtime.instances.at("shop-production-1-1").state.status, runtime::Status::running);
  EXPECT_THAT(runtime.events, Contains("start again shop-production-1-1"));
}

TASK_TEST_F(ReconcileTest, WhatRunsIsLeftAlone) {
  co_await push_to_the_end(node_tree);
  runtime.events.clear();
  co_await restart_serve();
  EXPECT_THAT(runtime.events, IsEmpty());
}

TASK_TEST_F(ReconcileTest, WhatIsLeftOfAnEndedDeploymentIsRemoved) {
  co_await push_to_the_end(node_tree);
  const auto second = co_await push_to_the_end(node_tree);
  const auto third = co_await push_to_the_end(static_tree);
  co_await until_idle();
  for (const auto& [name, id] : {std::pair("shop-production-2-1", second.id.value),
                                 std::pair("shop-production-3-1", third.id.value)}) {
    runtime.instances[name] = {.spec = {.name = name, .project = "shop", .deployment = id}};
  }
  co_await restart_serve();
  EXPECT_THAT(running(), IsEmpty());
}

// All that is left of a lost database.
TASK_TEST_F(ReconcileTest, AnInstanceThatTheDatabaseDoesNotKnowIsLeftRunning) {
  const auto live = co_await push_to_the_end(node_tree);
  const std::string lost = "lost-production-1-1";
  const std::string later = "shop-production-9-1";
  runtime.instances[lost] = {
      .spec = {.name = lost, .project = "lost", .deployment = live.id.value}};
  runtime.instances[later] = {.spec = {.name = later, .project = "shop", .deployment = 4711}};
  co_await restart_serve();
  EXPECT_THAT(running(), ElementsAre(lost, "shop-production-1-1", later));
  co_await serve->deploys.remove_instance(lost);
  EXPECT_THAT(running(), ElementsAre("shop-production-1-1", later));
  auto refused = co_await attempt(serve->deploys.remove_instance("shop-production-1-1"));
  EXPECT_TRUE(!refused && refused.error().is(errors::instance_in_use));
  auto missing = co_await attempt(serve->deploys.remove_instance(lost));
  EXPECT_TRUE(!missing && missing.error().is(runtime::errors::no_such_instance));
}

TASK_TEST_F(ReconcileTest, AnAppOfALostDatabaseIsServedUntilItsProjectIsDeployedAnew) {
  co_await push_to_the_end(node_tree);
  co_await serve->domains.add(project, {.name = "shop.example.com"});
  const auto former = live_upstream();
  co_await stop_serve();
  co_await database.script("delete from projects; alter sequence deployments_id_seq restart");
  co_await start_serve();
  EXPECT_EQ(in_force->routes.size(), 2U);
  EXPECT_EQ(route().upstreams.at(0).id, former);
  EXPECT_EQ(route().release, "shop/production/1");
  project = co_await serve->projects.create("shop");
  environment = (co_await serve->projects.production(project.id)).id;
  co_await serve->deploys.publish();
  EXPECT_EQ(route().upstreams.at(0).id, former);
  const auto anew = co_await push_to_the_end(node_tree);
  EXPECT_EQ(anew.number, 2) << "the name of the former instance is taken";
  EXPECT_EQ(route().release, "shop/production/2");
  EXPECT_THAT(running(), ElementsAre("shop-production-1-1", "shop-production-2-1"));
}

TASK_TEST_F(ReconcileTest, AnAppOfALostDatabaseThatIsRemovedIsServedNoMore) {
  co_await push_to_the_end(node_tree);
  co_await stop_serve();
  co_await database.script("delete from projects");
  co_await start_serve();
  EXPECT_EQ(in_force->routes.size(), 1U);
  co_await serve->deploys.remove_instance("shop-production-1-1");
  EXPECT_TRUE(in_force->routes.empty());
}

TASK_TEST_F(ReconcileTest, AStaticSiteOfALostDatabaseIsServedAsLongAsItsFilesAreThere) {
  co_await push_to_the_end(static_tree);
  co_await stop_serve();
  co_await database.script("delete from projects");
  co_await start_serve();
  EXPECT_TRUE(route().tree.has_value());
  EXPECT_TRUE(files::remove_all(route().tree->root).has_value());
  co_await restart_serve();
  EXPECT_TRUE(in_force->routes.empty());
}

TASK_TEST_F(ReconcileTest, TempsStartsWhileTheEngineIsAwayAndBringsTheAppsBackLater) {
  co_await push_to_the_end(node_tree);
  runtime.away = true;
  in_force.reset();
  co_await restart_serve();
  EXPECT_EQ(route().release, "shop/production/1");
  co_await serve->deploys.look_after();
  runtime.away = false;
  runtime.instances.clear();
  co_await serve->deploys.look_after();
  EXPECT_THAT(running(), ElementsAre("shop-production-1-1"));
  EXPECT_EQ((co_await push_to_the_end(node_tree)).status, Status::live);
}

// Between the switch and the retirement of the old release the job was lost.
TASK_TEST_F(ReconcileTest, AnOldReleaseWithoutAJobIsStopped) {
  const auto first = co_await push_to_the_end(node_tree);
  in_flight[live_upstream()] = 1;
  co_await push_to_the_end(node_tree);
  co_await serve->queue.close();
  co_await database.script("delete from jobs");
  in_flight.clear();
  co_await restart_serve();
  co_await until_status(first.id, Status::retired);
  EXPECT_THAT(running(), ElementsAre("shop-production-2-1"));
}

TASK_TEST_F(ReconcileTest, ANewAddressReachesTheProxy) {
  co_await push_to_the_end(node_tree);
  co_await stop_serve();
  runtime.instances.at("shop-production-1-1").state.address = "127.0.0.2:4000";
  co_await start_serve();
  EXPECT_EQ(route().upstreams.at(0).address, "127.0.0.2:4000");
}

TASK_TEST_F(ReconcileTest, ALiveReleaseThatCannotStartDoesNotHoldUpTheOthers) {
  co_await push_to_the_end(node_tree);
  runtime.instances.clear();
  runtime.artifacts.clear();
  co_await restart_serve();
  EXPECT_EQ((co_await push_to_the_end(static_tree)).status, Status::live);
}

TASK_TEST_F(ReconcileTest, AReleaseOfAnotherRuntimeIsNotStarted) {
  co_await push_to_the_end(node_tree);
  runtime::FakeRuntime process("process");
  used = &process;
  co_await restart_serve();
  EXPECT_THAT(process.events, IsEmpty());
  EXPECT_EQ((co_await push_to_the_end(static_tree)).status, Status::live);
  co_await until_idle();
  co_await stop_serve();
  used = &runtime;
}

TASK_TEST_F(ReconcileTest, OutputIsCollectedOnceAndGoesOnAfterARestart) {
  runtime.output["shop-production-1-1"] = {{.time = clock.now(), .text = "first"}};
  co_await push_to_the_end(node_tree);
  co_await stop_serve();
  runtime.output["shop-production-1-1"].push_back({.time = clock.now(), .text = "second"});
  co_await start_serve();
  co_await sleep(20ms);
  std::vector<std::string> lines;
  const auto stored = serve->deploys.logs().read(app_channel(environment));
  for (const auto& line : stored.value()) lines.push_back(line.text);
  EXPECT_THAT(lines, ElementsAre("first", "second"));
}

}  // namespace
}  // namespace temps::deploys

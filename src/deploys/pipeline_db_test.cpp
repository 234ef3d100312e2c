#include "deploys/errors.hpp"
#include "deploys/fixture_for_tests.hpp"
#include "sql/errors.hpp"

namespace temps::deploys {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

using PipelineTest = DeploysTest;

TASK_TEST_F(PipelineTest, APushGoesLive) {
  auto deployment = co_await push_to_the_end(node_tree);
  EXPECT_EQ(deployment.status, Status::live);
  EXPECT_EQ(deployment.number, 1);
  EXPECT_TRUE(deployment.live_at.has_value());
  EXPECT_EQ(route().host, "shop.localhost");
  EXPECT_EQ(route().release, "shop/production/1");
  EXPECT_EQ(route().upstreams.at(0).address, fmt::format("127.0.0.1:{}", app.port()));
  EXPECT_THAT(running(), ElementsAre("shop-production-1-1"));
  EXPECT_EQ(runtime.instances.at("shop-production-1-1").policy,
            runtime::RestartPolicy::unless_stopped);
  EXPECT_TRUE(was_said("detected"));
  EXPECT_TRUE(was_said("healthy after"));
  EXPECT_EQ(said.back(), "live at http://shop.localhost:8080");
}

TASK_TEST_F(PipelineTest, TheAppLearnsWhoItIs) {
  co_await change([](auto& settings) { settings.port = 4321, settings.memory_mb = 64; });
  co_await push_to_the_end(node_tree);
  const auto& spec = runtime.instances.at("shop-production-1-1").spec;
  EXPECT_EQ(spec.port, 4321);
  EXPECT_EQ(spec.limits.memory_bytes, 64U << 20U);
  EXPECT_EQ(spec.environment.at("TEMPS_PROJECT"), "shop");
  EXPECT_EQ(spec.environment.at("TEMPS_RELEASE"), "1");
  EXPECT_EQ(spec.environment.at("TEMPS_URL"), "http://shop.localhost:8080");
}

TASK_TEST_F(PipelineTest, APortThatTheImageExposesIsTaken) {
  runtime.exposed_ports = {5000};
  co_await push_to_the_end(node_tree);
  EXPECT_EQ(runtime.instances.at("shop-production-1-1").spec.port, 5000);
}

TASK_TEST_F(PipelineTest, AStaticTreeIsServedWithoutAnInstance) {
  auto deployment = co_await push_to_the_end(static_tree);
  EXPECT_EQ(deployment.status, Status::live);
  EXPECT_THAT(running(), IsEmpty());
  EXPECT_EQ(files::read(std::filesystem::path(route().tree->root) / "index.html").value(), "hello");
}

TASK_TEST_F(PipelineTest, ASecondPushReplacesTheFirst) {
  auto first = co_await push_to_the_end(node_tree);
  auto second = co_await push_to_the_end(node_tree);
  EXPECT_EQ(second.number, 2);
  EXPECT_EQ(live_upstream(), fmt::format("deployment-{}", second.id.value));
  co_await until_status(first.id, Status::retired);
  EXPECT_THAT(running(), ElementsAre("shop-production-2-1"));
  EXPECT_EQ((co_await get(first)).instance, "");
}

TASK_TEST_F(PipelineTest, TheProxyServesTheReleaseWhenThePushEnds) {
  before_load = [] { return sleep(300ms); };
  auto deployment = co_await push_to_the_end(static_tree);
  EXPECT_EQ(route().release, "shop/production/1");
  EXPECT_EQ(said.back(), "live at http://shop.localhost:8080");
}

TASK_TEST_F(PipelineTest, AProxyThatIsAwayIsToldOf) {
  co_await proxy->close();
  auto deployment = co_await push_to_the_end(static_tree);
  EXPECT_EQ(deployment.status, Status::live);
  EXPECT_TRUE(was_said("the proxy is not running"));
}

TASK_TEST_F(PipelineTest, AFailingBuildLeavesTheLiveRelease) {
  auto first = co_await push_to_the_end(node_tree);
  runtime.on_build = [](const runtime::BuildSpec&, const runtime::LineSink& out) -> Task<> {
    out("npm ERR! missing script");
    co_await fail(runtime::errors::build_failed, "npm ci ended with exit code 1");
  };
  auto second = co_await push_to_the_end(node_tree);
  EXPECT_EQ(second.status, Status::failed);
  EXPECT_EQ(second.error_code, runtime::errors::build_failed.code);
  EXPECT_EQ(second.error_detail, "npm ci ended with exit code 1");
  EXPECT_THAT(said, Contains("npm ERR! missing script"));
  EXPECT_EQ(said.back(), "failed: npm ci ended with exit code 1");
  EXPECT_EQ(route().release, "shop/production/1");
  EXPECT_EQ((co_await get(first)).status, Status::live);
  // The tree goes after the state has been told.
  while (!(co_await get(second)).source.empty()) co_await sleep(std::chrono::milliseconds(10));
}

TASK_TEST_F(PipelineTest, AFailureWhoseReasonIsNoTextIsToldAllTheSame) {
  runtime.on_build = [](const runtime::BuildSpec&, const runtime::LineSink&) -> Task<> {
    co_await fail(Error(runtime::errors::build_failed, std::string("unknown: F\0R\xFF", 13)));
  };
  const auto deployment = co_await push_to_the_end(node_tree);
  EXPECT_EQ(deployment.status, Status::failed);
  EXPECT_THAT(deployment.error_detail, HasSubstr("unknown: F"));
}

TASK_TEST_F(PipelineTest, WhatTheDatabaseRefusesForGoodEndsTheDeployment) {
  runtime.on_build = [](const runtime::BuildSpec&, const runtime::LineSink&) -> Task<> {
    co_await fail(sql::errors::bad_value, "no such value");
  };
  const auto deployment = co_await push_to_the_end(node_tree);
  EXPECT_EQ(deployment.status, Status::failed);
  EXPECT_EQ(deployment.error_detail, "no such value");
}

TASK_TEST_F(PipelineTest, AnAppThatEndsAtOnceFailsWithItsLastWords) {
  runtime.on_start = [this](const runtime::InstanceSpec& spec) -> Task<std::uint16_t> {
    runtime.output[spec.name] = {{.time = clock.now(), .text = "Error: no DATABASE_URL"}};
    runtime.crash(spec.name, 3);
    return [](std::uint16_t port) -> Task<std::uint16_t> { co_return port; }(app.port());
  };
  auto deployment = co_await push_to_the_end(node_tree);
  EXPECT_EQ(deployment.status, Status::failed);
  EXPECT_EQ(deployment.error_code, errors::exited.code);
  EXPECT_THAT(deployment.error_detail, HasSubstr("exit code 3"));
  EXPECT_THAT(said, Contains("Error: no DATABASE_URL"));
  EXPECT_THAT(running(), IsEmpty());
  EXPECT_EQ(live_upstream(), "");
}

// The live release writes to the same log, and later than the one that fails.
TASK_TEST_F(PipelineTest, TheLastWordsAreThoseOfTheAppThatFailed) {
  co_await push_to_the_end(node_tree);
  const auto began = clock.now();
  runtime.on_start = [this, began](const runtime::InstanceSpec& spec) -> Task<std::uint16_t> {
    runtime.output[spec.name] = {{.time = began, .text = "the new one begins"}};
    runtime.say("shop-production-1-1", {.time = clock.now(), .text = "the old one talks"});
    runtime.crash(spec.name, 3);
    return [](std::uint16_t port) -> Task<std::uint16_t> {
      co_await sleep(50ms);
      co_return port;
    }(app.port());
  };
  co_await push_to_the_end(node_tree);
  EXPECT_THAT(said, Contains("the new one begins"));
  EXPECT_FALSE(was_said("the old one talks"));
}

TASK_TEST_F(PipelineTest, AnEngineThatGoesAwayFailsThePushAndIsCleanedUpAfter) {
  co_await push_to_the_end(node_tree);
  runtime.on_start = [this](const runtime::InstanceSpec&) -> Task<std::uint16_t> {
    runtime.away = true;
    return [](std::uint16_t port) -> Task<std::uint16_t> { co_return port; }(app.port());
  };
  auto second = co_await push_to_the_end(node_tree);
  EXPECT_EQ(second.status, Status::failed);
  EXPECT_EQ(second.error_code, runtime::errors::unavailable.code);
  EXPECT_THAT(said.back(), HasSubstr("start it"));
  EXPECT_EQ(route().release, "shop/production/1");
  co_await until_idle();
  runtime.away = false;
  co_await serve->deploys.look_after();
  EXPECT_THAT(running(), ElementsAre("shop-production-1-1"));
}

TASK_TEST_F(PipelineTest, ARuntimeThatHangsHoldsUpTheFailureForSoLongOnly) {
  options.clean_up_time = 1s;
  runtime.on_start = [this](const runtime::InstanceSpec& spec) -> Task<std::uint16_t> {
    runtime.crash(spec.name, 1);
    return [](std::uint16_t port) -> Task<std::uint16_t> { co_return port; }(app.port());
  };
  runtime.on_stop = [] { return sleep(60s); };
  EXPECT_EQ((co_await push_to_the_end(node_tree)).error_code, errors::exited.code);
  co_await until_idle();
  runtime.on_stop = {};
  co_await serve->deploys.look_after();
  EXPECT_THAT(running(), IsEmpty());
}

TASK_TEST_F(PipelineTest, ABuildThatNeverWentLiveIsRemoved) {
  co_await change([](auto& settings) { settings.health_seconds = 1; });
  app.status = 500;
  auto deployment = co_await push_to_the_end(node_tree);
  co_await until_idle();
  EXPECT_THAT(runtime.artifacts, IsEmpty());
  EXPECT_FALSE((co_await get(deployment)).release.has_value());
}

TASK_TEST_F(PipelineTest, AnAppWithoutMemoryIsToldHowToGetMore) {
  runtime.on_start = [this](const runtime::InstanceSpec& spec) -> Task<std::uint16_t> {
    runtime.crash(spec.name, 137);
    runtime.instances.at(spec.name).state.out_of_memory = true;
    return [](std::uint16_t port) -> Task<std::uint16_t> { co_return port; }(app.port());
  };
  auto deployment = co_await push_to_the_end(node_tree);
  EXPECT_THAT(deployment.error_detail, HasSubstr("memory_mb="));
}

TASK_TEST_F(PipelineTest, AnAppThatNeverBecomesHealthyIsGivenUp) {
  co_await change([](auto& settings) { settings.health_seconds = 1; });
  app.status = 500;
  auto deployment = co_await push_to_the_end(node_tree);
  EXPECT_EQ(deployment.status, Status::failed);
  EXPECT_EQ(deployment.error_code, errors::unhealthy.code);
  EXPECT_THAT(deployment.error_detail, HasSubstr("within 1 s"));
  EXPECT_THAT(deployment.error_detail, HasSubstr("GET / answered 500"));
  EXPECT_THAT(running(), IsEmpty());
}

TASK_TEST_F(PipelineTest, TheHealthPathDecidesWhereItIsSet) {
  co_await change([](auto& settings) {
    settings.health_seconds = 1;
    settings.health_path = "/up";
  });
  app.status = 404;
  auto deployment = co_await push_to_the_end(node_tree);
  EXPECT_THAT(deployment.error_detail, HasSubstr("GET /up answered 404"));
}

// The instance says where it listens; nothing answers on the port it was told.
runtime::FakeRuntime::Running& listens_elsewhere(DeploysTest& test, const std::string& name) {
  auto& instance = test.used->instances.at(name);
  instance.state.listening = {test.app.port()};
  return instance;
}

TASK_TEST_F(PipelineTest, WithAnEngineAnAppOnAnotherPortIsServedThere) {
  const auto closed = net::free_port().value();
  runtime.on_start = [closed](const runtime::InstanceSpec&) -> Task<std::uint16_t> {
    return [](std::uint16_t port) -> Task<std::uint16_t> { co_return port; }(closed);
  };
  auto deployment = co_await push(node_tree);
  co_await until_status(deployment.id, Status::checking);
  listens_elsewhere(*this, "shop-production-1-1");
  deployment = co_await ended(deployment.id);
  EXPECT_EQ(deployment.status, Status::live);
  EXPECT_EQ(route().upstreams.at(0).address, fmt::format("127.0.0.1:{}", app.port()));
  EXPECT_TRUE(was_said(fmt::format("not on port {}", closed)));
}

struct ProcessPipelineTest : DeploysTest {
  runtime::FakeRuntime process{"process"};
  ProcessPipelineTest() { used = &process; }
};

TASK_TEST_F(ProcessPipelineTest, WithoutAnEngineAnAppOnAnotherPortIsAnError) {
  const auto closed = net::free_port().value();
  process.on_start = [closed](const runtime::InstanceSpec&) -> Task<std::uint16_t> {
    return [](std::uint16_t port) -> Task<std::uint16_t> { co_return port; }(closed);
  };
  auto deployment = co_await push(node_tree);
  co_await until_status(deployment.id, Status::checking);
  listens_elsewhere(*this, "shop-production-1-1");
  deployment = co_await ended(deployment.id);
  EXPECT_EQ(deployment.error_code, errors::wrong_port.code);
  EXPECT_THAT(deployment.error_detail, HasSubstr(fmt::format("listens on port {}", app.port())));
  EXPECT_THAT(deployment.error_detail, HasSubstr(fmt::format("was told {}", closed)));
  EXPECT_THAT(running(), IsEmpty());
}

TASK_TEST_F(PipelineTest, OfSeveralThatWaitTheNewestIsDeployed) {
  bool go_on = false;
  runtime.on_build = [&go_on](const runtime::BuildSpec&, const runtime::LineSink&) -> Task<> {
    return [](bool& may) -> Task<> {
      while (!may) co_await sleep(2ms);
    }(go_on);
  };
  const auto first = co_await push(node_tree);
  co_await until_status(first.id, Status::building);
  const auto second = co_await push(node_tree);
  const auto third = co_await push(node_tree);
  go_on = true;
  EXPECT_EQ((co_await ended(third.id)).status, Status::live);
  const auto skipped = co_await ended(second.id);
  EXPECT_EQ(skipped.status, Status::superseded);
  EXPECT_THAT(skipped.error_detail, HasSubstr("#3"));
  EXPECT_EQ(skipped.source, "");
  co_await until_status(first.id, Status::retired);
  EXPECT_THAT(running(), ElementsAre("shop-production-3-1"));
  EXPECT_EQ(runtime.builds.size(), 2U);
}

TASK_TEST_F(PipelineTest, ATableThatTheProxyRefusesLeavesTheOldReleaseServing) {
  auto first = co_await push_to_the_end(node_tree);
  refusal = "no";
  auto second = co_await push_to_the_end(static_tree);
  EXPECT_EQ(second.status, Status::failed);
  EXPECT_EQ(second.error_code, gateway::errors::refused.code);
  EXPECT_FALSE(second.live_at.has_value());
  co_await until_idle();
  EXPECT_EQ((co_await get(first)).status, Status::live);
  EXPECT_THAT(running(), ElementsAre("shop-production-1-1"));
  EXPECT_EQ(route().release, "shop/production/1");
  const auto file = routing::decode_table(files::read(gateway_options.table).value());
  EXPECT_EQ(file->routes.at(0).release, "shop/production/1");
}

TASK_TEST_F(PipelineTest, AFirstReleaseThatTheProxyRefusesIsNotLive) {
  refusal = "no";
  auto deployment = co_await push_to_the_end(node_tree);
  EXPECT_EQ(deployment.status, Status::failed);
  EXPECT_FALSE((co_await serve->deploys.live(environment)).has_value());
  EXPECT_THAT(running(), IsEmpty());
}

TASK_TEST_F(PipelineTest, RedeployBuildsTheNewestSourceAgain) {
  auto nothing = co_await attempt(serve->deploys.redeploy(environment, folder.path() / "sources"));
  EXPECT_TRUE(!nothing && nothing.error().is(errors::nothing_to_redeploy));
  co_await push_to_the_end(node_tree);
  auto again = co_await serve->deploys.redeploy(environment, folder.path() / "sources");
  again = co_await ended(again.id);
  EXPECT_EQ(again.status, Status::live);
  EXPECT_EQ(again.trigger, Trigger::redeploy);
  EXPECT_EQ(again.commit, "c0ffee");
  EXPECT_EQ(runtime.builds.size(), 2U);
}

TASK_TEST_F(PipelineTest, ARemovedProjectLeavesNothingThatRuns) {
  std::string forgotten;
  serve->deploys.when_removed([&forgotten](projects::Project which) -> Task<> {
    forgotten = which.name;
    return []() -> Task<> { co_return; }();
  });
  co_await push_to_the_end(node_tree);
  co_await serve->deploys.remove(project);
  EXPECT_THAT(running(), IsEmpty());
  EXPECT_THAT(runtime.artifacts, IsEmpty());
  EXPECT_EQ(live_upstream(), "");
  EXPECT_EQ(forgotten, "shop");
  EXPECT_TRUE(std::filesystem::is_empty(folder.path() / "sources"));
}

TASK_TEST_F(PipelineTest, ARemovedProjectTakesItsDeploymentsAlong) {
  runtime.on_start = [](const runtime::InstanceSpec&) -> Task<std::uint16_t> {
    co_await sleep(60s);
    co_return 0;
  };
  const auto first = co_await push(node_tree);
  co_await until_status(first.id, Status::starting);
  const auto waits = co_await push(node_tree);
  co_await serve->deploys.remove(project);
  EXPECT_EQ((co_await get(first)).status, Status::cancelled);
  EXPECT_EQ((co_await get(waits)).status, Status::cancelled);
  EXPECT_THAT(running(), IsEmpty());
  EXPECT_THAT(runtime.artifacts, IsEmpty());
  EXPECT_TRUE(std::filesystem::is_empty(folder.path() / "sources"));
}

}  // namespace
}  // namespace temps::deploys

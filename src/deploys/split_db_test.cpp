// Two releases that share their visitors.
#include "deploys/errors.hpp"
#include "deploys/fixture_for_tests.hpp"

namespace temps::deploys {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct SplitTest : DeploysTest {
  // "#1=90" as the proxy has it in force.
  [[nodiscard]] std::vector<std::string> shares() const {
    std::vector<std::string> all;
    for (const auto& upstream : route().upstreams) {
      all.push_back(fmt::format("{}={}", upstream.release, upstream.weight));
    }
    return all;
  }
  // To its end, whatever that is.
  Task<jobs::JobRecord> split_to_the_end(std::vector<SplitWish> wishes) {
    co_await serve->deploys.split(environment, std::move(wishes));
    co_return co_await end_of_split();
  }
  Task<jobs::JobRecord> end_of_split() {
    said.clear();
    const auto ended = co_await within(
        10s, serve->deploys.follow_split(environment, [this](const logs::Line& line) -> Task<> {
          said.push_back(line.text);
          return []() -> Task<> { co_return; }();
        }));
    co_return *ended.record;
  }
  Task<> split(std::vector<SplitWish> wishes) {
    const auto job = co_await split_to_the_end(std::move(wishes));
    EXPECT_EQ(job.status, jobs::Status::succeeded) << job.error_detail.value_or("");
  }
  Task<std::string> refusal_of(std::vector<SplitWish> wishes) {
    auto done = co_await attempt(serve->deploys.split(environment, std::move(wishes)));
    co_return done ? std::string{} : std::string(done.error().detail());
  }
  // Its job waits here, as if the app took its time, until `goes_on`.
  void hold_the_start_of(std::string name) {
    const auto starts = runtime.on_start;
    runtime.on_start = [this, name, starts](const runtime::InstanceSpec& spec) {
      return [](SplitTest& self, std::string held, runtime::InstanceSpec started,
                decltype(starts) then) -> Task<std::uint16_t> {
        while (started.name == held && !self.goes_on) {
          self.is_held = true;
          co_await sleep(2ms);
        }
        co_return co_await then(started);
      }(*this, name, spec, starts);
    };
  }
  Task<> until_held() {
    co_await until([this]() -> Task<bool> {
      return [](bool held) -> Task<bool> { co_return held; }(is_held);
    });
  }
  bool is_held = false;
  bool goes_on = false;
  Task<> push_two() {
    co_await push_to_the_end(node_tree);
    co_await push_to_the_end(node_tree);
    co_await until_idle();
    EXPECT_THAT(running(), ElementsAre("shop-production-2-1"));
  }
};

TASK_TEST_F(SplitTest, BringsTheOtherReleaseBackAndGivesItItsShare) {
  co_await push_two();
  co_await split({{1, 90}, {2, 10}});
  EXPECT_THAT(running(), ElementsAre("shop-production-1-1", "shop-production-2-1"));
  EXPECT_THAT(shares(), ElementsAre("shop/production/2=10", "shop/production/1=90"));
  EXPECT_EQ(route().release, "shop/production/2");
  co_await split({{1, 50}, {2, 50}});
  EXPECT_THAT(shares(), ElementsAre("shop/production/2=50", "shop/production/1=50"));
  const auto parts = co_await serve->deploys.split_of(environment);
  EXPECT_EQ(parts.size(), 2U);
}

TASK_TEST_F(SplitTest, EndsByWishAndTheOtherStops) {
  co_await push_two();
  co_await split({{1, 90}, {2, 10}});
  co_await serve->deploys.end_split(environment);
  EXPECT_THAT(shares(), ElementsAre("shop/production/2=1"));
  co_await until_idle();
  EXPECT_THAT(running(), ElementsAre("shop-production-2-1"));
  EXPECT_EQ((co_await serve->deploys.get(environment, 1)).status, Status::retired);
  co_await serve->deploys.end_split(environment);  // once more changes nothing
}

TASK_TEST_F(SplitTest, EndsWithTheNextRelease) {
  co_await push_two();
  co_await split({{1, 90}, {2, 10}});
  co_await push_to_the_end(node_tree);
  EXPECT_THAT(shares(), ElementsAre("shop/production/3=1"));
  co_await until_idle();
  EXPECT_THAT(running(), ElementsAre("shop-production-3-1"));
  EXPECT_THAT(co_await serve->deploys.split_of(environment), IsEmpty());
}

TASK_TEST_F(SplitTest, EndsWithARollback) {
  co_await push_two();
  co_await split({{1, 90}, {2, 10}});
  co_await rollback_to_the_end();
  co_await until_idle();
  EXPECT_THAT(shares(), ElementsAre("shop/production/3=1"));
  EXPECT_THAT(running(), ElementsAre("shop-production-3-1"));
}

TASK_TEST_F(SplitTest, OutlivesARestartOfTempsAndOfTheMachine) {
  co_await push_two();
  co_await split({{1, 90}, {2, 10}});
  co_await restart_serve();
  co_await until_idle();
  EXPECT_THAT(shares(), ElementsAre("shop/production/2=10", "shop/production/1=90"));
  co_await stop_serve();
  runtime.crash("shop-production-1-1", 1);
  co_await start_serve();
  EXPECT_THAT(running(), ElementsAre("shop-production-1-1", "shop-production-2-1"));
  EXPECT_THAT(shares(), ElementsAre("shop/production/2=10", "shop/production/1=90"));
}

TASK_TEST_F(SplitTest, OneThatIsStillDrainingIsKept) {
  options.watch = 60s;
  co_await push_to_the_end(node_tree);
  co_await push_to_the_end(node_tree);
  co_await split({{1, 90}, {2, 10}});
  EXPECT_THAT(running(), ElementsAre("shop-production-1-1", "shop-production-2-1"));
  // The fresh one crashes: the one before has all visitors again, and the split is over.
  runtime.crash("shop-production-2-1", 1);
  co_await until_status((co_await serve->deploys.get(environment, 2)).id, Status::rolled_back);
  co_await until_idle();
  EXPECT_THAT(shares(), ElementsAre("shop/production/1=1"));
  EXPECT_THAT(running(), ElementsAre("shop-production-1-1"));
  EXPECT_THAT(co_await serve->deploys.split_of(environment), IsEmpty());
}

TASK_TEST_F(SplitTest, RefusesWhatCannotShare) {
  co_await push_two();
  EXPECT_THAT(co_await refusal_of({{2, 1}}), HasSubstr("12=90 13=10"));
  EXPECT_THAT(co_await refusal_of({{1, 1}, {9, 1}}), HasSubstr("9"));
  co_await push_to_the_end(node_tree);
  co_await until_idle();
  EXPECT_THAT(co_await refusal_of({{1, 1}, {2, 1}}), HasSubstr("live release"));
}

TASK_TEST_F(SplitTest, AStaticSiteSharesWithAnApp) {
  co_await push_to_the_end(node_tree);
  co_await push_to_the_end(static_tree);
  co_await until_idle();
  EXPECT_TRUE(route().tree.has_value());
  EXPECT_THAT(running(), IsEmpty());
  co_await split({{1, 25}, {2, 75}});
  EXPECT_THAT(running(), ElementsAre("shop-production-1-1"));
  EXPECT_THAT(shares(), ElementsAre("shop/production/2=75", "shop/production/1=25"));
  EXPECT_FALSE(route().tree.has_value());
  EXPECT_TRUE(route().upstreams[0].tree.has_value());
  EXPECT_FALSE(route().upstreams[1].tree.has_value());
  co_await serve->deploys.end_split(environment);
  co_await until_idle();
  EXPECT_TRUE(route().tree.has_value());
  EXPECT_THAT(running(), IsEmpty());
}

TASK_TEST_F(SplitTest, TwoStaticSitesShare) {
  co_await push_to_the_end(static_tree);
  co_await push_to_the_end(static_tree);
  co_await until_idle();
  co_await split({{1, 1}, {2, 1}});
  EXPECT_THAT(shares(), ElementsAre("shop/production/2=1", "shop/production/1=1"));
  EXPECT_NE(route().upstreams[0].tree->root, route().upstreams[1].tree->root);
}

TASK_TEST_F(SplitTest, TellsHowFarItIs) {
  co_await push_two();
  co_await split({{1, 90}, {2, 10}});
  EXPECT_TRUE(was_said("asked to share the visitors: #1=90 #2=10"));
  EXPECT_TRUE(was_said("waiting for it to answer"));
  EXPECT_TRUE(was_said("healthy"));
  EXPECT_TRUE(was_said("the visitors are shared"));
  // What came before belongs to the deployment.
  EXPECT_FALSE(was_said("live at"));
}

TASK_TEST_F(SplitTest, GoesOnAfterTheEndOfTheProcess) {
  co_await push_two();
  hold_the_start_of("shop-production-1-1");
  co_await serve->deploys.split(environment, {{1, 90}, {2, 10}});
  co_await until_held();
  EXPECT_THAT(shares(), ElementsAre("shop/production/2=1"));
  EXPECT_THAT(co_await refusal_of({{1, 1}, {2, 1}}), HasSubstr("another split is being made"));
  co_await stop_serve();
  goes_on = true;
  co_await start_serve();
  EXPECT_EQ((co_await end_of_split()).status, jobs::Status::succeeded);
  EXPECT_THAT(shares(), ElementsAre("shop/production/2=10", "shop/production/1=90"));
  EXPECT_THAT(running(), ElementsAre("shop-production-1-1", "shop-production-2-1"));
}

TASK_TEST_F(SplitTest, GoesOnWhereItWasSavedAndNotYetInForce) {
  co_await push_two();
  bool is_told = false;
  before_load = [&is_told]() -> Task<> {
    return [](bool& told) -> Task<> {
      told = true;
      for (;;) co_await sleep(2ms);
    }(is_told);
  };
  co_await serve->deploys.split(environment, {{1, 90}, {2, 10}});
  co_await until([&is_told]() -> Task<bool> {
    return [](bool told) -> Task<bool> { co_return told; }(is_told);
  });
  co_await stop_serve();
  before_load = {};
  co_await start_serve();
  EXPECT_EQ((co_await end_of_split()).status, jobs::Status::succeeded);
  EXPECT_THAT(shares(), ElementsAre("shop/production/2=10", "shop/production/1=90"));
}

TASK_TEST_F(SplitTest, IsGivenUpByWishAndNothingIsLeft) {
  co_await push_two();
  hold_the_start_of("shop-production-1-1");
  co_await serve->deploys.split(environment, {{1, 90}, {2, 10}});
  co_await until_held();
  co_await serve->deploys.end_split(environment);
  EXPECT_EQ((co_await end_of_split()).status, jobs::Status::cancelled);
  EXPECT_TRUE(was_said("given up"));
  co_await serve->deploys.look_after();
  EXPECT_THAT(running(), ElementsAre("shop-production-2-1"));
  EXPECT_THAT(shares(), ElementsAre("shop/production/2=1"));
}

TASK_TEST_F(SplitTest, ADeploymentDoesNotWaitForOneThatIsBeingMade) {
  co_await push_two();
  hold_the_start_of("shop-production-1-1");
  co_await serve->deploys.split(environment, {{1, 90}, {2, 10}});
  co_await until_held();
  EXPECT_EQ((co_await push_to_the_end(node_tree)).status, Status::live);
  EXPECT_EQ((co_await end_of_split()).status, jobs::Status::cancelled);
  EXPECT_TRUE(was_said("deployment #3 came meanwhile"));
  co_await until_idle();
  co_await serve->deploys.look_after();
  EXPECT_THAT(running(), ElementsAre("shop-production-3-1"));
}

TASK_TEST_F(SplitTest, OneOfThemIsKeptForGood) {
  co_await push_two();
  co_await split({{1, 90}, {2, 10}});
  co_await serve->deploys.end_split(environment, 1);
  EXPECT_THAT(shares(), ElementsAre("shop/production/1=1"));
  EXPECT_EQ((co_await serve->deploys.live(environment))->number, 1);
  co_await until_idle();
  EXPECT_THAT(running(), ElementsAre("shop-production-1-1"));
  auto kept = co_await attempt(serve->deploys.end_split(environment, 2));
  EXPECT_FALSE(kept.has_value());
  EXPECT_EQ((co_await serve->deploys.live(environment))->number, 1);
}

TASK_TEST_F(SplitTest, ATableThatTheProxyRefusesLosesNoSplit) {
  co_await push_two();
  co_await split({{1, 90}, {2, 10}});
  const auto both = ElementsAre("shop/production/2=10", "shop/production/1=90");
  // By the next release.
  refusal = "no";
  EXPECT_EQ((co_await push_to_the_end(node_tree)).status, Status::failed);
  EXPECT_THAT(shares(), both);
  // By another split.
  refusal = "no";
  EXPECT_EQ((co_await split_to_the_end({{1, 1}, {2, 1}})).status, jobs::Status::failed);
  EXPECT_THAT(shares(), both);
  // By its end.
  refusal = "no";
  EXPECT_FALSE((co_await attempt(serve->deploys.end_split(environment))).has_value());
  refusal = "no";
  EXPECT_FALSE((co_await attempt(serve->deploys.end_split(environment, 1))).has_value());
  co_await until_idle();
  EXPECT_THAT(shares(), both);
  EXPECT_EQ((co_await serve->deploys.split_of(environment)).size(), 2U);
  EXPECT_EQ((co_await serve->deploys.live(environment))->number, 2);
  EXPECT_THAT(running(), ElementsAre("shop-production-1-1", "shop-production-2-1"));
}

TASK_TEST_F(SplitTest, OneThatTheProxyRefusesLeavesNothing) {
  co_await push_two();
  refusal = "no";
  const auto job = co_await split_to_the_end({{1, 90}, {2, 10}});
  EXPECT_EQ(job.status, jobs::Status::failed);
  EXPECT_EQ(job.error_code, "deploys.split_failed");
  co_await until_idle();
  EXPECT_THAT(shares(), ElementsAre("shop/production/2=1"));
  EXPECT_THAT(running(), ElementsAre("shop-production-2-1"));
}

TASK_TEST_F(SplitTest, AReleaseThatDoesNotBecomeHealthyIsNotLetIn) {
  co_await push_two();
  co_await change([](projects::Settings& settings) { settings.health_seconds = 1; });
  app.status = 500;
  const auto job = co_await split_to_the_end({{1, 90}, {2, 10}});
  EXPECT_EQ(job.status, jobs::Status::failed);
  EXPECT_THAT(job.error_detail.value_or(""), HasSubstr("500"));
  EXPECT_THAT(running(), ElementsAre("shop-production-2-1"));
  EXPECT_THAT(shares(), ElementsAre("shop/production/2=1"));
  EXPECT_THAT(co_await serve->deploys.split_of(environment), IsEmpty());
}

TASK_TEST_F(SplitTest, VisitorsWaitAndStayAsTheSettingsSay) {
  co_await push_to_the_end(node_tree);
  EXPECT_EQ(route().wait_seconds, 10);
  EXPECT_FALSE(route().sticky);
  co_await change([](projects::Settings& settings) {
    settings.wait_seconds = 30;
    settings.sticky = true;
    settings.health_path = "/health";
  });
  co_await serve->deploys.publish();
  EXPECT_EQ(route().wait_seconds, 30);
  EXPECT_TRUE(route().sticky);
  EXPECT_EQ(route().upstreams.front().health_path, "/health");
  EXPECT_FALSE(in_force->sticky_key.empty());
  const auto key = in_force->sticky_key;
  co_await restart_serve();
  EXPECT_EQ(in_force->sticky_key, key);
}

}  // namespace
}  // namespace temps::deploys

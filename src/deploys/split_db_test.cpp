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
  Task<> split(std::vector<SplitWish> wishes) {
    co_await serve->deploys.split(environment, std::move(wishes));
  }
  Task<std::string> refusal_of(std::vector<SplitWish> wishes) {
    auto done = co_await attempt(split(std::move(wishes)));
    co_return done ? std::string{} : std::string(done.error().detail());
  }
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
  co_await push_to_the_end(static_tree);
  EXPECT_THAT(co_await refusal_of({{3, 1}, {4, 1}}), HasSubstr("static"));
  EXPECT_TRUE(route().tree.has_value());
}

TASK_TEST_F(SplitTest, AReleaseThatDoesNotBecomeHealthyIsNotLetIn) {
  co_await push_two();
  co_await change([](projects::Settings& settings) { settings.health_seconds = 1; });
  app.status = 500;
  const auto refusal = co_await refusal_of({{1, 90}, {2, 10}});
  EXPECT_THAT(refusal, HasSubstr("500"));
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

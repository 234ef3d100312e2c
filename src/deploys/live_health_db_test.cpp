#include "deploys/fixture_for_tests.hpp"

namespace temps::deploys {
namespace {

using testing::Contains;
using testing::Not;

struct LiveHealthTest : DeploysTest {
  Task<> check(int times) {
    for (int i = 0; i < times; ++i) co_await serve->deploys.check_live();
  }
};

TASK_TEST_F(LiveHealthTest, AnAppThatHangsIsShownAndStartedAgain) {
  co_await change([](auto& settings) { settings.health_path = "/up"; });
  const auto live = co_await push_to_the_end(node_tree);
  app.status = 503;
  co_await check(2);
  EXPECT_FALSE(serve->deploys.is_failing(live.id));
  co_await check(1);
  EXPECT_TRUE(serve->deploys.is_failing(live.id));
  EXPECT_THAT(runtime.events, Not(Contains("pause shop-production-1-1")));
  co_await check(7);
  EXPECT_THAT(runtime.events, Contains("pause shop-production-1-1"));
  EXPECT_THAT(runtime.events, Contains("start again shop-production-1-1"));
  app.status = 200;
  co_await check(1);
  EXPECT_FALSE(serve->deploys.is_failing(live.id));
  const auto lines = serve->deploys.logs().read(app_channel(environment));
  EXPECT_THAT(lines->front().text, testing::HasSubstr("GET /up answered 503"));
}

TASK_TEST_F(LiveHealthTest, WithoutAHealthPathAnyAnswerShowsThatTheAppIsAlive) {
  const auto live = co_await push_to_the_end(node_tree);
  app.status = 500;
  co_await check(4);
  EXPECT_FALSE(serve->deploys.is_failing(live.id));
  co_await app.close();
  co_await check(4);
  EXPECT_TRUE(serve->deploys.is_failing(live.id));
}

}  // namespace
}  // namespace temps::deploys

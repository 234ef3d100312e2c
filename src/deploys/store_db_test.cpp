#include <gmock/gmock.h>

#include "core/testing.hpp"
#include "deploys/errors.hpp"
#include "deploys/module.hpp"
#include "deploys/queries.hpp"
#include "deploys/store.hpp"
#include "projects/module.hpp"
#include "testbed/database.hpp"

namespace temps::deploys {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

struct StoreTest : testbed::DatabaseTest {
  FakeClock clock;
  Store store{database, clock};
  projects::Projects projects{database, clock};
  projects::EnvironmentId environment;

  void SetUp() override {
    const auto prepared = loop.run([](StoreTest& self) -> Task<> {
      auto all = projects::migrations();
      for (auto& migration : migrations()) all.push_back(migration);
      co_await sql::migrate(self.database, all);
      self.environment = co_await self.make_environment("shop");
    }(*this));
    ASSERT_TRUE(prepared.has_value()) << prepared.error().detail();
  }

  Task<projects::EnvironmentId> make_environment(std::string name) {
    const auto project = co_await projects.create(name);
    co_return (co_await projects.production(project.id)).id;
  }
  Task<Deployment> insert(NewDeployment wanted) {
    co_return co_await database.transact<Deployment>(
        [this, &wanted](this auto, sql::Transaction& tx) -> Task<Deployment> {
          co_return co_await store.insert(wanted, tx);
        });
  }
  Task<Deployment> push() { return insert({.environment = environment, .commit = "c"}); }
  Task<std::optional<DeploymentId>> go_live(const Deployment& deployment) {
    co_return co_await database.transact<std::optional<DeploymentId>>(
        [this, &deployment](this auto, sql::Transaction& tx) -> Task<std::optional<DeploymentId>> {
          co_return co_await store.go_live(deployment, tx);
        });
  }
  static Release release_of(std::int64_t number) {
    return {.provider = "node",
            .runtime = "docker",
            .artifact = fmt::format("artifact-{}", number),
            .start_command = "node \"a b\"",
            .variables = {{"A", "ä\n"}},
            .port = 8000};
  }
  // A push that was built and went live, and is not live any more.
  Task<Deployment> former_release() {
    auto deployment = co_await push();
    co_await store.set_release(deployment.id, release_of(deployment.number));
    co_await go_live(deployment);
    co_await store.set_status(deployment.id, Status::retired);
    co_return co_await store.get(deployment.id);
  }
  Task<Deployment> former_rollback(std::int64_t origin) {
    auto deployment = co_await insert({.environment = environment,
                                       .trigger = Trigger::rollback,
                                       .origin = origin,
                                       .release = release_of(origin)});
    co_await go_live(deployment);
    co_await store.set_status(deployment.id, Status::retired);
    co_return co_await store.get(deployment.id);
  }
  Task<std::int64_t> target_before(std::int64_t number) {
    auto target = co_await store.rollback_target(environment, number);
    co_return target ? target->number : 0;
  }
  Task<std::vector<std::int64_t>> surplus(std::int64_t kept) {
    std::vector<std::int64_t> numbers;
    for (const auto& each : co_await store.surplus_builds(environment, kept)) {
      numbers.push_back(each.number);
    }
    co_return numbers;
  }
};

TASK_TEST_F(StoreTest, EveryStatementFitsTheTables) {
  EXPECT_THAT(co_await sql::check(database, queries::catalogue()), IsEmpty());
}

TASK_TEST_F(StoreTest, NumbersCountUpPerEnvironment) {
  const auto other = co_await make_environment("other");
  EXPECT_EQ((co_await push()).number, 1);
  EXPECT_EQ((co_await insert({.environment = other})).number, 1);
  const auto second = co_await push();
  EXPECT_EQ(second.number, 2);
  EXPECT_EQ(second.origin, 2);
  EXPECT_EQ((co_await insert({.environment = environment, .origin = 1})).origin, 1);
}

TASK_TEST_F(StoreTest, NumbersOfTheSameMomentDiffer) {
  std::vector<Task<>> tasks;
  for (int i = 0; i < 4; ++i) {
    tasks.push_back([](StoreTest& self) -> Task<> { co_await self.push(); }(*this));
  }
  co_await all(std::move(tasks));
  const auto found = co_await store.before(environment, 100, 10);
  std::vector<std::int64_t> numbers;
  for (const auto& deployment : found) numbers.push_back(deployment.number);
  EXPECT_THAT(numbers, ElementsAre(4, 3, 2, 1));
}

TASK_TEST_F(StoreTest, ARowComesBackAsItWasSaved) {
  const auto made = co_await insert({.environment = environment,
                                     .trigger = Trigger::redeploy,
                                     .commit = "abc",
                                     .message = "what's new",
                                     .branch = "main"});
  co_await store.set_source(made.id, "/sources/1.tar");
  co_await store.set_release(made.id, release_of(1));
  co_await store.set_instance(made.id, "shop-1", "127.0.0.1:4000", 4000);
  clock.advance(5s);
  co_await store.finish(made.id, Status::failed, "x.y", "went wrong");
  const auto found = co_await store.get(environment, 1);
  EXPECT_EQ(found.id, made.id);
  EXPECT_EQ(found.trigger, Trigger::redeploy);
  EXPECT_EQ(found.status, Status::failed);
  EXPECT_EQ(found.message, "what's new");
  EXPECT_EQ(found.source, "/sources/1.tar");
  EXPECT_EQ(found.release->start_command, "node \"a b\"");
  EXPECT_EQ(found.release->variables.at("A"), "ä\n");
  EXPECT_EQ(found.release->port, 8000);
  EXPECT_EQ(found.instance, "shop-1");
  EXPECT_EQ(found.port, 4000);
  EXPECT_EQ(found.error_detail, "went wrong");
  EXPECT_EQ(found.finished_at.value() - found.created_at, 5s);
}

TASK_TEST_F(StoreTest, AnyBytesCanBeSaved) {
  using namespace std::string_literals;
  const auto made = co_await insert({.environment = environment, .message = "a\0b"s});
  co_await store.set_release(made.id, {.provider = "p",
                                       .runtime = "docker",
                                       .start_command = "F\0R\0"s,
                                       .variables = {{"A", "\xFF\0"s}}});
  co_await store.finish(made.id, Status::failed, "x.y",
                        "\xFF\xFE"
                        "F\0"s);
  const auto found = co_await store.get(made.id);
  EXPECT_EQ(found.message, "a\uFFFDb");
  EXPECT_EQ(found.release->start_command, "F\uFFFDR\uFFFD");
  EXPECT_EQ(found.release->variables.at("A"), "\uFFFD\uFFFD");
  EXPECT_EQ(found.error_detail, "\uFFFD\uFFFDF\uFFFD");
}

TASK_TEST_F(StoreTest, AnUnknownDeploymentIsNotFound) {
  auto by_id = co_await attempt(store.get(DeploymentId{4711}));
  EXPECT_TRUE(!by_id && by_id.error().is(errors::no_such_deployment));
  auto by_number = co_await attempt(store.get(environment, 7));
  EXPECT_TRUE(!by_number && by_number.error().is(errors::no_such_deployment));
}

TASK_TEST_F(StoreTest, PagesGoBackFromANumber) {
  for (int i = 0; i < 3; ++i) co_await push();
  const auto page = co_await store.before(environment, 3, 1);
  EXPECT_EQ(page.size(), 1U);
  EXPECT_EQ(page.at(0).number, 2);
}

TASK_TEST_F(StoreTest, OnlyNewerOnesThatWaitSupersede) {
  const auto first = co_await push();
  EXPECT_EQ(co_await store.newer_queued(first), std::nullopt);
  const auto second = co_await push();
  const auto third = co_await push();
  EXPECT_EQ(co_await store.newer_queued(first), 3);
  EXPECT_EQ(co_await store.newer_queued(third), std::nullopt);
  co_await store.set_status(third.id, Status::building);
  EXPECT_EQ(co_await store.newer_queued(first), 2);
  co_await store.finish(second.id, Status::failed, "", "");
  EXPECT_EQ(co_await store.newer_queued(first), std::nullopt);
}

TASK_TEST_F(StoreTest, GoingLiveYieldsWhatWasLive) {
  const auto first = co_await push();
  const auto second = co_await push();
  EXPECT_EQ(co_await go_live(first), std::nullopt);
  EXPECT_EQ(co_await store.live_of(environment), first.id);
  EXPECT_EQ(co_await go_live(second), first.id);
  EXPECT_EQ(co_await go_live(second), std::nullopt);
  const auto live = co_await store.all_live();
  EXPECT_EQ(live.size(), 1U);
  EXPECT_EQ(live.at(0).deployment, second.id);
}

TASK_TEST_F(StoreTest, ASwitchCanBeUndone) {
  const auto first = co_await push();
  const auto second = co_await push();
  co_await go_live(first);
  co_await go_live(second);
  co_await store.undo_live(second, first.id, {});
  EXPECT_EQ(co_await store.live_of(environment), first.id);
  EXPECT_FALSE((co_await store.get(second.id)).live_at.has_value());
  co_await store.undo_live(first, std::nullopt, {});
  EXPECT_EQ(co_await store.live_of(environment), std::nullopt);
}

TASK_TEST_F(StoreTest, GoingBackHappensOnlyFromTheLiveRelease) {
  const auto first = co_await former_release();
  const auto second = co_await former_release();
  EXPECT_TRUE(co_await store.go_back(second, first, Error(errors::crashed, "it crashed")));
  EXPECT_EQ(co_await store.live_of(environment), first.id);
  EXPECT_EQ((co_await store.get(first.id)).status, Status::live);
  const auto crashed = co_await store.get(second.id);
  EXPECT_EQ(crashed.status, Status::rolled_back);
  EXPECT_EQ(crashed.error_detail, "it crashed");

  const auto third = co_await former_release();
  EXPECT_FALSE(co_await store.go_back(second, first, Error(errors::crashed, "late")));
  EXPECT_EQ(co_await store.live_of(environment), third.id);
}

TASK_TEST_F(StoreTest, RepeatedRollbacksWalkBack) {
  for (int i = 0; i < 3; ++i) co_await former_release();  // #1 #2 #3
  EXPECT_EQ(co_await target_before(3), 2);
  co_await former_rollback(2);  // #4: the next starts from its origin
  EXPECT_EQ(co_await target_before(2), 1);
  co_await former_rollback(1);  // #5
  EXPECT_EQ(co_await target_before(1), 0);
}

TASK_TEST_F(StoreTest, ARollbackAfterAPushGoesBackToWhatThePushReplaced) {
  for (int i = 0; i < 3; ++i) co_await former_release();  // #1 #2 #3
  const auto back = co_await former_rollback(2);          // #4, with variables of its own
  co_await former_release();                              // #5
  EXPECT_EQ(co_await target_before(5), back.number);
  EXPECT_EQ(back.origin, 2);
}

TASK_TEST_F(StoreTest, OnlyBuildsThatWereLiveAndAreKeptCanBeRolledBackTo) {
  const auto kept = co_await former_release();  // #1
  const auto gone = co_await former_release();  // #2
  co_await store.clear_release(gone.id);
  const auto crashed = co_await former_release();  // #3
  co_await store.finish(crashed.id, Status::rolled_back, "", "");
  const auto failed = co_await push();  // #4
  co_await store.set_release(failed.id, release_of(4));
  co_await store.finish(failed.id, Status::failed, "", "");
  EXPECT_EQ(co_await target_before(5), kept.number);
  EXPECT_EQ(co_await store.rollback_target(co_await make_environment("other"), 5), std::nullopt);
}

TASK_TEST_F(StoreTest, TheNewestBuildsAreNotSurplus) {
  for (int i = 0; i < 4; ++i) co_await former_release();
  EXPECT_THAT(co_await surplus(4), IsEmpty());
  EXPECT_THAT(co_await surplus(2), ElementsAre(1, 2));
}

TASK_TEST_F(StoreTest, ABuildThatRunsOrIsAboutToIsNotSurplus) {
  for (int i = 0; i < 4; ++i) co_await former_release();
  auto running = co_await former_rollback(1);
  co_await store.set_status(running.id, Status::live);
  const auto draining = co_await store.get(environment, 2);
  co_await store.set_instance(draining.id, "shop-2", "127.0.0.1:1", 1);
  EXPECT_THAT(co_await surplus(1), ElementsAre(3));
  co_await insert({.environment = environment, .origin = 3, .release = release_of(3)});
  EXPECT_THAT(co_await surplus(1), IsEmpty());
}

TASK_TEST_F(StoreTest, ABuildThatNeverWentLiveIsSurplus) {
  const auto failed = co_await push();
  co_await store.set_release(failed.id, release_of(1));
  EXPECT_THAT(co_await surplus(5), IsEmpty());
  co_await store.finish(failed.id, Status::failed, "", "");
  EXPECT_THAT(co_await surplus(5), ElementsAre(1));
  co_await store.clear_release(failed.id);
  EXPECT_THAT(co_await surplus(5), IsEmpty());
}

TASK_TEST_F(StoreTest, FindsTheNewestSourceThatIsKept) {
  const auto first = co_await push();
  EXPECT_FALSE((co_await store.latest_source(environment)).has_value());
  co_await store.set_source(first.id, "/1.tar");
  co_await push();
  EXPECT_EQ((co_await store.latest_source(environment))->id, first.id);
}

TASK_TEST_F(StoreTest, ListsWhatHasAnInstance) {
  const auto first = co_await push();
  co_await push();
  co_await store.set_instance(first.id, "shop-1", "127.0.0.1:1", 1);
  const auto found = co_await store.with_instance();
  EXPECT_EQ(found.size(), 1U);
  EXPECT_EQ(found.at(0).id, first.id);
}

}  // namespace
}  // namespace temps::deploys

// Which variables builds and apps get, and what becomes of them over the life of a release.
#include "deploys/errors.hpp"
#include "deploys/fixture_for_tests.hpp"
#include "deploys/provided.hpp"

namespace temps::deploys {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using variables::Kind;

struct DeployedVariables : DeploysTest {
  // What the app of the deployment was started with.
  std::string given(const Deployment& deployment, const std::string& name) {
    const auto id = fmt::format("shop-production-{}-1", deployment.number);
    const auto& all = runtime.instances.at(id).spec.environment;
    return all.contains(name) ? all.at(name) : "-";
  }
  Task<Deployment> restart_to_the_end() {
    const auto restarted = co_await serve->deploys.restart(environment);
    co_return co_await ended(restarted.id);
  }
};

TASK_TEST_F(DeployedVariables, TheAppGetsThemAndTheBuildGetsThePlainOnes) {
  co_await set_variable("API", "https://api");
  co_await set_variable("KEY", "hidden-1", Kind::secret);
  co_await set_variable("NODE_ENV", "development");
  auto built = node_tree;
  built["package.json"] = R"({"name": "shop", "scripts": {"start": "node .", "build": "true"}})";
  const auto deployment = co_await push_to_the_end(built);
  EXPECT_EQ(deployment.variables, 3);
  EXPECT_EQ(given(deployment, "API"), "https://api");
  EXPECT_EQ(given(deployment, "KEY"), "hidden-1");
  EXPECT_EQ(given(deployment, "NODE_ENV"), "development");
  EXPECT_EQ(given(deployment, "TEMPS_GIT_COMMIT"), "c0ffee");
  EXPECT_EQ(given(deployment, "TEMPS_GIT_BRANCH"), "main");
  const auto& build = runtime.builds.at(0);
  EXPECT_EQ(build.variables.at("API"), "https://api");
  EXPECT_EQ(build.variables.at("TEMPS_GIT_COMMIT"), "c0ffee");
  EXPECT_FALSE(build.variables.contains("KEY"));
  EXPECT_FALSE(build.variables.contains("NODE_ENV"));
  EXPECT_THAT(build.dockerfile_text, AllOf(HasSubstr("ARG API\n"), Not(HasSubstr("ARG KEY"))));
  EXPECT_TRUE(was_said("it runs with version 3 of the variables"));
  EXPECT_FALSE(was_said("hidden"));
  EXPECT_FALSE(was_said("https://api"));
}

TASK_TEST_F(DeployedVariables, OfTempsItselfCountMoreThanAnyOther) {
  // A row as an older Temps, with fewer names of its own, may have made it.
  co_await set_variable("TEMPZ_URL", "http://elsewhere");
  const auto deployment = co_await push_to_the_end(node_tree);
  EXPECT_EQ(given(deployment, "TEMPS_URL"), "http://shop.localhost:8080");
  EXPECT_EQ(given(deployment, "HOST"), "0.0.0.0");
  auto refused = co_await attempt(set_variable("TEMPS_URL", "http://elsewhere"));
  EXPECT_FALSE(refused);
}

TASK_TEST_F(DeployedVariables, ASecretForBrowsersIsNamedInTheLog) {
  co_await set_variable("VITE_KEY", "hidden-1", Kind::secret);
  co_await set_variable("KEY", "hidden-2", Kind::secret);
  co_await push_to_the_end(node_tree);
  EXPECT_TRUE(was_said("goes without VITE_KEY, which"));
  EXPECT_FALSE(was_said("hidden"));
}

TASK_TEST_F(DeployedVariables, AChangeWaitsForTheNextDeployment) {
  co_await set_variable("A", "1");
  const auto first = co_await push_to_the_end(node_tree);
  co_await set_variable("A", "2");
  EXPECT_EQ(given(first, "A"), "1");
  const auto again = co_await serve->deploys.redeploy(environment, folder.path() / "sources");
  const auto second = co_await ended(again.id);
  EXPECT_EQ(second.variables, 2);
  EXPECT_EQ(given(second, "A"), "2");
}

TASK_TEST_F(DeployedVariables, ARestartTakesTheNewestWithoutABuild) {
  const auto first = co_await push_to_the_end(node_tree);
  EXPECT_EQ(first.variables, 0);
  co_await set_variable("A", "1");
  const auto second = co_await restart_to_the_end();
  EXPECT_EQ(second.status, Status::live);
  EXPECT_EQ(second.trigger, Trigger::restart);
  EXPECT_EQ(second.origin, 1);
  EXPECT_EQ(second.variables, 1);
  EXPECT_EQ(given(second, "A"), "1");
  EXPECT_EQ(runtime.builds.size(), 1U);
  EXPECT_EQ(live_upstream(), fmt::format("deployment-{}", second.id.value));
  co_await until_status(first.id, Status::retired);
}

TASK_TEST_F(DeployedVariables, OnlyWhatRunsCanBeRestarted) {
  auto early = co_await attempt(serve->deploys.restart(environment));
  EXPECT_TRUE(!early && early.error().is(errors::nothing_to_restart));
  co_await push_to_the_end(static_tree);
  auto site = co_await attempt(serve->deploys.restart(environment));
  EXPECT_TRUE(!site && site.error().is(errors::nothing_to_restart));
  co_await push_to_the_end(node_tree);
  runtime.artifacts.clear();
  auto gone = co_await attempt(serve->deploys.restart(environment));
  EXPECT_TRUE(!gone && gone.error().is(errors::nothing_to_restart));
}

TASK_TEST_F(DeployedVariables, ARollbackTakesThoseOfTheReleaseUnlessTheNewestAreWanted) {
  co_await set_variable("A", "1");
  co_await push_to_the_end(node_tree);
  co_await set_variable("A", "2");
  co_await push_to_the_end(node_tree);
  const auto back = co_await rollback_to_the_end();
  EXPECT_EQ(back.origin, 1);
  EXPECT_EQ(back.variables, 1);
  EXPECT_EQ(given(back, "A"), "1");
  EXPECT_TRUE(was_said("version 1 of the variables; the newest is version 2"));
  const auto newest = co_await serve->deploys.rollback(environment, 1, WithVariables::newest);
  const auto again = co_await ended(newest.id);
  EXPECT_EQ(again.origin, 1);
  EXPECT_EQ(given(again, "A"), "2");
}

TASK_TEST_F(DeployedVariables, ARollbackUndoesARestartAndThenWalksFurther) {
  co_await set_variable("A", "1");
  co_await push_to_the_end(node_tree);  // 1
  co_await push_to_the_end(node_tree);  // 2
  co_await set_variable("A", "2");
  co_await restart_to_the_end();                       // 3: the build of 2
  const auto undone = co_await rollback_to_the_end();  // 4: as 2
  EXPECT_EQ(undone.origin, 2);
  EXPECT_EQ(undone.variables, 1);
  EXPECT_EQ(undone.restores, 2);
  const auto further = co_await rollback_to_the_end();  // 5: as 1
  EXPECT_EQ(further.origin, 1);
  EXPECT_EQ(further.restores, 1);
  auto end = co_await attempt(serve->deploys.rollback(environment, std::nullopt));
  EXPECT_TRUE(!end && end.error().is(errors::nothing_to_roll_back_to));
}

TASK_TEST_F(DeployedVariables, ADeploymentKeepsItsVersionOverARestartOfTemps) {
  co_await set_variable("A", "1");
  bool is_cut = true;
  runtime.on_build = [&is_cut](const runtime::BuildSpec&, const runtime::LineSink&) -> Task<> {
    return [](bool waits) -> Task<> {
      if (waits) co_await sleep(1h);
    }(is_cut);
  };
  const auto pushed = co_await push(node_tree);
  co_await until_status(pushed.id, Status::building);
  co_await stop_serve();
  is_cut = false;
  co_await start_serve();
  co_await set_variable("A", "2");
  const auto deployment = co_await ended(pushed.id);
  EXPECT_EQ(deployment.status, Status::live);
  EXPECT_EQ(deployment.variables, 1);
  EXPECT_EQ(given(deployment, "A"), "1");
  EXPECT_EQ(runtime.builds.back().variables.at("A"), "1");
}

TASK_TEST_F(DeployedVariables, AReleaseThatIsStartedAgainKeepsItsVersion) {
  co_await set_variable("A", "1");
  const auto deployment = co_await push_to_the_end(node_tree);
  co_await set_variable("A", "2");
  co_await stop_serve();
  runtime.instances.clear();
  co_await start_serve();
  EXPECT_EQ(given(deployment, "A"), "1");
}

TASK_TEST_F(DeployedVariables, WithoutTheKeyADeploymentFailsAndSaysSo) {
  co_await set_variable("A", "hidden-1", Kind::secret);
  co_await stop_serve();
  std::filesystem::remove(vault_options.key_file);
  co_await start_serve();
  const auto deployment = co_await push_to_the_end(node_tree);
  EXPECT_EQ(deployment.status, Status::failed);
  EXPECT_EQ(deployment.error_code, "vault.other_key");
  EXPECT_THAT(running(), IsEmpty());
}

TASK_TEST_F(DeployedVariables, NoSecretIsWrittenWhereItIsNotSealed) {
  co_await set_variable("A", "hidden-1", Kind::secret);
  co_await set_variable("B", "hidden-2");
  co_await push_to_the_end(node_tree);
  static constexpr sql::Query<std::string> dump{
      "test.dump",
      "select string_agg(d::text, '') || (select string_agg(j::text, '') from jobs j) "
      "from deployments d"};
  EXPECT_THAT(co_await database.one(dump), AllOf(HasSubstr("c0ffee"), Not(HasSubstr("hidden"))));
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path())) {
    if (!entry.is_regular_file()) continue;
    EXPECT_THAT(files::read(entry.path()).value_or(""), Not(HasSubstr("hidden"))) << entry.path();
  }
}

TEST(PublicNames, AreThoseThatFrameworksBuildIn) {
  for (const auto* name : {"NEXT_PUBLIC_A", "VITE_A", "REACT_APP_A", "PUBLIC_A"}) {
    EXPECT_TRUE(is_public_name(name)) << name;
  }
  for (const auto* name : {"KEY", "NEXT_PRIVATE", "MY_PUBLIC_A"}) {
    EXPECT_FALSE(is_public_name(name)) << name;
  }
}

}  // namespace
}  // namespace temps::deploys

#include <gmock/gmock.h>

#include "core/concurrency.hpp"
#include "core/testing.hpp"
#include "projects/module.hpp"
#include "projects/projects.hpp"
#include "projects/queries.hpp"
#include "sql/migrations.hpp"
#include "testbed/database.hpp"

namespace temps::projects {
namespace {

struct ProjectsTest : testbed::DatabaseTest {
  FakeClock clock;
  Projects projects{database, clock};
  Task<> prepare() { co_await sql::migrate(database, migrations()); }
};

TASK_TEST_F(ProjectsTest, EveryStatementFitsTheTables) {
  co_await prepare();
  EXPECT_THAT(co_await sql::check(database, queries::catalogue()), testing::IsEmpty());
}

TASK_TEST_F(ProjectsTest, ANewProjectTracksMainInProduction) {
  co_await prepare();
  auto project = co_await projects.create("shop");
  auto environment = co_await projects.production(project.id);
  EXPECT_EQ(environment.name, "production");
  EXPECT_EQ(environment.settings.branch, "main");
  EXPECT_EQ(slug(project, environment), "shop");
}

TASK_TEST_F(ProjectsTest, RefusesASecondProjectOfTheSameName) {
  co_await prepare();
  co_await projects.create("shop");
  auto second = co_await attempt(projects.create("shop"));
  EXPECT_FALSE(second);
  EXPECT_EQ(second.error().code().code, "projects.name_taken");
}

TASK_TEST_F(ProjectsTest, KeepsChangedSettingsAndRefusesOnesOutOfRange) {
  co_await prepare();
  auto project = co_await projects.create("shop");
  auto environment = co_await projects.production(project.id);
  co_await projects.change(environment.id, [](Settings settings) {
    settings.branch = "release";
    settings.port = 8000;
    return settings;
  });
  auto changed = co_await projects.environment(environment.id);
  EXPECT_EQ(changed.settings.branch, "release");
  EXPECT_EQ(changed.settings.port, 8000);
  auto refused = co_await attempt(projects.change(environment.id, [](Settings settings) {
    settings.health_seconds = 901;
    settings.root_directory = "../elsewhere";
    return settings;
  }));
  EXPECT_FALSE(refused);
  EXPECT_EQ(refused.error().fields().size(), 2U);
}

TEST(Settings, OfVisitorsAreChecked) {
  EXPECT_TRUE(check_settings({.allowed_addresses = {"203.0.113.7", "10.0.0.0/8", "2001:db8::/32"},
                              .response_headers = {{"X-Frame-Options", "DENY"}}})
                  .has_value());
  const std::vector<Settings> wrong{
      {.allowed_addresses = {"example.com"}},
      {.allowed_addresses = {"10.0.0.0/33"}},
      {.allowed_addresses = {"::1/129"}},
      {.response_headers = {{"Content-Length", "1"}}},
      {.response_headers = {{"A b", "1"}}},
      {.response_headers = {{"A", "b\r\nC: d"}}},
      {.body_mb_max = -1},
      {.requests_per_minute = -1},
  };
  for (const auto& settings : wrong) EXPECT_FALSE(check_settings(settings).has_value());
}

TASK_TEST_F(ProjectsTest, ChangesAtTheSameTimeAllStay) {
  co_await prepare();
  auto project = co_await projects.create("shop");
  auto environment = co_await projects.production(project.id);
  const auto change = [](Projects& all, EnvironmentId id) -> Task<> {
    co_await all.change(id, [](Settings settings) {
      ++settings.memory_mb;
      return settings;
    });
  };
  std::vector<Task<>> changes;
  for (int i = 0; i < 8; ++i) changes.push_back(change(projects, environment.id));
  co_await all(std::move(changes));
  EXPECT_EQ((co_await projects.environment(environment.id)).settings.memory_mb, 8);
}

TASK_TEST_F(ProjectsTest, ListsInOrderOfNameBehindACursor) {
  co_await prepare();
  for (const auto* name : {"c", "a", "b"}) co_await projects.create(name);
  auto page = co_await projects.list("", 2);
  EXPECT_EQ(page.size(), 2U);
  EXPECT_EQ(page.at(0).name, "a");
  page = co_await projects.list(page.back().name, 2);
  EXPECT_EQ(page.size(), 1U);
  EXPECT_EQ(page.at(0).name, "c");
}

TASK_TEST_F(ProjectsTest, KnowsAllPlacesAtOnce) {
  co_await prepare();
  for (const auto* name : {"shop", "blog"}) co_await projects.create(name);
  const auto places = co_await projects.places();
  EXPECT_EQ(places.size(), 2U);
  EXPECT_EQ(places.at(0).project.name, "blog");
  EXPECT_EQ(places.at(1).environment.name, "production");
  EXPECT_EQ(places.at(1).environment.project, places.at(1).project.id);
}

TASK_TEST_F(ProjectsTest, ARemovedProjectIsGoneWithItsEnvironment) {
  co_await prepare();
  auto project = co_await projects.create("shop");
  co_await projects.remove(project.id);
  EXPECT_FALSE((co_await projects.find("shop")).has_value());
  EXPECT_TRUE((co_await projects.environments(project.id)).empty());
}

TASK_TEST_F(ProjectsTest, ANewEnvironmentHasProductionsSettingsAndABranchOfItsOwn) {
  co_await prepare();
  auto project = co_await projects.create("shop");
  auto production = co_await projects.production(project.id);
  co_await projects.change(production.id, [](Settings settings) {
    settings.memory_mb = 64;
    settings.maintenance = true;
    return settings;
  });
  auto made = co_await projects.create_environment(project, {"staging", "develop"});
  auto staging = co_await projects.environment(project.id, "staging");
  EXPECT_EQ(staging.id, made.id);
  EXPECT_EQ(staging.settings.branch, "develop");
  EXPECT_EQ(staging.settings.memory_mb, 64);
  EXPECT_FALSE(staging.settings.maintenance);
  EXPECT_EQ(slug(project, staging), "shop-staging");
  EXPECT_EQ((co_await projects.production(project.id)).id, production.id);
  co_await projects.remove_environment(staging.id);
  auto gone = co_await attempt(projects.environment(project.id, "staging"));
  EXPECT_FALSE(gone);
  EXPECT_EQ(gone.error().code().code, "projects.no_such_environment");
}

TASK_TEST_F(ProjectsTest, EnvironmentsOfAnOlderTempsGetTheirHosts) {
  co_await sql::migrate(database, {migrations().front()});
  co_await database.script(
      "insert into projects (name, created_at) values ('shop', now()); "
      "insert into environments (project_id, name, settings) select id, n, '{}' "
      "from projects, unnest(array['production', 'eu']) n");
  co_await prepare();
  EXPECT_FALSE(co_await attempt(projects.create("shop-eu")));
  EXPECT_EQ((co_await projects.environments((co_await projects.get("shop")).id)).size(), 2U);
}

TASK_TEST_F(ProjectsTest, TwoEnvironmentsShareNeitherNameNorBranch) {
  co_await prepare();
  auto project = co_await projects.create("shop");
  co_await projects.create_environment(project, {"staging", "develop"});
  for (const NewEnvironment& wanted :
       std::vector<NewEnvironment>{{"staging", "other"}, {"preview", "develop"}, {"x", "main"}}) {
    auto refused = co_await attempt(projects.create_environment(project, wanted));
    EXPECT_FALSE(refused) << wanted.name;
    EXPECT_EQ(refused.error().code().code, "projects.environment_taken");
  }
  auto staging = co_await projects.environment(project.id, "staging");
  auto moved = co_await attempt(projects.change(staging.id, [](Settings settings) {
    settings.branch = "main";
    return settings;
  }));
  EXPECT_FALSE(moved);
  EXPECT_EQ(moved.error().code().code, "projects.environment_taken");
}

TASK_TEST_F(ProjectsTest, NoTwoEnvironmentsHaveTheSameHost) {
  co_await prepare();
  auto shop = co_await projects.create("shop");
  co_await projects.create("shop-eu");
  auto refused = co_await attempt(projects.create_environment(shop, {"eu", "eu"}));
  EXPECT_FALSE(refused);
  EXPECT_THAT(std::string(refused.error().detail()), testing::HasSubstr("the project shop-eu"));
  co_await projects.create_environment(shop, {"us", "us"});
  auto second = co_await attempt(projects.create("shop-us"));
  EXPECT_FALSE(second);
  EXPECT_EQ(second.error().code().code, "projects.environment_taken");
  EXPECT_FALSE((co_await projects.find("shop-us")).has_value());
}

TASK_TEST_F(ProjectsTest, AProjectHasABoundedNumberOfEnvironments) {
  co_await prepare();
  auto project = co_await projects.create("shop");
  for (int i = 1; i < 50; ++i) {
    co_await projects.create_environment(project, {fmt::format("e{}", i), fmt::format("b{}", i)});
  }
  auto refused = co_await attempt(projects.create_environment(project, {"e50", "b50"}));
  EXPECT_FALSE(refused);
  EXPECT_EQ(refused.error().code().code, "projects.too_many_environments");
}

TEST(BuildArguments, HaveNamesOfVariablesAndShortValues) {
  EXPECT_TRUE(check_settings({.build_arguments = {{"API_URL", "https://a b"}}}));
  for (const auto& [name, value] : {std::pair<std::string, std::string>{"1A", ""},
                                    {"", "x"},
                                    {"A-B", "x"},
                                    {"A", std::string(5000, 'x')},
                                    {"A", std::string(1, '\0')}}) {
    EXPECT_FALSE(check_settings({.build_arguments = {{name, value}}})) << name;
  }
}

}  // namespace
}  // namespace temps::projects

#include <gmock/gmock.h>

#include "core/concurrency.hpp"
#include "core/testing.hpp"
#include "files/files.hpp"
#include "projects/module.hpp"
#include "sql/migrations.hpp"
#include "testbed/database.hpp"
#include "variables/errors.hpp"
#include "variables/module.hpp"
#include "variables/queries.hpp"
#include "variables/rules.hpp"
#include "variables/variables.hpp"

namespace temps::variables {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct VariablesTest : testbed::DatabaseTest {
  FakeClock clock;
  files::TemporaryFolder folder;
  vault::Options vault_options{.key_file = folder.path() / "keys" / "secrets.key"};
  vault::Vault vault{vault_options};
  projects::Projects projects{database, clock};
  Variables variables{database, vault, clock};
  projects::EnvironmentId environment;

  Task<> prepare() {
    auto all = projects::migrations();
    for (auto& migration : migrations()) all.push_back(migration);
    co_await sql::migrate(database, all);
    const auto project = co_await projects.create("shop");
    environment = (co_await projects.production(project.id)).id;
  }
  Task<Version> set(std::string name, std::string value, std::optional<Kind> kind = std::nullopt) {
    Edit wanted{.by = "ann@example.org"};
    wanted.set.push_back({std::move(name), Secret(std::move(value)), kind});
    co_return co_await variables.edit(environment, std::move(wanted));
  }
  // "A=1 B=*2", with a star before what is secret.
  Task<std::vector<std::string>> at(std::int64_t version) {
    std::vector<std::string> found;
    for (const auto& one : co_await variables.at(environment, version)) {
      found.push_back(fmt::format("{}={}{}", one.name, one.kind == Kind::secret ? "*" : "",
                                  one.value.reveal()));
    }
    co_return found;
  }
};

TASK_TEST_F(VariablesTest, EveryStatementFitsTheTables) {
  co_await prepare();
  EXPECT_THAT(co_await sql::check(database, queries::catalogue()), IsEmpty());
}

TASK_TEST_F(VariablesTest, EveryChangeIsAVersionAndNoneEverChanges) {
  co_await prepare();
  EXPECT_EQ(co_await variables.newest(environment), 0);
  EXPECT_THAT(co_await at(0), IsEmpty());
  EXPECT_EQ((co_await set("A", "1")).number, 1);
  EXPECT_EQ((co_await set("B", "two\nlines", Kind::secret)).number, 2);
  EXPECT_EQ((co_await set("A", "3")).number, 3);
  co_await variables.edit(environment, {.remove = {"A"}});
  EXPECT_EQ(co_await variables.newest(environment), 4);
  EXPECT_THAT(co_await at(1), ElementsAre("A=1"));
  EXPECT_THAT(co_await at(2), ElementsAre("A=1", "B=*two\nlines"));
  EXPECT_THAT(co_await at(3), ElementsAre("A=3", "B=*two\nlines"));
  EXPECT_THAT(co_await at(4), ElementsAre("B=*two\nlines"));
  const auto versions = co_await variables.versions(environment, 4, 2);
  EXPECT_EQ(versions.size(), 2U);
  EXPECT_EQ(versions.at(0).number, 3);
  EXPECT_THAT(versions.at(0).set, ElementsAre("A"));
  EXPECT_EQ(versions.at(0).made_by, "ann@example.org");
  EXPECT_THAT((co_await variables.version(environment, 4)).removed, ElementsAre("A"));
  EXPECT_FALSE(co_await attempt(variables.version(environment, 5)));
}

TASK_TEST_F(VariablesTest, WhatIsSetAlreadyMakesNoVersion) {
  co_await prepare();
  co_await set("A", "1", Kind::secret);
  const auto again = co_await set("A", "1");
  EXPECT_EQ(again.number, 1);
  EXPECT_THAT(again.set, IsEmpty());
  EXPECT_EQ((co_await set("A", "1", Kind::plain)).number, 2);
}

TASK_TEST_F(VariablesTest, ASecretStaysOneUntilSomebodySaysOtherwise) {
  co_await prepare();
  co_await set("A", "1", Kind::secret);
  co_await set("A", "2");
  EXPECT_THAT(co_await at(2), ElementsAre("A=*2"));
  co_await set("A", "3", Kind::plain);
  EXPECT_THAT(co_await at(3), ElementsAre("A=3"));
}

TASK_TEST_F(VariablesTest, AnEditIsDoneWholeOrNotAtAll) {
  co_await prepare();
  co_await set("A", "1");
  Edit wanted{.remove = {"MISSING"}};
  wanted.set.push_back({"B", Secret("2")});
  auto refused = co_await attempt(variables.edit(environment, std::move(wanted)));
  EXPECT_FALSE(refused);
  EXPECT_TRUE(refused.error().is(errors::no_such_variable));
  EXPECT_EQ(co_await variables.newest(environment), 1);
  Edit fine{.remove = {"A"}};
  fine.set.push_back({"C", Secret("3")});
  fine.set.push_back({"B", Secret("2")});
  EXPECT_EQ((co_await variables.edit(environment, std::move(fine))).number, 2);
  EXPECT_THAT(co_await at(2), ElementsAre("B=2", "C=3"));
}

TASK_TEST_F(VariablesTest, TheWholeSetIsBounded) {
  co_await prepare();
  for (int i = 0; i < 7; ++i)
    co_await set(fmt::format("V{}", i), std::string(value_bytes_max, 'x'));
  co_await set("V7", std::string(value_bytes_max - 16, 'x'));
  auto refused = co_await attempt(set("X", "1"));
  EXPECT_FALSE(refused);
  EXPECT_TRUE(refused.error().is(errors::too_many));
  // What takes the place of another counts instead of it.
  EXPECT_TRUE(co_await attempt(set("V0", "small")));
  EXPECT_TRUE(co_await attempt(set("X", "1")));
}

TASK_TEST_F(VariablesTest, ChangesAtTheSameTimeAllStay) {
  co_await prepare();
  std::vector<Task<>> changes;
  for (int i = 0; i < 8; ++i) {
    changes.push_back([](VariablesTest& test, int number) -> Task<> {
      co_await test.set(fmt::format("V{}", number), "x");
    }(*this, i));
  }
  co_await all(std::move(changes));
  EXPECT_EQ(co_await variables.newest(environment), 8);
  EXPECT_EQ((co_await at(8)).size(), 8U);
}

TASK_TEST_F(VariablesTest, NoValueLiesInTheDatabaseAsItIs) {
  co_await prepare();
  co_await set("A", "plain-as-day");
  co_await set("B", "hidden-as-night", Kind::secret);
  static constexpr sql::Query<std::string> dump{
      "test.dump",
      "select coalesce(string_agg(v::text || encode(v.sealed, 'escape'), ''), '') || "
      "(select string_agg(w::text, '') from variable_versions w) from variable_values v"};
  const auto text = co_await database.one(dump);
  EXPECT_THAT(text, testing::HasSubstr("secret"));
  EXPECT_THAT(text, testing::Not(testing::HasSubstr("as-day")));
  EXPECT_THAT(text, testing::Not(testing::HasSubstr("as-night")));
}

TASK_TEST_F(VariablesTest, ASealedValueOpensInItsOwnPlaceOnly) {
  co_await prepare();
  co_await set("A", "1");
  co_await set("B", "2", Kind::secret);
  static constexpr sql::Command<> swap{
      "test.swap",
      "update variable_values set sealed = (select sealed from variable_values where name = 'B') "
      "where name = 'A'"};
  co_await database.run(swap);
  auto opened = co_await attempt(variables.at(environment, 2));
  EXPECT_FALSE(opened);
  EXPECT_EQ(opened.error().code().code, "vault.other_key");
}

TASK_TEST_F(VariablesTest, TheyGoWithTheirEnvironment) {
  co_await prepare();
  co_await set("A", "1");
  co_await projects.remove_environment(environment);
  auto late = co_await attempt(set("A", "2"));
  EXPECT_FALSE(late);
  EXPECT_EQ(late.error().code().code, "projects.no_such_environment");
}

}  // namespace
}  // namespace temps::variables

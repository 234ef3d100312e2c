// The wiring of the real program: a mistake in any module's needs fails here, before anything is
// started.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "app/configuration.hpp"
#include "app/modules.hpp"
#include "app/surroundings.hpp"
#include "files/files.hpp"
#include "json/json.hpp"
#include "runtime/process_runtime.hpp"

namespace temps::app {
namespace {

struct AppTest : testing::Test {
  files::TemporaryFolder folder;
  net::Loop loop;
  ServeOptions options{.data = folder.path(), .database_url = "host=/nonexistent"};
  Surroundings around{loop, options,
                      std::make_unique<runtime::ProcessRuntime>(
                          loop, runtime::ProcessOptions{.data_folder = folder.path(),
                                                        .shim_program = "/bin/false"})};
};

TEST_F(AppTest, EveryModuleGetsWhatItNeeds) {
  auto services = build_services(around);
  ASSERT_TRUE(services) << services.error().detail();
  start_modules(*services, around);
  EXPECT_GT(around.router.routes().size(), 20U);
}

TEST_F(AppTest, OnlyTheseRoutesAnswerAnyone) {
  auto services = build_services(around);
  ASSERT_TRUE(services);
  start_modules(*services, around);
  std::set<std::string> open;
  for (const auto& route : around.router.routes()) {
    if (route.permission.least == Role::anonymous && !route.hidden) {
      open.insert(route.method + " " + route.path);
    }
  }
  EXPECT_THAT(open, testing::UnorderedElementsAre("GET /api/v1/setup", "POST /api/v1/setup",
                                                  "POST /api/v1/sessions",
                                                  "POST /api/v1/sessions/second-factor",
                                                  "POST /api/v1/password-resets/accept"));
}

TEST_F(AppTest, TheApiDescribesItself) {
  auto services = build_services(around);
  ASSERT_TRUE(services);
  start_modules(*services, around);
  const auto text = http::openapi(around.router, "test");
  auto document = json::decode<json::Value>(text, {.size_bytes_max = 16U << 20U, .depth_max = 64});
  ASSERT_TRUE(document) << document.error().detail();
  EXPECT_EQ((*document)["openapi"].as_string(), "3.1.0");
  std::set<std::string> operations;
  for (const auto& route : around.router.routes()) {
    if (route.hidden) continue;
    EXPECT_FALSE(route.summary.empty()) << route.path;
    EXPECT_TRUE(operations.insert(route.operation).second) << route.operation << " twice";
  }
}

TEST(Configuration, TellsTheProxyHowManyThreadsToServeWith) {
  const auto configuration = Configuration::load({"proxy", "--proxy-threads", "1"});
  ASSERT_TRUE(configuration) << configuration.error().detail();
  EXPECT_EQ(configuration->proxy().threads, 1U);
  EXPECT_EQ(Configuration::load({"proxy"})->proxy().threads, 0U);
}

TEST(Migrations, AreNumberedFromOneInEveryModule) {
  std::map<std::string, int, std::less<>> last;
  for (const auto& migration : migrations()) {
    EXPECT_EQ(migration.number, ++last[std::string(migration.module)]) << migration.name;
  }
}

}  // namespace
}  // namespace temps::app

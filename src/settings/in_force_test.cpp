#include "settings/in_force.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "core/testing.hpp"
#include "files/files.hpp"
#include "http/dispatch.hpp"
#include "json/json.hpp"
#include "settings/routes.hpp"

namespace temps::settings {
namespace {

using testing::HasSubstr;
using testing::Not;

struct InForceTest : testing::Test {
  files::TemporaryFolder folder;
  ManualLoop loop;
  std::string file = (folder.path() / "temps.toml").string();
  Environment environment{{"TEMPS_CONFIG", file}, {"TEMPS_BUILD_CPUS", "2"}};

  InForceTest() {
    EXPECT_TRUE(
        files::write_atomically(file, "access_log = 0.5\nhttp_proxy = \"http://a:hunter2@p\"")
            .has_value());
  }
  InForce found(std::string_view command, const Flags& flags = {}) {
    const auto effective = load(environment, flags);
    EXPECT_TRUE(effective.has_value());
    return effective ? in_force(*effective, command) : InForce{};
  }
  static std::string line(const InForce& all, std::string_view name) {
    const auto one = std::ranges::find(all.values, name, &Shown::name);
    return one == all.values.end() ? "absent" : one->value + " from " + one->where;
  }
};

TEST_F(InForceTest, EachSaysWhereItIsFromAndNoneTellsASecret) {
  const auto all = found("up", {.given = {{"listen", "127.0.0.1:3"}}});
  EXPECT_EQ(all.file, file);
  EXPECT_EQ(line(all, "listen"), "127.0.0.1:3 from --listen");
  EXPECT_EQ(line(all, "build_cpus"), "2 from TEMPS_BUILD_CPUS");
  EXPECT_EQ(line(all, "access_log"), "0.5 from " + file);
  EXPECT_EQ(line(all, "http_proxy"), "**** from " + file);
  EXPECT_EQ(line(all, "https_proxy"), " from ");
  EXPECT_THAT(handed_on(all), Not(HasSubstr("hunter2")));
}

TEST_F(InForceTest, APartShowsWhatItWasTold) {
  const auto all = found("up", {.given = {{"proxy_threads", "3"}}});
  EXPECT_EQ(line(found("serve"), "proxy_threads"), "absent");
  environment["TEMPS_IN_FORCE"] = handed_on(all);
  EXPECT_EQ(line(found("serve"), "proxy_threads"), "3 from --proxy-threads");
  EXPECT_EQ(line(found("up"), "proxy_threads"), "0 from ");  // what another left behind
  environment["TEMPS_IN_FORCE"] = "{";
  EXPECT_EQ(line(found("serve"), "build_cpus"), "2 from TEMPS_BUILD_CPUS");
}

TEST_F(InForceTest, TheFileThatWouldBeReadIsNamed) {
  environment = {{"HOME", folder.path()}, {"XDG_CONFIG_HOME", folder.path() / "config"}};
  const auto all = found("up");
  EXPECT_EQ(all.file, "");
  EXPECT_THAT(all.usual_file, HasSubstr("temps/temps.toml"));
  environment["TEMPS_CONFIG"] = "";
  EXPECT_EQ(found("up").usual_file, "");
}

TASK_TEST_F(InForceTest, TheApiAddsWhatASettingIsAndHowItIsSet) {
  auto all = found("up");
  http::Router router;
  add_routes(router, all);
  EXPECT_EQ(router.routes().size(), 1U);
  const auto& route = router.routes().front();
  EXPECT_EQ(route.permission.name, "settings.read");
  http::Request request{
      .method = "GET", .path = "/api/v1/settings", .query = {}, .headers = {}, .id = "r1"};
  const auto answer = co_await route.call(request);
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.body, Not(HasSubstr("hunter2")));
  const auto document = co_await json::decode<json::Value>(answer.body);
  EXPECT_EQ(document["items"].items().size(), declared().size());
  EXPECT_THAT(answer.body,
              HasSubstr(R"("flag":"--http-proxy","variable":"TEMPS_HTTP_PROXY","secret":true)"));
}

}  // namespace
}  // namespace temps::settings

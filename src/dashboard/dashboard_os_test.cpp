// The console and the pages beside it, over HTTP.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "compress/compress.hpp"
#include "core/testing.hpp"
#include "dashboard/console_files.hpp"
#include "dashboard/dashboard.hpp"
#include "http/client.hpp"
#include "http/server.hpp"
#include "net/loop.hpp"

namespace temps::dashboard {
namespace {

using testing::HasSubstr;
using testing::Not;

struct Nobody final : http::Authenticator {
  Task<http::Principal> authenticate(const http::Request&) override { co_return http::Principal{}; }
};

struct DashboardTest : testing::Test {
  net::Loop loop;
  Nobody authentication;
  Explanations explanations;
  Options options{.admin_command = "'/opt/a \"b\"/temps' admin create"};
  Dashboard dashboard{explanations, options};
  http::Router router;
  http::Server server{loop, router, authentication};
  TaskGroup group{loop};
  net::Address address;

  DashboardTest() {
    add_routes(router, dashboard);
    auto listener = net::Listener::open(loop, {.host = "127.0.0.1", .port = 0, .path = {}});
    address = listener->address();
    group.start("server", server.serve(std::move(*listener)));
  }
  void SetUp() override {
    if (console_files().empty()) GTEST_SKIP() << "built with -DTEMPS_CONSOLE=OFF";
  }
  ~DashboardTest() override { EXPECT_TRUE(loop.run(group.close()).has_value()); }

  struct Field {
    std::string name, value;
  };
  Task<http::ClientResponse> get(std::string path, std::vector<Field> fields = {}) {
    http::Client client(loop, address);
    http::ClientRequest request{.target = std::move(path)};
    for (auto& [name, value] : fields) request.headers.add(std::move(name), std::move(value));
    co_return co_await client.send(std::move(request));
  }
};

std::string field(const http::ClientResponse& response, std::string_view name) {
  return std::string(response.headers.find(name).value_or(""));
}

const ConsoleFile& script() {
  const auto& files = console_files();
  return *std::ranges::find_if(files, [](const ConsoleFile& file) {
    return file.lasting && file.name.starts_with("index-") && file.name.ends_with(".js");
  });
}

TASK_TEST_F(DashboardTest, EveryPathOfTheConsoleShowsItsPage) {
  const auto home = co_await get("/");
  EXPECT_EQ(home.status, 200);
  EXPECT_EQ(field(home, "content-type"), "text/html; charset=utf-8");
  EXPECT_THAT(home.body, HasSubstr("<div id=\"root\">"));
  for (const auto* path : {"/login?return=%2Fproxy", "/setup?token=x", "/proxy", "/account",
                           "/projects/shop", "/projects/shop/deployments/12"}) {
    EXPECT_EQ((co_await get(path)).body, home.body) << path;
  }
  for (const auto* path : {"/nothing", "/index.html", "/console/shop", "/project/shop"}) {
    EXPECT_EQ((co_await get(path)).status, 404) << path;
  }
}

TASK_TEST_F(DashboardTest, ThePageKnowsHowAnAccountIsMadeOnThisMachine) {
  EXPECT_THAT((co_await get("/")).body,
              HasSubstr("content=\"&#39;/opt/a &quot;b&quot;/temps&#39; admin create\""));
}

TASK_TEST_F(DashboardTest, PagesAreServedWithAStrictPolicy) {
  const auto policy = field(co_await get("/login"), "content-security-policy");
  EXPECT_THAT(policy, HasSubstr("script-src 'self';"));
  EXPECT_THAT(policy, HasSubstr("style-src 'self';"));
  EXPECT_THAT(policy, Not(HasSubstr("unsafe")));
}

TASK_TEST_F(DashboardTest, ThePageIsAskedForAgainAndFilesAreKeptForEver) {
  const auto page = co_await get("/");
  EXPECT_EQ(field(page, "cache-control"), "no-cache");
  const auto tag = field(page, "etag");
  EXPECT_THAT(tag, testing::MatchesRegex("\"[0-9a-f]{16}\""));
  const auto again = co_await get("/", {{"If-None-Match", "\"other\", W/" + tag}});
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(again.body, "");
  EXPECT_EQ(field(again, "etag"), tag);
  EXPECT_EQ((co_await get("/", {{"If-None-Match", "\"other\""}})).status, 200);

  const auto kept = co_await get("/assets/" + std::string(script().name));
  EXPECT_EQ(field(kept, "cache-control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(field(kept, "content-type"), "text/javascript; charset=utf-8");
  const auto unnumbered = co_await get("/assets/favicon.svg");
  EXPECT_EQ(field(unnumbered, "cache-control"), "no-cache");
}

TASK_TEST_F(DashboardTest, FilesComeInTheCodingThatTheBrowserTakes) {
  const auto& file = script();
  const auto path = "/assets/" + std::string(file.name);
  const auto plain = co_await get(path);
  EXPECT_EQ(field(plain, "content-encoding"), "");
  EXPECT_EQ(field(plain, "vary"), "Accept-Encoding");
  const auto gzip = co_await get(path, {{"Accept-Encoding", "gzip"}});
  EXPECT_EQ(field(gzip, "content-encoding"), "gzip");
  EXPECT_EQ(compress::gunzip(gzip.body, 16U << 20U).value_or(""), plain.body);
  const auto brotli = co_await get(path, {{"Accept-Encoding", "gzip, deflate, br, zstd"}});
  EXPECT_EQ(field(brotli, "content-encoding"), "br");
  EXPECT_EQ(brotli.body, file.brotli);
  EXPECT_LT(brotli.body.size(), plain.body.size());
  EXPECT_EQ((co_await get(path, {{"Accept-Encoding", "br;q=0"}})).body, plain.body);
  // Their bytes differ, so their strong tags have to.
  EXPECT_NE(field(plain, "etag"), field(gzip, "etag"));
  EXPECT_NE(field(gzip, "etag"), field(brotli, "etag"));
}

TASK_TEST_F(DashboardTest, NothingButTheFilesThatWereBuiltIsServed) {
  for (const auto* path :
       {"/assets/none.css", "/assets/", "/assets/index.html", "/assets/..%2findex.html",
        "/assets/%2e%2e/index.html", "/assets/a/../favicon.svg", "/assets//favicon.svg",
        "/assets/favicon.svg%00", "/assets/etc/passwd"}) {
    const auto response = co_await get(path);
    EXPECT_GE(response.status, 400) << path;
    EXPECT_LT(response.status, 500) << path;
    EXPECT_THAT(response.body, Not(HasSubstr("id=\"root\""))) << path;
  }
}

TASK_TEST_F(DashboardTest, ErrorCodesAreExplained) {
  EXPECT_THAT((co_await get("/problems/identity/too_many_attempts")).body,
              HasSubstr("Too many attempts to log in"));
  const auto odd = co_await get("/problems/identity/%3Cscript%3E");
  EXPECT_EQ(odd.status, 404);
  EXPECT_THAT(odd.body, Not(HasSubstr("<script>")));
}

}  // namespace
}  // namespace temps::dashboard

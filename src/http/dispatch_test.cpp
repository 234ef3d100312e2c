#include "http/dispatch.hpp"

#include <gtest/gtest.h>

#include "core/testing.hpp"
#include "core/text.hpp"
#include "http/errors.hpp"
#include "http/server.hpp"

namespace temps::http {
namespace {

constexpr Permission members{"things.read", Role::viewer, Scope::installation};
constexpr Permission admins{"things.admin", Role::admin, Scope::installation};

constexpr Permission look{"projects.look", Role::viewer, Scope::project};
constexpr Permission ship{"projects.ship", Role::developer, Scope::project};

struct FakeAuthenticator final : Authenticator {
  int asked = 0;
  int revoked_at = 1'000'000;  // from this time on nobody is known
  bool is_away = false;        // the server cannot tell who it is
  Task<Principal> authenticate(const Request& request) override {
    if (++asked > 1 && is_away) co_await fail(temps::errors::timed_out, "the database is away");
    if (asked >= revoked_at) co_return Principal{};
    const auto role = request.headers.find("x-role").value_or("");
    if (role == "wrong") co_await fail(errors::unauthenticated, "no such key");
    Principal who{.kind = std::string(request.headers.find("x-kind").value_or(""))};
    who.role = role == "admin"    ? Role::admin
               : role == "guest"  ? Role::guest
               : role == "member" ? Role::viewer
                                  : Role::anonymous;
    if (const auto granted = request.headers.find("x-granted")) {
      who.access.projects.emplace(*granted, Role::developer);
    }
    if (const auto limit = request.headers.find("x-environment")) {
      who.access.project = "shop";
      who.access.environment = *limit;
    }
    co_return who;
  }
};

Task<Response> done(Request& request) { co_return Response{.body = request.path_values["x"]}; }
Task<Response> throws(Request&) {
  co_await yield();
  throw std::runtime_error("a secret");
}

struct DispatchTest : testing::Test {
  ManualLoop loop;
  Router router;
  FakeAuthenticator authenticator;

  DispatchTest() {
    router.raw("GET", "/open/{x}", permissions::open, done);
    router.raw("POST", "/open/{x}", permissions::open, done);
    router.raw("POST", "/member", members, done);
    router.raw("GET", "/admin", admins, done);
    router.raw("GET", "/throws", permissions::open, throws);
    router.raw("GET", "/projects/{project}", look, done);
    router.raw("POST", "/projects/{project}/ship", ship, done);
    router.raw("POST", "/projects/{project}/on/{environment}/ship", ship, done);
    router.raw("GET", "/mistake", look, done);
    router.raw("GET", "/list", look, done).checks_projects = true;
    const ParameterDoc environment{"environment", "query", false, "{}"};
    auto& list = router.raw("GET", "/projects/{project}/requests", look, done);
    list.parameters = {environment};
    list.spans_environments = true;
    router.raw("GET", "/projects/{project}/state", look, done).parameters = {environment};
  }
  Task<Response> send(std::string method, std::string path, Headers headers = {}) {
    const auto [before, query] = cut(path, "?");
    Request request{.method = std::move(method),
                    .path = std::string(before),
                    .query = std::string(query),
                    .headers = std::move(headers),
                    .id = "r1",
                    .authority = "console.example:8080"};
    co_return co_await dispatch(router, authenticator, request);
  }
  using Fields = std::initializer_list<std::pair<const char*, const char*>>;
  // The status of a POST by a member, with a session where nothing else is said.
  Task<int> posted(Fields more) {
    Headers headers = with(more);
    headers.add("x-role", "member");
    if (!headers.find("x-kind")) headers.add("x-kind", "session");
    auto response = co_await send("POST", "/member", std::move(headers));
    co_return response.status;
  }
  static Headers with(Fields fields) {
    Headers headers;
    for (const auto& [name, value] : fields) headers.add(name, value);
    return headers;
  }
};

TASK_TEST_F(DispatchTest, CallsTheHandlerWithThePathsValues) {
  auto response = co_await send("GET", "/open/sesame");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "sesame");
}

TASK_TEST_F(DispatchTest, SaysWhatAnAddressTakes) {
  auto wrong = co_await send("DELETE", "/open/x");
  EXPECT_EQ(wrong.status, 405);
  EXPECT_EQ(wrong.headers.find("allow"), "GET, HEAD, POST");
  auto options = co_await send("OPTIONS", "/open/x");
  EXPECT_EQ(options.status, 204);
  EXPECT_EQ(options.headers.find("allow"), "GET, HEAD, POST");
  EXPECT_EQ((co_await send("GET", "/nowhere")).status, 404);
}

TASK_TEST_F(DispatchTest, ARoleBelowTheRoutesIsRefused) {
  EXPECT_EQ((co_await send("GET", "/admin")).status, 401);
  EXPECT_EQ((co_await send("GET", "/admin", with({{"x-role", "wrong"}}))).status, 401);
  EXPECT_EQ((co_await send("GET", "/admin", with({{"x-role", "member"}}))).status, 403);
  EXPECT_EQ((co_await send("GET", "/admin", with({{"x-role", "admin"}}))).status, 200);
}

TASK_TEST_F(DispatchTest, AProjectIsCheckedByItsNameInThePath) {
  const auto guest = [] { return with({{"x-role", "guest"}, {"x-granted", "shop"}}); };
  EXPECT_EQ((co_await send("GET", "/projects/shop")).status, 401);
  EXPECT_EQ((co_await send("GET", "/projects/shop", guest())).status, 200);
  EXPECT_EQ((co_await send("POST", "/projects/shop/ship", guest())).status, 200);
  EXPECT_EQ((co_await send("GET", "/projects/blog", guest())).status, 404);
  const auto viewer = [] { return with({{"x-role", "member"}}); };
  EXPECT_EQ((co_await send("GET", "/projects/blog", viewer())).status, 200);
  EXPECT_EQ((co_await send("POST", "/projects/blog/ship", viewer())).status, 403);
}

TASK_TEST_F(DispatchTest, ARouteThatNamesNoProjectIsOpenToNobodyUnlessItAsksItself) {
  EXPECT_EQ((co_await send("GET", "/mistake", with({{"x-role", "admin"}}))).status, 403);
  EXPECT_EQ((co_await send("GET", "/list", with({{"x-role", "guest"}}))).status, 200);
  EXPECT_EQ((co_await send("GET", "/list")).status, 401);
}

TASK_TEST_F(DispatchTest, ALimitToAnEnvironmentIsNoneThatAQueryTalksAway) {
  const auto staging = [] { return with({{"x-role", "admin"}, {"x-environment", "staging"}}); };
  EXPECT_EQ((co_await send("POST", "/projects/shop/on/staging/ship", staging())).status, 200);
  EXPECT_EQ((co_await send("POST", "/projects/shop/on/production/ship", staging())).status, 403);
  EXPECT_EQ((co_await send("POST", "/projects/shop/ship", staging())).status, 403);
  EXPECT_EQ((co_await send("POST", "/projects/shop/ship?environment=staging", staging())).status,
            403);
  const std::string list = "/projects/shop/requests";
  EXPECT_EQ((co_await send("GET", list, staging())).status, 403) << "would be those of all";
  EXPECT_EQ((co_await send("GET", list + "?environment=staging", staging())).status, 200);
  EXPECT_EQ((co_await send("GET", list + "?environment=production", staging())).status, 403);
  EXPECT_EQ((co_await send("GET", list, with({{"x-role", "member"}}))).status, 200);
  const std::string state = "/projects/shop/state";
  EXPECT_EQ((co_await send("GET", state, staging())).status, 403) << "would be that of production";
  EXPECT_EQ((co_await send("GET", state + "?environment=staging", staging())).status, 200);
  const auto production = with({{"x-role", "admin"}, {"x-environment", "production"}});
  EXPECT_EQ((co_await send("GET", state, production)).status, 200);
}

TASK_TEST_F(DispatchTest, ASessionChangesThingsOnlyFromItsOwnPages) {
  EXPECT_EQ(co_await posted({{"Sec-Fetch-Site", "same-origin"}}), 200);
  EXPECT_EQ(co_await posted({{"Sec-Fetch-Site", "same-site"}}), 403);
  EXPECT_EQ(co_await posted(
                {{"Sec-Fetch-Site", "cross-site"}, {"Origin", "http://console.example:8080"}}),
            403);
  EXPECT_EQ(co_await posted({{"Origin", "http://console.example:8080"}}), 200);
  EXPECT_EQ(co_await posted({{"Origin", "http://console.example"}}), 403);
  EXPECT_EQ(co_await posted({{"Origin", "null"}}), 403);
  EXPECT_EQ(co_await posted({}), 403);
  EXPECT_EQ(co_await posted({{"x-kind", "key"}}), 200);
}

TASK_TEST_F(DispatchTest, AnotherSiteCannotLogAVisitorIn) {
  EXPECT_EQ((co_await send("POST", "/open/x", with({{"Origin", "http://evil.example"}}))).status,
            403);
  EXPECT_EQ((co_await send("POST", "/open/x")).status, 200);
}

struct NeverGone final : BodyWriter {
  Task<> write(std::string_view) override { co_return; }
  Task<> gone() override { return sleep(std::chrono::hours(24)); }
};

struct EventsTest : DispatchTest {
  EventsTest() {
    router.raw("GET", "/events", members, [](Request&) -> Task<Response> {
      co_return event_stream([](EventSink&) { return sleep(std::chrono::hours(1)); });
    });
  }
  // How long they come.
  Task<std::chrono::nanoseconds> listened() {
    Request request{.method = "GET", .path = "/events", .headers = with({{"x-role", "member"}})};
    auto response = co_await dispatch(router, authenticator, request);
    EXPECT_EQ(response.status, 200);
    const auto begin = loop.now();
    NeverGone client;
    co_await response.stream(client);
    co_return loop.now() - begin;
  }
};

TASK_TEST_F(EventsTest, EndWhenTheRightToThemIsTakenAway) {
  authenticator.revoked_at = 4;
  EXPECT_EQ(co_await listened(), 3 * check_interval);
}

TASK_TEST_F(EventsTest, GoOnForWhoeverMayHaveThem) {
  EXPECT_EQ(co_await listened(), std::chrono::hours(1));
}

TASK_TEST_F(EventsTest, GoOnWhileNobodyCanTell) {
  authenticator.is_away = true;
  EXPECT_EQ(co_await listened(), std::chrono::hours(1));
}

TASK_TEST_F(DispatchTest, AForeignExceptionIsA500WithoutItsText) {
  auto response = co_await send("GET", "/throws");
  EXPECT_EQ(response.status, 500);
  EXPECT_EQ(response.body.find("secret"), std::string::npos);
}

TEST(DecodePath, DecodesWhatIsHarmless) {
  EXPECT_EQ(decode_path("/a%20b/%C3%A9"), "/a b/é");
  EXPECT_EQ(decode_path("/"), "/");
  EXPECT_EQ(decode_path("/..a/.b"), "/..a/.b");
}

TEST(DecodePath, RefusesWhatCouldMeanAnotherPlace) {
  for (const auto* path : {"/a%2fb", "/a%2Fb", "/a%5cb", "/%2e%2e/x", "/a/../b", "/.", "/a%00",
                           "/a%0ab", "/a%zz", "/a%", "/%ff", "*", ""}) {
    EXPECT_FALSE(decode_path(path).has_value()) << path;
  }
}

TEST(SecurityHeaders, ArePutOnEveryResponseAndLeaveTheHandlersAlone) {
  const Request request{.id = "r1"};
  Response page;
  page.headers.add("Content-Type", "text/html; charset=utf-8");
  page.headers.add("Cache-Control", "max-age=60");
  add_security_headers(page, request);
  EXPECT_EQ(page.headers.find("x-content-type-options"), "nosniff");
  EXPECT_EQ(page.headers.find("cache-control"), "max-age=60");
  EXPECT_EQ(page.headers.find("x-request-id"), "r1");
  const auto policy = page.headers.find("content-security-policy").value_or("");
  EXPECT_NE(policy.find("script-src 'self'"), std::string_view::npos);
  EXPECT_EQ(policy.find("unsafe"), std::string_view::npos);
}

}  // namespace
}  // namespace temps::http

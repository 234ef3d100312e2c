#include <gmock/gmock.h>

#include "certificates/fixture_for_tests.hpp"
#include "certificates/routes.hpp"
#include "http/client.hpp"
#include "http/server.hpp"
#include "json/json.hpp"

namespace temps::certificates {
namespace {

using testing::HasSubstr;
using testing::Not;

struct Body {
  std::string chain;
  std::string key;
};

// The API as programs see it, for a caller of some role.
struct CertificateRoutesTest : CertificatesTest, http::Authenticator {
  Role role = Role::admin;
  std::vector<std::string> granted;
  http::Router router;
  http::Server server{loop, router, *this};
  TaskGroup group{loop};
  net::Address address;

  CertificateRoutesTest() {
    add_routes(router, *certificates);
    auto listener = net::Listener::open(loop, {.host = "127.0.0.1", .port = 0, .path = {}});
    address = listener->address();
    group.start("server", server.serve(std::move(*listener)));
  }
  ~CertificateRoutesTest() override { EXPECT_TRUE(loop.run(group.close()).has_value()); }
  Task<http::Principal> authenticate(const http::Request&) override {
    http::Principal who{.user = 1, .role = role, .kind = "key"};
    for (const auto& project : granted) who.access.projects.emplace(project, Role::viewer);
    co_return who;
  }

  Task<http::ClientResponse> send(std::string method, std::string path, std::string body = {}) {
    http::Client client(loop, address);
    http::ClientRequest request{.method = std::move(method),
                                .target = "/api/v1/certificates" + path,
                                .body = std::move(body)};
    if (!request.body.empty()) request.headers.add("Content-Type", "application/json");
    co_return co_await client.send(std::move(request));
  }
  std::string body_for(std::vector<std::string> names) {
    const auto issued = authority.issue(std::move(names), clock.now());
    return json::encode(Body{issued.certificate, issued.key});
  }
};

TASK_TEST_F(CertificateRoutesTest, ACertificateIsUploadedListedShownAndRemoved) {
  const auto project = co_await projects.create("shop");
  co_await domains.add(project, {.name = "shop.example.com"});
  const auto uploaded = co_await send("POST", "", body_for({"*.example.com"}));
  EXPECT_EQ(uploaded.status, 201);
  EXPECT_THAT(uploaded.body, HasSubstr(R"("in_force":true)"));
  EXPECT_THAT(uploaded.body, HasSubstr(R"("used_by":["shop.example.com"])"));
  EXPECT_THAT(uploaded.body, Not(HasSubstr("PRIVATE")));
  const auto listed = co_await send("GET", "");
  EXPECT_THAT(listed.body, HasSubstr(R"("issuer":"Authority of the Tests")"));
  EXPECT_THAT(listed.body, HasSubstr(R"("days_left":89,"expires_soon":false)"));
  EXPECT_EQ((co_await send("GET", "/1")).status, 200);
  EXPECT_EQ((co_await send("DELETE", "/1")).status, 204);
  EXPECT_EQ((co_await send("GET", "/1")).status, 404);
}

TASK_TEST_F(CertificateRoutesTest, PagesFollowEachOther) {
  for (const auto* name : {"a.example", "b.example", "c.example"}) {
    co_await send("POST", "", body_for({name}));
  }
  EXPECT_THAT((co_await send("GET", "?limit=2")).body, HasSubstr(R"("next":"2")"));
  const auto second = co_await send("GET", "?limit=2&cursor=2");
  EXPECT_THAT(second.body, HasSubstr("c.example"));
  EXPECT_THAT(second.body, Not(HasSubstr("b.example")));
}

TASK_TEST_F(CertificateRoutesTest, ARefusalNamesTheDefectAndNothingOfTheKey) {
  const auto one = authority.issue({"a.example"}, clock.now());
  const auto other = authority.issue({"a.example"}, clock.now());
  const auto refused = co_await send("POST", "", json::encode(Body{one.certificate, other.key}));
  EXPECT_EQ(refused.status, 400);
  EXPECT_THAT(refused.body, HasSubstr("x509.key_mismatch"));
  EXPECT_THAT(refused.body, Not(HasSubstr("PRIVATE")));
}

TASK_TEST_F(CertificateRoutesTest, AreShownToTheProjectsThatUseThem) {
  const auto shop = co_await projects.create("shop");
  const auto blog = co_await projects.create("blog");
  co_await domains.add(shop, {.name = "shop.example.com"});
  co_await domains.add(blog, {.name = "blog.example.com"});
  co_await send("POST", "", body_for({"*.example.com"}));
  co_await send("POST", "", body_for({"blog.example.com"}));
  role = Role::guest;
  EXPECT_THAT((co_await send("GET", "")).body, HasSubstr(R"("items":[])"));
  EXPECT_EQ((co_await send("GET", "/1")).status, 404);
  granted = {"shop"};
  const auto seen = co_await send("GET", "");
  EXPECT_THAT(seen.body, HasSubstr(R"("used_by":["shop.example.com"])"));
  EXPECT_THAT(seen.body, Not(HasSubstr("blog.example.com")));
  EXPECT_EQ((co_await send("GET", "/1")).status, 200);
  EXPECT_EQ((co_await send("GET", "/2")).status, 404);
}

TASK_TEST_F(CertificateRoutesTest, MembersLookAndAdminsChange) {
  role = Role::developer;
  EXPECT_EQ((co_await send("GET", "")).status, 200);
  EXPECT_EQ((co_await send("POST", "", body_for({"a.example"}))).status, 403);
  EXPECT_EQ((co_await send("DELETE", "/1")).status, 403);
}

}  // namespace
}  // namespace temps::certificates

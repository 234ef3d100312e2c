// The API as programs see it: a real server with this module's route.
#include <gmock/gmock.h>

#include "http/client.hpp"
#include "http/server.hpp"
#include "json/json.hpp"
#include "requests/fixture_for_tests.hpp"
#include "requests/routes.hpp"

namespace temps::requests {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// Takes everybody for a member.
class Members final : public http::Authenticator {
  Task<http::Principal> authenticate(const http::Request&) override {
    co_return http::Principal{.user = 1, .role = temps::Role::developer, .kind = "key"};
  }
};

struct RequestRoutesTest : RequestsTest {
  Members members;
  http::Router router;
  http::Server server{loop, router, members};
  TaskGroup group{loop};
  net::Address address;

  RequestRoutesTest() {
    add_routes(router, requests);
    auto listener = net::Listener::open(loop, {.host = "127.0.0.1", .port = 0, .path = {}});
    address = listener->address();
    group.start("server", server.serve(std::move(*listener)));
  }
  ~RequestRoutesTest() override { EXPECT_TRUE(loop.run(group.close()).has_value()); }

  Task<http::ClientResponse> get(std::string query, std::string project = "shop") {
    http::Client client(loop, address);
    co_return co_await client.send(
        {.method = "GET", .target = "/api/v1/projects/" + project + "/requests" + query});
  }
};

struct Item {
  std::int64_t id;
  std::string path;
};
struct Items {
  std::vector<Item> items;
  std::optional<std::string> next;
};

TASK_TEST_F(RequestRoutesTest, ShowsARequest) {
  auto record = request("/a", 404);
  record.upstream = std::chrono::microseconds{1250};
  co_await load({record});
  const auto answer = co_await get("");
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(
      answer.body,
      AllOf(HasSubstr(R"("environment":"production","deployment":12,"status":404,"method":"GET",)"
                      R"("host":"shop.localhost","path":"/a","milliseconds":1.5,)"
                      R"("upstream_milliseconds":1.25,"sent_bytes":5)"),
            HasSubstr(R"("protocol":"HTTP/1.1","tls":false,"client":"127.0.0.1")")));
}

TASK_TEST_F(RequestRoutesTest, PagesLeadToTheOldestWithoutGapsOrRepeats) {
  std::vector<routing::AccessRecord> records;
  std::vector<std::string> names;
  for (int i = 0; i < 25; ++i) names.push_back("/" + std::to_string(i));
  for (const auto& name : names) records.push_back(request(name));  // all at one time
  co_await load(records);
  std::vector<std::string> found;
  std::string cursor;
  for (int page = 0; page < 10; ++page) {
    const auto answer = co_await get("?limit=10" + cursor);
    const auto items = co_await json::decode<Items>(answer.body);
    for (const auto& item : items.items) found.push_back(item.path);
    if (!items.next) break;
    cursor = "&cursor=" + *items.next;
  }
  std::ranges::reverse(names);
  EXPECT_EQ(found, names);
}

TASK_TEST_F(RequestRoutesTest, FiltersAndFollows) {
  co_await load({request("/api/a", 200), request("/api/b", 503), request("/c", 500)});
  EXPECT_THAT((co_await get("?status=5xx&path=/api")).body,
              AllOf(HasSubstr("/api/b"), Not(HasSubstr("/api/a")), Not(HasSubstr("/c"))));
  EXPECT_THAT((co_await get("?status=200&environment=production")).body, HasSubstr("/api/a"));
  const auto items = co_await json::decode<Items>((co_await get("?after=0")).body);
  EXPECT_EQ(items.items.size(), 3U);
  EXPECT_EQ(items.items.front().path, "/api/a");
  co_await load({request("/new")});
  const auto newer = co_await json::decode<Items>(
      (co_await get("?after=" + std::to_string(items.items.back().id))).body);
  EXPECT_EQ(newer.items.size(), 1U);
  EXPECT_EQ(newer.items.front().path, "/new");
}

TASK_TEST_F(RequestRoutesTest, AFilterThatCannotBeIsRefusedWithWhatCan) {
  for (const auto* query :
       {"?status=bad", "?status=6xx", "?status=1000", "?environment=staging", "?since=yesterday",
        "?cursor=x", "?cursor=-1-2", "?cursor=9000000000000000000-1", "?after=x"}) {
    const auto answer = co_await get(query);
    EXPECT_EQ(answer.status, 400) << query << answer.body;
  }
  EXPECT_THAT((co_await get("?status=bad")).body, HasSubstr("such as 5xx"));
  EXPECT_EQ((co_await get("", "nobody")).status, 404);
}

}  // namespace
}  // namespace temps::requests

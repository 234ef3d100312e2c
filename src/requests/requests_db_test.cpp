#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "core/concurrency.hpp"
#include "requests/fixture_for_tests.hpp"
#include "requests/queries.hpp"
#include "sql/partitions.hpp"

namespace temps::requests {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr sql::Query<std::int64_t> count_rows{"test.rows", "select count(*) from requests"};
constexpr sql::Query<std::int64_t> count_segments{"test.segments",
                                                  "select count(*) from requests_segments"};

TASK_TEST_F(RequestsTest, EveryStatementFitsTheTables) {
  EXPECT_THAT(co_await sql::check(database, queries::catalogue()), IsEmpty());
}

TASK_TEST_F(RequestsTest, WhatWasSpooledIsFoundWithAllThatIsKnown) {
  const auto record = routing::AccessRecord{.time = clock.now(),
                                            .duration = 1500us,
                                            .upstream = 1200us,
                                            .status = 503,
                                            .sent_bytes = 10'000'000'000,
                                            .received_bytes = 7,
                                            .protocol = 20,
                                            .is_tls = true,
                                            .method = "POST",
                                            .host = "Shop.example.com",
                                            .path = "/a\xff",
                                            .client = "2001:db8::1",
                                            .user_agent = std::string_view("cu\0rl", 5),
                                            .referrer = "https://example.com/",
                                            .request_id = "0123",
                                            .release = "shop/production/12",
                                            .visitor = "v"};
  co_await load({record});
  const auto found = co_await requests.list(shop.id, {}, {}, 10);
  EXPECT_EQ(found.size(), 1U);
  const auto& request = found.at(0);
  EXPECT_EQ(request.began_at, record.time);
  EXPECT_EQ(request.environment, (co_await projects.production(shop.id)).id);
  EXPECT_EQ(request.deployment, 12);
  EXPECT_EQ(request.status, 503);
  EXPECT_EQ(request.protocol, 20);
  EXPECT_TRUE(request.tls);
  EXPECT_EQ(request.duration, 1500us);
  EXPECT_EQ(request.upstream, 1200us);
  EXPECT_EQ(request.sent_bytes, 10'000'000'000);
  EXPECT_EQ(request.received_bytes, 7);
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.host, "shop.example.com");
  EXPECT_EQ(request.path, "/a\xEF\xBF\xBD");
  EXPECT_EQ(request.client, "2001:db8::1");
  EXPECT_EQ(request.user_agent, "cu\xEF\xBF\xBDrl");
  EXPECT_EQ(request.referrer, "https://example.com/");
  EXPECT_EQ(request.request_id, "0123");
  EXPECT_EQ(request.visitor, "v");
  EXPECT_THAT(on_disk(), IsEmpty());
}

TASK_TEST_F(RequestsTest, WhatBelongsToNoProjectIsLeftOut) {
  auto console = request("/console");
  console.release = "";
  auto gone = request("/gone");
  gone.release = "nobody/production/1";
  auto odd = request("/odd");
  odd.release = "shop/production";
  auto staging = request("/staging");
  staging.release = "shop/staging/1";
  co_await load({console, gone, odd, staging, request("/kept")});
  EXPECT_EQ(co_await database.one(count_rows), 1);
  EXPECT_THAT(co_await paths(), ElementsAre("/kept"));
}

TASK_TEST_F(RequestsTest, ManySegmentsAndRowsAreAllThereOnce) {
  std::vector<routing::AccessRecord> many(4500, request("/x"));
  for (int i = 0; i < 3; ++i) {
    spool(many);
    co_await output.close();
    clock.advance(1s);
  }
  EXPECT_EQ(on_disk().size(), 3U);
  co_await requests.load();
  co_await requests.load();
  EXPECT_EQ(co_await database.one(count_rows), 13'500);
  EXPECT_THAT(on_disk(), IsEmpty());
}

TASK_TEST_F(RequestsTest, ALoaderThatIsKilledBeforeItRemovesASegmentDoesNotLoadItTwice) {
  spool({request("/a"), request("/b")});
  co_await output.close();
  const auto segment = on_disk().at(0);
  const auto kept = folder.path() / "kept";
  std::filesystem::copy_file(segment.path, kept);
  co_await requests.load();
  // The kill came between the commit and the removal.
  std::filesystem::copy_file(kept, segment.path);
  Requests next(database, projects, loop, options, clock);
  co_await next.load();
  EXPECT_THAT(on_disk(), IsEmpty());
  EXPECT_EQ(co_await database.one(count_rows), 2);

  // Long after that the id is forgotten, unless its segment is there.
  std::filesystem::copy_file(kept, segment.path);
  clock.advance(2h);
  co_await next.sweep();
  EXPECT_EQ(co_await database.one(count_segments), 1);
  co_await next.load();
  co_await next.sweep();
  EXPECT_EQ(co_await database.one(count_rows), 2);
  EXPECT_EQ(co_await database.one(count_segments), 0);
}

TASK_TEST_F(RequestsTest, ALoaderThatIsCutOffInTheMiddleLoadsAllOfItLater) {
  std::vector<routing::AccessRecord> many(5000, request("/x"));
  spool(many);
  co_await output.close();
  for (const auto limit : {1ms, 5ms, 10ms, 20ms, 40ms}) {
    (void)co_await attempt(within(limit, requests.load()));
    const auto rows = co_await database.one(count_rows);
    EXPECT_TRUE(rows == 0 || rows == 5000) << rows;
  }
  co_await requests.load();
  EXPECT_EQ(co_await database.one(count_rows), 5000);
  EXPECT_THAT(on_disk(), IsEmpty());
}

TASK_TEST_F(RequestsTest, WhileTheDatabaseIsAwayTheSpoolKeepsAll) {
  spool({request("/a")});
  co_await output.close();
  sql::Database away(loop, {.url = "host=/nowhere", .wait_for_connection = 50ms});
  projects::Projects no_projects(away, clock);
  Requests cut_off(away, no_projects, loop, options, clock);
  auto failed = co_await attempt(cut_off.load());
  EXPECT_TRUE(!failed && failed.error().code().kind == ErrorKind::unavailable);
  EXPECT_EQ(on_disk().size(), 1U);
  co_await shielded(away.close());

  testbed::crash_server();
  auto pending = co_await attempt(requests.load());
  co_await requests.load();
  EXPECT_THAT(co_await paths(), ElementsAre("/a"));
  EXPECT_THAT(on_disk(), IsEmpty());
}

TASK_TEST_F(RequestsTest, DamageLosesWhatIsDamaged) {
  spool({request("/first"), request("/second"), request("/third")});
  co_await output.close();
  auto content = files::read(on_disk().at(0).path).value();
  content[content.find("/second") + 1] ^= 1;
  co_await files::write_atomically(on_disk().at(0).path, content);
  co_await requests.load();
  EXPECT_THAT(co_await paths(), testing::UnorderedElementsAre("/first", "/third"));
}

TASK_TEST_F(RequestsTest, ASegmentThatTheDatabaseRefusesHoldsUpNoOther) {
  co_await load({request("/before")});
  co_await database.script("alter table requests add check (path <> '/poison')");
  spool({request("/poison")});
  co_await output.close();
  clock.advance(1s);
  co_await load({request("/after")});
  co_await requests.load();
  EXPECT_THAT(co_await paths(), ElementsAre("/after", "/before"));
  EXPECT_EQ(on_disk().size(), 1U);
}

TASK_TEST_F(RequestsTest, FiltersByStatusPathAndTime) {
  const auto start = clock.now();
  co_await load({request("/a", 200)});
  co_await load({request("/api/x", 404)});
  co_await load({request("/api/y", 500)});
  co_await load({request("/b", 599)});
  EXPECT_THAT(co_await paths(), ElementsAre("/b", "/api/y", "/api/x", "/a"));
  EXPECT_THAT(co_await paths({.status_min = 500, .status_max = 599}), ElementsAre("/b", "/api/y"));
  EXPECT_THAT(co_await paths({.path_prefix = "/api/"}), ElementsAre("/api/y", "/api/x"));
  EXPECT_THAT(co_await paths({.path_prefix = "/%"}), IsEmpty());
  EXPECT_THAT(co_await paths({.since = start + 1s, .until = start + 3s}),
              ElementsAre("/api/y", "/api/x"));
  EXPECT_THAT(co_await paths({.environment = projects::EnvironmentId{999}}), IsEmpty());
  const auto other = co_await projects.create("blog");
  EXPECT_THAT(co_await requests.list(other.id, {}, {}, 10), IsEmpty());
}

TASK_TEST_F(RequestsTest, FollowersGetWhatWasLoadedSince) {
  co_await load({request("/a"), request("/b", 500)});
  const auto first = co_await requests.newer(shop.id, {}, 0, 10);
  EXPECT_EQ(first.size(), 2U);
  auto old = request("/held-up");
  old.time -= Requests::follow_window * 2;
  co_await load({old, request("/c"), request("/d", 500)});
  const auto next = co_await requests.newer(shop.id, {}, first.back().id, 10);
  EXPECT_EQ(next.size(), 2U);
  EXPECT_EQ(next.at(0).path, "/c");
  const auto errors = co_await requests.newer(shop.id, {.status_min = 500}, first.back().id, 10);
  EXPECT_EQ(errors.size(), 1U);
  EXPECT_THAT(co_await requests.newer(shop.id, {}, next.back().id, 10), IsEmpty());
}

TASK_TEST_F(RequestsTest, DaysThatAreTooOldGoAndAreNotLoadedAnyMore) {
  const auto old = request("/old");
  co_await load({old});
  clock.advance(std::chrono::days{7});
  co_await load({request("/new")});
  co_await requests.sweep();
  EXPECT_THAT(co_await paths(), ElementsAre("/new", "/old"));
  clock.advance(std::chrono::days{1});
  co_await requests.sweep();
  EXPECT_THAT(co_await paths(), ElementsAre("/new"));
  auto future = request("/future");
  future.time += std::chrono::days{3};
  co_await load({old, future, request("/now")});
  EXPECT_THAT(co_await paths(), ElementsAre("/now", "/new"));
}

TASK_TEST_F(RequestsTest, BeyondItsSizeTheOldestDayGoesFirstAndTodayIsNotTorn) {
  auto bounded = options;
  bounded.bytes_max = 700'000;
  Requests small(database, projects, loop, bounded, clock);
  const std::string long_path = "/" + std::string(1000, 'x');
  std::vector<routing::AccessRecord> day(300, request(long_path));
  for (int i = 0; i < 3; ++i) {
    for (auto& record : day) record.time = clock.now();
    spool(day);
    co_await output.close();
    co_await small.load();
    clock.advance(std::chrono::days{1});
  }
  clock.advance(-std::chrono::days{1});
  EXPECT_EQ(co_await database.one(count_rows), 900);
  co_await small.sweep();
  EXPECT_EQ(co_await database.one(count_rows), 300);

  day.resize(600, day.front());
  spool(day);
  co_await output.close();
  co_await small.load();
  co_await small.sweep();
  EXPECT_EQ(co_await database.one(count_rows), 900);
  // Full: what comes is taken out of the spool, but not stored.
  spool(day);
  co_await output.close();
  co_await small.load();
  EXPECT_EQ(co_await database.one(count_rows), 900);
  EXPECT_THAT(on_disk(), IsEmpty());
}

TASK_TEST_F(RequestsTest, TheRequestsOfAProjectGoWithIt) {
  const auto blog = co_await projects.create("blog");
  auto of_blog = request("/blog");
  of_blog.release = "blog/production/1";
  co_await load({request("/shop"), of_blog, of_blog});
  co_await projects.remove(shop.id);
  co_await requests.sweep();
  EXPECT_EQ(co_await database.one(count_rows), 2);
  EXPECT_EQ((co_await requests.list(blog.id, {}, {}, 10)).size(), 2U);
}

TASK_TEST_F(RequestsTest, IsSupervisedUntilItIsCancelled) {
  spool({request("/a")});
  co_await output.close();
  TaskGroup group(loop);
  group.start("requests", requests.supervise());
  while ((co_await paths()).empty()) co_await sleep(10ms);
  co_await group.close();
  EXPECT_THAT(on_disk(), IsEmpty());
}

}  // namespace
}  // namespace temps::requests

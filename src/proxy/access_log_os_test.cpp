// What the access log says about requests of every kind.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <list>
#include <map>
#include <string>
#include <vector>

#include "core/text.hpp"
#include "json/json.hpp"
#include "proxy/fixture_for_tests.hpp"
#include "proxy/tls_for_tests.hpp"
#include "routing/access_record.hpp"
#include "spool/reader.hpp"

namespace temps::proxy::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class AccessLogging : public ProxyTest {
 protected:
  AccessLogging() {
    access_log = {.share = 1, .spool_folder = folder.path() / "spool"};
    for (const auto* host : {"shop.test", "gone.test"}) table.routes.push_back({.host = host});
  }
  void serve(const Origin& origin) {
    table.routes.at(0).upstreams = {{"shop-1", origin.address()}};
    table.routes.at(0).release = "shop/production/12";
    table.routes.at(1).upstreams = {{"gone-1", "127.0.0.1:1"}};
    table.routes.at(1).release = "gone/production/1";
    table.routes.at(1).wait_seconds = 0;
    start();
  }
  // Ends the proxy. What was logged, in the order of the segments.
  std::vector<routing::AccessRecord> logged() {
    proxy.reset();
    std::vector<routing::AccessRecord> records;
    spool::Reader reader(access_log.spool_folder);
    for (const auto& segment : reader.waiting().value()) {
      contents_.push_back(spool::Reader::read(segment).value());
      spool::RecordReader stored(contents_.back());
      while (const auto bytes = stored.next())
        records.push_back(routing::decode_access_record(*bytes).value());
      EXPECT_EQ(stored.damaged() + stored.torn_bytes(), 0U);
    }
    return records;
  }
  std::map<std::string, routing::AccessRecord> by_path() {
    std::map<std::string, routing::AccessRecord> found;
    for (const auto& record : logged()) found.emplace(record.path, record);
    return found;
  }
  [[nodiscard]] std::string lines() const {
    return files::read(access_log.file).value_or(std::string{});
  }

 private:
  std::list<std::string> contents_;
};

TEST_F(AccessLogging, TellsOfARequestToAnApp) {
  Origin origin(answering([](const Message&) { return response("hello"); }));
  serve(origin);
  const auto before = SystemClock().now();
  const auto answer =
      ask("POST /cart?token=secret HTTP/1.1\r\nHost: Shop.test\r\nContent-Length: 3\r\n"
          "User-Agent: curl/8\r\nReferer: https://a.example/x?key=secret#y\r\n"
          "Cookie: a=b; _temps_visitor_id=v1.abc; c=d\r\n\r\nabc");
  ASSERT_EQ(answer.status(), 200);
  const auto records = logged();
  ASSERT_EQ(records.size(), 1U);
  const auto& record = records.front();
  EXPECT_EQ(record.method, "POST");
  EXPECT_EQ(record.path, "/cart");
  EXPECT_TRUE(equal_ignoring_case(record.host, "shop.test"));
  EXPECT_EQ(record.status, 200U);
  EXPECT_EQ(record.sent_bytes, 5U);
  EXPECT_EQ(record.received_bytes, 3U);
  EXPECT_EQ(record.protocol, 11U);
  EXPECT_FALSE(record.is_tls);
  EXPECT_EQ(record.client, "127.0.0.1");
  EXPECT_EQ(record.user_agent, "curl/8");
  EXPECT_EQ(record.referrer, "https://a.example/x");
  EXPECT_EQ(record.visitor, "v1.abc");
  EXPECT_EQ(record.request_id, answer.field("X-Request-Id"));
  EXPECT_EQ(record.release, "shop/production/12");
  EXPECT_GE(record.time, before - std::chrono::seconds{1});
  EXPECT_LE(record.time, SystemClock().now() + std::chrono::seconds{1});
  ASSERT_TRUE(record.upstream);
  EXPECT_LE(*record.upstream, record.duration);
}

TEST_F(AccessLogging, CountsBodiesOfEveryForm) {
  const std::string large(1'000'000, 'x');  // spliced
  Origin origin(answering([&](const Message& request) {
    if (request.head.starts_with("GET /large")) return response(large);
    if (request.head.starts_with("HEAD"))
      return std::string("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n");
    return std::string(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nwiki\r\n0\r\n\r\n");
  }));
  const auto root = folder.path() / "site";
  std::filesystem::create_directories(root);
  ASSERT_TRUE(files::write_atomically(root / "file.bin", std::string(300'000, 'y')));
  table.routes.push_back({.host = "static.test",
                          .tree = routing::StaticTree{.root = root.string()},
                          .release = "site/production/1"});
  serve(origin);
  EXPECT_EQ(ask(get("/large")).body.size(), large.size());
  EXPECT_EQ(ask(get("/chunked")).body, "wiki");
  EXPECT_EQ(ask(get("/file.bin", {}, "static.test")).body.size(), 300'000U);
  EXPECT_EQ(
      client().ask("HEAD /head HTTP/1.1\r\nHost: shop.test\r\n\r\n", Peer::Body::none).status(),
      200);
  const auto records = by_path();
  ASSERT_EQ(records.size(), 4U);
  EXPECT_EQ(records.at("/large").sent_bytes, large.size());
  EXPECT_EQ(records.at("/chunked").sent_bytes, 4U);
  EXPECT_EQ(records.at("/file.bin").sent_bytes, 300'000U);
  EXPECT_EQ(records.at("/file.bin").release, "site/production/1");
  EXPECT_FALSE(records.at("/file.bin").upstream);
  EXPECT_EQ(records.at("/head").sent_bytes, 0U);
}

TEST_F(AccessLogging, TellsOfRequestsThatFail) {
  Origin origin([](Peer& peer) { peer.read_message(); });  // hangs up
  serve(origin);
  EXPECT_EQ(ask(get("/unknown", {}, "nobody.test")).status(), 404);
  EXPECT_EQ(ask(get("/refused", {}, "gone.test")).status(), 503);
  EXPECT_EQ(ask("POST /cut HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 0\r\n\r\n").status(),
            502);
  EXPECT_EQ(ask("nonsense\r\n\r\n").status(), 400);
  const auto records = by_path();
  ASSERT_EQ(records.size(), 4U);
  EXPECT_EQ(records.at("/unknown").status, 404U);
  EXPECT_EQ(records.at("/unknown").release, "");
  EXPECT_EQ(records.at("/refused").status, 503U);
  EXPECT_EQ(records.at("/refused").release, "gone/production/1");
  EXPECT_FALSE(records.at("/refused").upstream);
  EXPECT_EQ(records.at("/cut").status, 502U);
  EXPECT_EQ(records.at("").status, 400U);
}

TEST_F(AccessLogging, AClientThatLeavesIsToldOf) {
  std::atomic<bool> asked{false};
  Origin origin([&](Peer& peer) {
    peer.read_message();
    asked = true;
    peer.read_rest();
  });
  limits.half_closed = std::chrono::milliseconds(1);
  serve(origin);
  {
    auto peer = client();
    peer.write(get("/slow"));
    ASSERT_TRUE(eventually([&] { return asked.load(); }));
  }
  ASSERT_TRUE(eventually([&] { return control({.status = true}).connections == 0; }));
  EXPECT_EQ(by_path().count("/slow"), 1U);
}

TEST_F(AccessLogging, EveryRequestOfAConnectionHasARecordOfItsOwn) {
  Origin origin(answering([](const Message&) { return response("x"); }));
  serve(origin);
  auto peer = client();
  constexpr int count = 3000;  // several batches
  for (int i = 0; i < count; ++i) ASSERT_EQ(peer.ask(get("/" + std::to_string(i))).status(), 200);
  EXPECT_TRUE(eventually([&] {
    const auto reply = control({.report = true});
    return reply.report && reply.report->access_log && reply.report->access_log->written == count;
  }));
  const auto records = by_path();
  EXPECT_EQ(records.size(), static_cast<std::size_t>(count));
  for (const auto& [path, record] : records) ASSERT_EQ(record.sent_bytes, 1U) << path;
}

TEST_F(AccessLogging, TellsOfHttp2) {
  Origin origin(answering([](const Message&) { return response("hello"); }));
  table.certificates.push_back(make_certificate(folder.path(), "shop", {"shop.test"}));
  serve(origin);
  {
    TlsPeer tls(tls_address(), {.name = "shop.test", .protocols = {"h2"}});
    ASSERT_TRUE(tls.shake_hands());
    Http2Peer peer(tls);
    EXPECT_EQ(peer.ask(Http2Peer::get("/one?a=b")).status, 200);
    const int id = peer.submit(Http2Peer::post("/two"), Http2Peer::Body::open);
    peer.write(id, "12345678");
    peer.end(id);
    ASSERT_TRUE(peer.run([&] { return peer.answer(id).is_ended; }));
  }
  const auto records = by_path();
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records.at("/one").protocol, 20U);
  EXPECT_TRUE(records.at("/one").is_tls);
  EXPECT_EQ(records.at("/one").sent_bytes, 5U);
  EXPECT_TRUE(records.at("/one").upstream);
  EXPECT_EQ(records.at("/two").received_bytes, 8U);
}

TEST_F(AccessLogging, AShareOfThemIsTakenByChance) {
  access_log.share = 0.5;
  Origin origin(answering([](const Message&) { return response("x"); }));
  serve(origin);
  auto peer = client();
  for (int i = 0; i < 400; ++i) peer.ask(get("/"));
  const auto count = logged().size();
  EXPECT_GT(count, 100U);
  EXPECT_LT(count, 300U);
}

TEST_F(AccessLogging, OffMeansThatNothingIsMade) {
  access_log.share = 0;
  Origin origin(answering([](const Message&) { return response("x"); }));
  serve(origin);
  EXPECT_EQ(ask(get("/")).status(), 200);
  EXPECT_FALSE(control({.report = true}).report->access_log);
  EXPECT_THAT(logged(), IsEmpty());
  EXPECT_FALSE(std::filesystem::exists(access_log.spool_folder));
}

TEST_F(AccessLogging, AFileGetsALineOfJsonForEachRequest) {
  access_log.file = folder.path() / "access.json";
  Origin origin(answering([](const Message&) { return response("hello"); }));
  serve(origin);
  EXPECT_EQ(ask(get("/a?b", "User-Agent: \"q\"\r\n")).status(), 200);
  ASSERT_TRUE(eventually([&] { return !lines().empty(); }));
  EXPECT_THAT(
      lines(),
      AllOf(HasSubstr(R"("method":"GET","host":"shop.test","path":"/a","protocol":"HTTP/1.1")"),
            HasSubstr(R"("status":200,"sent_bytes":5,"received_bytes":0)"),
            HasSubstr(R"("user_agent":"\"q\"")"), Not(HasSubstr("?b"))));
  EXPECT_EQ(split(lines(), '\n').size(), 2U);
  EXPECT_TRUE(json::parse(trimmed(lines())));

  // As logrotate moves it.
  std::filesystem::rename(access_log.file, folder.path() / "access.json.1");
  EXPECT_TRUE(eventually([&] { return ask(get("/later")).status() == 200 && !lines().empty(); }));
  EXPECT_THAT(lines(), Not(HasSubstr("\"/a\"")));
}

TEST_F(AccessLogging, ADiskThatTakesNothingHoldsUpNobody) {
  access_log.spool_folder = folder.path() / "routes.json" / "spool";  // below a file
  Origin origin(answering([](const Message&) { return response("hello"); }));
  serve(origin);
  EXPECT_EQ(ask(get("/")).status(), 200);
  EXPECT_TRUE(eventually([&] { return control({.report = true}).report->access_log->lost == 1; }));
  EXPECT_EQ(ask(get("/")).status(), 200);
}

}  // namespace
}  // namespace temps::proxy::testing

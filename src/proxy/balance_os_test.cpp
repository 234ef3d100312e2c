// Which upstream gets a request: by weight, by load, by the visitor's cookie.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <list>
#include <map>
#include <string>
#include <vector>

#include "proxy/fixture_for_tests.hpp"
#include "proxy/tls_for_tests.hpp"

namespace temps::proxy::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using Counts = std::map<std::string, int>;

class Balance : public ProxyTest {
 protected:
  Balance() { threads = 1; }
  std::list<Origin> origins;

  // An app that answers with its name.
  std::string app(const std::string& name) {
    return origins.emplace_back(answering([name](const Message&) { return response(name); }))
        .address();
  }
  struct Part {
    std::string release;
    std::string name;
    std::int32_t weight = 1;
  };
  void split(const std::vector<Part>& parts) {
    routing::Route route{.host = "shop.test", .release = "shop/production/13", .wait_seconds = 0};
    for (const auto& part : parts)
      route.upstreams.push_back({.id = part.name,
                                 .address = app(part.name),
                                 .release = part.release,
                                 .weight = part.weight});
    table.routes.push_back(std::move(route));
  }
  // A site that answers with "site".
  void share_with_tree(const std::string& release, std::int32_t weight) {
    const auto root = folder.path() / release;
    EXPECT_TRUE(files::make_folder(root).has_value());
    for (const auto& name : {std::string("index.html"), "only-" + release + ".txt"})
      EXPECT_TRUE(files::write_atomically(root / name, "site").has_value());
    table.routes.front().upstreams.push_back({.id = "site-" + release,
                                              .address = {},
                                              .release = release,
                                              .weight = weight,
                                              .tree = routing::StaticTree{.root = root.string()}});
  }
  Counts ask_often(int times, std::string_view fields = {}) {
    Counts counts;
    auto peer = client();
    for (int i = 0; i < times; ++i) ++counts[peer.ask(get("/", fields)).body];
    return counts;
  }
  // "Cookie: …" as a browser would send it.
  static std::string cookie_of(const Message& answer) {
    const auto set = answer.field("Set-Cookie");
    return "Cookie: theme=dark; " + set.substr(0, set.find(';')) + "\r\n";
  }
};

TEST_F(Balance, ReleasesGetTheirSharesExactly) {
  split({{"12", "old", 90}, {"13", "new", 10}});
  start();
  EXPECT_EQ(ask_often(100), (Counts{{"old", 90}, {"new", 10}}));
  EXPECT_EQ(ask_often(10), (Counts{{"old", 9}, {"new", 1}}));
}

TEST_F(Balance, AStaticSiteSharesWithAnApp) {
  split({{"12", "app", 1}});
  share_with_tree("13", 3);
  start();
  EXPECT_EQ(ask_often(40), (Counts{{"app", 10}, {"site", 30}}));
  // Its turns go on with the next table.
  table.routes.front().upstreams.back().weight = 1;
  load_next();
  EXPECT_EQ(ask_often(10), (Counts{{"app", 5}, {"site", 5}}));
  const auto reported = control({.report = true}).upstreams;
  ASSERT_EQ(reported.size(), 1U);  // a tree is no process
  EXPECT_EQ(reported[0].release, "12");
  // An app that is down leaves its share to the site.
  origins.pop_front();
  auto counts = ask_often(20);
  EXPECT_GE(counts["site"], 19);
  EXPECT_EQ(ask_often(20), (Counts{{"site", 20}}));
}

TEST_F(Balance, VisitorsOfAStaticSiteStayThere) {
  split({{"12", "app", 1}});
  share_with_tree("13", 1);
  table.routes.front().sticky = true;
  table.sticky_key = "secret";
  start();
  std::map<std::string, std::string> visitors;
  for (int i = 0; i < 2; ++i) {
    const auto answer = ask(get("/"));
    visitors[answer.body] = cookie_of(answer);
  }
  ASSERT_EQ(visitors.size(), 2U);
  for (const auto& [name, cookie] : visitors)
    EXPECT_EQ(ask_often(10, cookie), (Counts{{name, 10}}));
  EXPECT_EQ(ask(get("/", visitors["site"])).field("Set-Cookie"), "");
  // Who stays keeps coming, though nobody new does.
  table.routes.front().upstreams.back().weight = 0;
  load_next();
  EXPECT_EQ(ask_often(10), (Counts{{"app", 10}}));
  EXPECT_EQ(ask_often(10, visitors["site"]), (Counts{{"site", 10}}));
}

TEST_F(Balance, TwoStaticSitesShare) {
  table.routes.push_back({.host = "shop.test", .release = "shop/production/13"});
  share_with_tree("12", 1);
  share_with_tree("13", 1);
  start();
  EXPECT_EQ(ask_often(10), (Counts{{"site", 10}}));
  EXPECT_EQ(ask(get("/only-12.txt")).status() + ask(get("/only-12.txt")).status(), 200 + 404);
}

TEST_F(Balance, TheUpstreamsOfOneReleaseShareIt) {
  split({{"12", "old-1", 3}, {"13", "new", 1}, {"12", "old-2", 3}});
  start();
  EXPECT_EQ(ask_often(400), (Counts{{"old-1", 150}, {"old-2", 150}, {"new", 100}}));
  const auto releases = control({.report = true}).upstreams;
  ASSERT_EQ(releases.size(), 3U);
  EXPECT_EQ(releases[0].release, "13");
  EXPECT_EQ(releases[1].release, "12");
}

TEST_F(Balance, AReleaseThatIsDownLeavesItsShareToTheOther) {
  split({{"12", "old", 90}, {"13", "new", 10}});
  start();
  origins.pop_front();
  EXPECT_EQ(ask_often(50), (Counts{{"new", 50}}));
}

TEST_F(Balance, AReleaseWithoutWeightGetsNobodyNew) {
  split({{"12", "old", 0}, {"13", "new", 1}});
  table.routes.front().sticky = true;
  table.sticky_key = "secret";
  start();
  EXPECT_EQ(ask_often(50), (Counts{{"new", 50}}));
  table.routes.front().upstreams.front().weight = 1;
  load_next();
  std::string visitor;
  while (visitor.empty()) {
    const auto answer = ask(get("/"));
    if (answer.body == "old") visitor = cookie_of(answer);
  }
  table.routes.front().upstreams.front().weight = 0;
  load_next();
  EXPECT_EQ(ask_often(20, visitor), (Counts{{"old", 20}}));
}

class Sticky : public Balance {
 protected:
  void begin(const std::vector<Part>& parts) {
    split(parts);
    table.routes.front().sticky = true;
    table.sticky_key = "secret";
    certify("shop", {"shop.test"});
    start();
  }
  void certify(const std::string& name, const std::vector<std::string>& names) {
    table.certificates.push_back(make_certificate(folder.path(), name, names));
  }
};

TEST_F(Sticky, VisitorsStayWhereTheyWereFirst) {
  begin({{"12", "a"}, {"12", "b"}, {"12", "c"}});
  Counts firsts;
  for (int i = 0; i < 6; ++i) {
    const auto first = ask(get("/"));
    ++firsts[first.body];
    EXPECT_THAT(first.field("Set-Cookie"), StartsWith("_temps_upstream="));
    EXPECT_THAT(first.field("Set-Cookie"), HasSubstr("HttpOnly; SameSite=Lax"));
    EXPECT_THAT(first.field("Set-Cookie"), Not(HasSubstr("Secure")));
    const auto visitor = cookie_of(first);
    EXPECT_EQ(ask_often(10, visitor), (Counts{{first.body, 10}}));
    EXPECT_EQ(ask(get("/", visitor)).field("Set-Cookie"), "");
  }
  EXPECT_EQ(firsts.size(), 3U);
}

TEST_F(Sticky, TheCookieIsForHttpsWhereTheVisitorHasIt) {
  begin({{"12", "a"}, {"12", "b"}});
  TlsPeer tls(tls_address(), {.name = "shop.test", .trust = {}});
  ASSERT_TRUE(tls.shake_hands());
  EXPECT_THAT(tls.ask(get("/")).field("Set-Cookie"), HasSubstr("; Secure"));
  TlsPeer h2(tls_address(), {.name = "shop.test", .trust = {}, .protocols = {"h2"}});
  ASSERT_TRUE(h2.shake_hands());
  Http2Peer peer(h2);
  EXPECT_THAT(peer.ask(Http2Peer::get("/")).fields.at("set-cookie"), HasSubstr("; Secure"));
}

TEST_F(Sticky, WhereItsUpstreamIsGoneAVisitorGetsAnother) {
  begin({{"12", "a"}, {"12", "b"}});
  auto answer = ask(get("/"));
  while (answer.body != "a") answer = ask(get("/"));
  const auto visitor = cookie_of(answer);
  origins.pop_front();
  const auto moved = ask(get("/", visitor));
  EXPECT_EQ(moved.body, "b");
  EXPECT_THAT(moved.field("Set-Cookie"), StartsWith("_temps_upstream="));
  EXPECT_NE(cookie_of(moved), visitor);
}

TEST_F(Sticky, NobodyStaysWithOneThatHasLeftTheTable) {
  begin({{"12", "a"}, {"12", "b"}, {"12", "c"}});
  auto answer = ask(get("/"));
  while (answer.body != "a") answer = ask(get("/"));
  const auto visitor = cookie_of(answer);
  table.routes.front().upstreams.erase(table.routes.front().upstreams.begin());
  load_next();
  EXPECT_FALSE(ask_often(10, visitor).contains("a"));
}

TEST_F(Sticky, NothingIsSetWhereThereIsNoChoiceOrTheCookieIsNonsense) {
  begin({{"12", "a"}});
  EXPECT_EQ(ask(get("/")).field("Set-Cookie"), "");
  const auto nonsense = ask(get("/", "Cookie: _temps_upstream=\x01;;; =_temps_upstream\r\n"));
  EXPECT_EQ(nonsense.status(), 400);
  EXPECT_EQ(ask(get("/", "Cookie: _temps_upstream=deployment-1; _temps_upstream=a\r\n")).body, "a");
}

}  // namespace
}  // namespace temps::proxy::testing

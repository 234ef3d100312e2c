// Where a request comes from: what apps, policies and redirects are told, with and without proxies
// in front.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "proxy/fixture_for_tests.hpp"
#include "proxy/tls_for_tests.hpp"
#include "proxy/trace_context.hpp"

namespace temps::proxy::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using namespace std::string_literals;

const std::string trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

class OriginOfRequests : public ProxyTest {
 protected:
  // Answers with the head that it got.
  Origin origin{answering([](const Message& request) { return response(request.head); })};

  void serve() {
    add_app("shop.test", {origin.address()});
    table.certificates.push_back(make_certificate(folder.path(), "shop", {"shop.test"}));
    start();
  }
  // The head that the app gets of a request with these fields.
  [[nodiscard]] Message seen(std::string_view fields, const std::string& host = "shop.test") const {
    return {.head = ask(get("/", fields, host)).body};
  }
  static int count(const std::string& text, const std::string& part) {
    int found = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
    return found;
  }
};

TEST_F(OriginOfRequests, IsTheConnectionWhereNobodyIsTrusted) {
  serve();
  const auto head = seen(
      "X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: evil.test\r\n"
      "X-Forwarded-Port: 666\r\nX-Real-IP: 6.6.6.6\r\nForwarded: for=6.6.6.6\r\n"
      "X_Real_IP: 6.6.6.6\r\nX-Forwarded-Ssl: on\r\nx_forwarded_prefix: /evil\r\n",
      "shop.test:8080");
  EXPECT_EQ(head.field("X-Forwarded-For"), "127.0.0.1");
  EXPECT_EQ(head.field("X-Forwarded-Proto"), "http");
  EXPECT_EQ(head.field("X-Forwarded-Host"), "shop.test:8080");
  EXPECT_EQ(head.field("X-Forwarded-Port"), "8080");
  EXPECT_EQ(head.field("X-Real-IP"), "127.0.0.1");
  EXPECT_EQ(head.field("Forwarded"), "for=127.0.0.1;proto=http;host=\"shop.test:8080\"");
  EXPECT_THAT(head.head, Not(HasSubstr("6.6.6.6")));
  EXPECT_THAT(head.head, Not(HasSubstr("evil")));
  EXPECT_THAT(head.head, Not(HasSubstr("Ssl")));
  EXPECT_EQ(count(head.head, "\r\nX-Forwarded-For:"), 1);
}

TEST_F(OriginOfRequests, IsWhatATrustedProxySays) {
  trusted_proxies = {"loopback", "10.0.0.0/8"};
  serve();
  const auto head = seen(
      "X-Forwarded-For: 6.6.6.6, 2001:db8::7\r\nX-Forwarded-For: 10.0.0.1\r\n"
      "X-Forwarded-Proto: https\r\nX-Forwarded-Host: www.shop.test\r\nX-Forwarded-Prefix: /p\r\n"
      "X-Real-IP: 6.6.6.6\r\nForwarded: for=6.6.6.6\r\n");
  EXPECT_EQ(head.field("X-Forwarded-For"), "2001:db8::7");
  EXPECT_EQ(head.field("X-Real-IP"), "2001:db8::7");
  EXPECT_EQ(head.field("X-Forwarded-Proto"), "https");
  EXPECT_EQ(head.field("X-Forwarded-Host"), "www.shop.test");
  EXPECT_EQ(head.field("X-Forwarded-Port"), "443");
  EXPECT_EQ(head.field("X-Forwarded-Prefix"), "/p");
  EXPECT_EQ(head.field("Forwarded"), "for=\"[2001:db8::7]\";proto=https;host=www.shop.test");
  EXPECT_EQ(head.field("Host"), "shop.test");
  EXPECT_THAT(head.head, Not(HasSubstr("6.6.6.6")));
  EXPECT_EQ(count(head.head, "\r\nX-Forwarded-For:"), 1);
  EXPECT_EQ(seen("Forwarded: for=203.0.113.7;proto=https\r\n").field("X-Forwarded-For"),
            "203.0.113.7");
  EXPECT_EQ(seen("X-Forwarded-For: nonsense\r\n").field("X-Forwarded-For"), "127.0.0.1");
}

TEST_F(OriginOfRequests, IsForgottenBetweenTheRequestsOfAConnection) {
  trusted_proxies = {"127.0.0.1"};
  serve();
  auto peer = client();
  const auto first = peer.ask(get("/",
                                  "X-Forwarded-For: 203.0.113.7\r\nX-Forwarded-Proto: https\r\n"
                                  "X-Forwarded-Port: 8443\r\n"));
  EXPECT_THAT(first.body, HasSubstr("X-Forwarded-For: 203.0.113.7\r\n"));
  EXPECT_THAT(first.body, HasSubstr("X-Forwarded-Port: 8443\r\n"));
  const auto second = peer.ask(get("/"));
  EXPECT_THAT(second.body, HasSubstr("X-Forwarded-For: 127.0.0.1\r\n"));
  EXPECT_THAT(second.body, HasSubstr("X-Forwarded-Proto: http\r\n"));
  EXPECT_THAT(second.body, HasSubstr("X-Forwarded-Port: 80\r\n"));
}

TEST_F(OriginOfRequests, IsKnownOverHttp2Too) {
  trusted_proxies = {"127.0.0.1"};
  serve();
  TlsPeer tls(tls_address(), {.name = "shop.test", .protocols = {"h2"}});
  ASSERT_TRUE(tls.shake_hands());
  Http2Peer peer(tls);
  auto request = Http2Peer::get("/");
  request.emplace_back("x-forwarded-for", "203.0.113.7");
  EXPECT_THAT(peer.ask(request).body, HasSubstr("X-Forwarded-For: 203.0.113.7\r\n"));
  const auto plain = peer.ask(Http2Peer::get("/")).body;
  EXPECT_THAT(plain, HasSubstr("Forwarded: for=127.0.0.1;proto=https;host=shop.test\r\n"));
  EXPECT_THAT(plain, HasSubstr("X-Forwarded-Port: 443\r\n"));
}

TEST_F(OriginOfRequests, DecidesPoliciesAndRates) {
  add_app("shop.test", {origin.address()});
  table.routes.back().policy =
      routing::Policy{.allowed = {"203.0.113.0/24"}, .requests_per_minute = 1};
  trusted_proxies = {"127.0.0.1"};
  start();
  const auto status = [&](const std::string& from) {
    return ask(get("/", "X-Forwarded-For: " + from + "\r\n")).status();
  };
  EXPECT_EQ(status("203.0.113.7"), 200);
  EXPECT_EQ(status("203.0.113.7"), 429);
  EXPECT_EQ(status("203.0.113.8"), 200);
  EXPECT_EQ(status("203.0.113.9, 198.51.100.1"), 403);
  EXPECT_EQ(ask(get("/")).status(), 403);
}

TEST_F(OriginOfRequests, HttpsAtATrustedProxyIsNotRedirectedAgain) {
  trusted_proxies = {"127.0.0.1"};
  add_app("shop.test", {origin.address()});
  table.routes.back().https_only = true;
  table.certificates.push_back(make_certificate(folder.path(), "shop", {"shop.test"}));
  start();
  EXPECT_EQ(ask(get("/", "X-Forwarded-Proto: https\r\n")).status(), 200);
  EXPECT_EQ(ask(get("/", "Forwarded: for=203.0.113.7;proto=https\r\n")).status(), 200);
  EXPECT_EQ(ask(get("/", "X-Forwarded-Proto: http\r\n")).status(), 308);
  EXPECT_EQ(ask(get("/")).status(), 308);
}

TEST_F(OriginOfRequests, HttpsIsNotBelievedOfAnyone) {
  trusted_proxies = {"10.0.0.0/8"};
  add_app("shop.test", {origin.address()});
  table.routes.back().https_only = true;
  table.certificates.push_back(make_certificate(folder.path(), "shop", {"shop.test"}));
  start();
  EXPECT_EQ(ask(get("/", "X-Forwarded-Proto: https\r\n")).status(), 308);
}

TEST_F(OriginOfRequests, ATraceIsPassedOnOrBegun) {
  serve();
  const auto passed = seen("traceparent: " + trace + "\r\ntracestate: a=b\r\n");
  EXPECT_EQ(passed.field("traceparent"), trace);
  EXPECT_EQ(passed.field("tracestate"), "a=b");
  const auto begun = seen("tracestate: a=b\r\n");
  EXPECT_TRUE(is_traceparent(begun.field("traceparent")));
  EXPECT_THAT(begun.field("traceparent"), StartsWith("00-" + begun.field("X-Request-ID") + "-"));
  EXPECT_THAT(begun.field("traceparent"), ::testing::EndsWith("-00"));
  EXPECT_EQ(begun.field("tracestate"), "");
  const auto replaced = seen("traceparent: " + trace +
                             "x\r\ntracestate: a=b\r\n"
                             "X-Request-ID: mine\r\n");
  EXPECT_TRUE(is_traceparent(replaced.field("traceparent")));
  EXPECT_THAT(replaced.field("traceparent"), Not(HasSubstr(trace.substr(3, 32))));
  EXPECT_EQ(replaced.field("X-Request-ID"), "mine");
  EXPECT_EQ(count(replaced.head, "traceparent"), 1);
  EXPECT_EQ(replaced.field("tracestate"), "");
  EXPECT_NE(begun.field("traceparent"), seen("").field("traceparent"));
}

TEST_F(OriginOfRequests, RequestIdsAreKeptWhereTheyAreHarmless) {
  serve();
  const auto id = [&](const std::string& given) {
    return seen("X-Request-ID: " + given + "\r\n").field("X-Request-ID");
  };
  EXPECT_EQ(id("abc-123_4.5:6"), "abc-123_4.5:6");
  EXPECT_EQ(id(std::string(128, 'a')), std::string(128, 'a'));
  for (const auto& bad : {"a b"s, "a\"b"s, "<script>"s, std::string(129, 'a')})
    EXPECT_EQ(id(bad).size(), 32U) << bad;
}

}  // namespace
}  // namespace temps::proxy::testing

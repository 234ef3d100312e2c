// The parts of the proxy that need no socket.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "proxy/address.hpp"
#include "proxy/errors.hpp"
#include "proxy/exchange.hpp"
#include "proxy/head_writer.hpp"
#include "proxy/page.hpp"
#include "proxy/snapshot.hpp"
#include "proxy/static_rules.hpp"

namespace temps::proxy {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(Address, ReadsAndWritesEveryForm) {
  for (const std::string text : {"127.0.0.1:80", "[::1]:8080", "unix:/run/a.sock"})
    EXPECT_EQ(to_text(parse_address(text).value()), text);
  EXPECT_EQ(to_text(parse_address(":80").value()), "[::]:80");
  EXPECT_EQ(to_text(parse_address("localhost:80").value()), "127.0.0.1:80");
  for (const auto* text : {"", "80", "a.test:80", "127.0.0.1:", "127.0.0.1:65536", "::1:80x",
                           "unix:", "1.2.3:80", "[::1:80"})
    EXPECT_FALSE(parse_address(text).has_value()) << text;
  EXPECT_FALSE(parse_address("unix:/" + std::string(200, 'a')).has_value());
}

TEST(Address, KnowsIpLiterals) {
  for (const auto* host : {"127.0.0.1", "[::1]", "10.0.0.255"}) EXPECT_TRUE(is_ip_literal(host));
  for (const auto* host : {"a.test", "1.2.3", "::1", "[a]", ""})
    EXPECT_FALSE(is_ip_literal(host)) << host;
}

TEST(Snapshot, FindsHostsAsTheyAreWritten) {
  routing::Table table{.version = 3};
  table.routes.push_back({.host = "shop.test", .upstreams = {{"s", "127.0.0.1:1"}}});
  table.routes.push_back({.host = "docs.test", .tree = routing::StaticTree{"/srv", false}});
  table.routes.push_back({.host = "new.test"});
  table.console = routing::Upstream{"console", "127.0.0.1:2"};
  table.console_hosts = {"localhost"};
  Registries registries(2);
  const auto snapshot = Snapshot::compile(table, registries).value();
  const auto kind = [&](std::string_view host) {
    const auto* target = snapshot->find(host);
    return target == nullptr ? -1 : static_cast<int>(target->kind);
  };
  constexpr auto app = static_cast<int>(Target::Kind::app);
  constexpr auto console = static_cast<int>(Target::Kind::console);
  EXPECT_EQ(kind("shop.test"), app);
  EXPECT_EQ(kind("SHOP.test."), app);
  EXPECT_EQ(kind("docs.test"), static_cast<int>(Target::Kind::tree));
  EXPECT_EQ(kind("new.test"), static_cast<int>(Target::Kind::nothing_deployed));
  for (const auto* host : {"localhost", "10.1.2.3", "[::1]", ""}) EXPECT_EQ(kind(host), console);
  for (const auto& host :
       {std::string("other.test"), std::string("xshop.test"), std::string(300, 'a')})
    EXPECT_EQ(kind(host), -1);
}

TEST(Snapshot, KeepsCountingAnUpstreamThatStaysInTheTable) {
  routing::Table table{.version = 1};
  table.routes.push_back({.host = "a.test", .upstreams = {{"a-1", "127.0.0.1:1"}}});
  Registries registries(1);
  auto first = Snapshot::compile(table, registries).value();
  Lease lease(first->upstreams().at(0), 0);
  const auto second = Snapshot::compile(table, registries).value();
  EXPECT_EQ(first->upstreams().at(0), second->upstreams().at(0));
  first.reset();
  ASSERT_EQ(registries.upstreams.loads().size(), 1U);
  EXPECT_EQ(registries.upstreams.loads().at(0).id, "a-1");
  EXPECT_EQ(registries.upstreams.loads().at(0).in_flight, 1);
  lease.end();
  EXPECT_TRUE(registries.upstreams.loads().empty());
}

TEST(Snapshot, RefusesAddressesThatCannotBeConnectedTo) {
  routing::Table table{.version = 1};
  table.routes.push_back({.host = "a.test", .upstreams = {{"a-1", "some-name:80"}}});
  Registries registries(1);
  const auto snapshot = Snapshot::compile(table, registries);
  ASSERT_FALSE(snapshot.has_value());
  EXPECT_TRUE(snapshot.error().is(errors::bad_address));
}

TEST(Page, EscapesWhatComesFromOutside) {
  const auto page = make_page(notices::not_found("/<script>\"&"), PageForm::html, "id-1").body;
  EXPECT_THAT(page, HasSubstr("/&lt;script&gt;&quot;&amp;"));
  EXPECT_THAT(page, Not(HasSubstr("<script>")));
  EXPECT_THAT(page, HasSubstr("Request id-1"));
}

TEST(Page, ProgramsGetAProblemDocument) {
  EXPECT_EQ(page_form("application/json", ""), PageForm::problem);
  EXPECT_EQ(page_form("application/problem+json, */*", ""), PageForm::problem);
  EXPECT_EQ(page_form("text/html, application/json", ""), PageForm::html);
  EXPECT_EQ(page_form("*/*", ""), PageForm::html);
  EXPECT_EQ(page_form("", "application/grpc"), PageForm::grpc);
  EXPECT_EQ(page_form("", "application/grpc+proto"), PageForm::grpc);
  EXPECT_EQ(page_form("", "application/grpc-web+proto"), PageForm::html);
  const auto page = make_page(notices::bad_gateway("a\"b"), PageForm::problem, "id-1").body;
  EXPECT_THAT(page, HasSubstr(R"("type":"/problems/proxy/bad_gateway")"));
  EXPECT_THAT(page, HasSubstr(R"(a\"b)"));
  EXPECT_THAT(page, HasSubstr(R"("request_id":"id-1")"));
}

TEST(Page, SaysWhenToTryAgain) {
  const auto page = make_page(notices::starting(), PageForm::html, "x");
  EXPECT_EQ(page.fields.back(), std::pair(std::string_view("Retry-After"), std::string("2")));
}

TEST(Reply, KeepsItsFieldsInOrder) {
  Reply reply(204);
  reply.add("X-One", "1");
  reply.add("X-Two", "");
  const auto& head = reply.head();
  EXPECT_EQ(head.status, 204);
  EXPECT_EQ(head.fields.begin()->name, "Date");
  EXPECT_EQ(head.fields.find("x-one")->value, "1");
  EXPECT_EQ(head.fields.find("x-two")->value, "");
}

TEST(HeadWriter, AcceptsOnlyHarmlessRequestIds) {
  EXPECT_TRUE(is_sane_request_id("0af7651916cd43dd-8448_eb.211c:80319c/=+"));
  for (const auto& id : {std::string(), std::string("a b"), std::string("a\"b"),
                         std::string("\xc3\xa4"), std::string(129, 'a')})
    EXPECT_FALSE(is_sane_request_id(id)) << id;
}

TEST(StaticRules, PathsBecomeNamesBelowTheRoot) {
  EXPECT_EQ(parse_static_path("/")->relative, "");
  EXPECT_TRUE(parse_static_path("/")->trailing_slash);
  EXPECT_EQ(parse_static_path("/a//b%20c/")->relative, "a/b c");
  EXPECT_EQ(parse_static_path("/.well-known/x")->relative, ".well-known/x");
  EXPECT_EQ(parse_static_path("/%c3%a4")->relative, "\xc3\xa4");
  for (const auto& path :
       {std::string("*"), std::string(), std::string("/.."), std::string("/a/../b"),
        std::string("/."), std::string("/%2e%2e"), std::string("/a%2fb"), std::string("/a%5cb"),
        std::string("/a%00"), std::string("/%"), std::string("/%4"), std::string("/.git"),
        "/" + std::string(300, 'a'), "/" + std::string(5000, '/')})
    EXPECT_FALSE(parse_static_path(path).has_value()) << path;
}

TEST(StaticRules, FolderAddressesStayOnTheServer) {
  EXPECT_EQ(encoded_folder("docs/a b"), "/docs/a%20b/");
  EXPECT_EQ(encoded_folder("evil.test"), "/evil.test/");
}

TEST(StaticRules, OnlyHashesMakeAnAssetImmutable) {
  for (const auto* name : {"index-BqW5nK2z.js", "assets/main.3f2a1b4c.css", "a-1b2c3d4e5f60.min.js",
                           "chunk.Dk3_aB9x.mjs"})
    EXPECT_TRUE(has_hashed_name(name)) << name;
  for (const auto* name : {"index.js", "report-20240101.pdf", "my-component.js", "jquery-3.7.1.js",
                           "read-HelloWorld.js", "a-deadbeef.js.map/x", "logo-1b2c3d.png"})
    EXPECT_FALSE(has_hashed_name(name)) << name;
  EXPECT_EQ(cache_control("index-BqW5nK2z.html", "text/html; charset=utf-8"), "no-cache");
}

struct SelectionCase {
  std::string fields;
  int status;
  std::uint64_t first = 0;
  std::uint64_t count = 0;
};

TEST(StaticRules, SelectsAsTheStandardSays) {
  const Validators file{.etag = "\"e\"",
                        .modified = std::chrono::sys_seconds{std::chrono::seconds{784'111'777}},
                        .size = 100};
  const std::string same = "Sun, 06 Nov 1994 08:49:37 GMT";
  const std::string before = "Sun, 06 Nov 1994 08:49:36 GMT";
  const std::vector<SelectionCase> cases{
      {"", 200, 0, 100},
      {"If-None-Match: W/\"e\"\r\n", 304},
      {"If-None-Match: \"f\"\r\nIf-Modified-Since: " + same + "\r\n", 200, 0, 100},
      {"If-Modified-Since: " + same + "\r\n", 304},
      {"If-Modified-Since: " + before + "\r\n", 200, 0, 100},
      {"If-Modified-Since: nonsense\r\n", 200, 0, 100},
      {"If-Match: W/\"e\"\r\n", 412},
      {"If-Match: \"e\"\r\n", 200, 0, 100},
      {"If-Unmodified-Since: " + before + "\r\n", 412},
      {"Range: bytes=0-0\r\n", 206, 0, 1},
      {"Range: bytes=90-1000\r\n", 206, 90, 10},
      {"Range: bytes=-1000\r\n", 206, 0, 100},
      {"Range: bytes=-0\r\n", 416},
      {"Range: bytes=100-\r\n", 416},
      {"Range: bytes=5-4\r\n", 200, 0, 100},
      {"Range: bytes=-\r\n", 200, 0, 100},
      {"Range: bytes=a-b\r\n", 200, 0, 100},
      {"Range: bytes=1-2,4-5\r\n", 200, 0, 100},
      {"Range: lines=1-2\r\n", 200, 0, 100},
      {"Range: bytes=99999999999999999999-\r\n", 200, 0, 100},
      {"Range: bytes=0-0\r\nIf-Range: \"e\"\r\n", 206, 0, 1},
      {"Range: bytes=0-0\r\nIf-Range: W/\"e\"\r\n", 200, 0, 100},
      {"Range: bytes=0-0\r\nIf-Range: " + same + "\r\n", 206, 0, 1},
      {"Range: bytes=0-0\r\nIf-Range: " + before + "\r\n", 200, 0, 100},
  };
  for (const auto& [fields, status, first, count] : cases) {
    const auto message = "GET / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
    http1::RequestParser parser;
    ASSERT_EQ(parser.feed(message), http1::Progress::complete);
    const auto selection = select(parser.head().fields, file);
    EXPECT_EQ(selection.status, status) << fields;
    EXPECT_EQ(selection.range.first, first) << fields;
    EXPECT_EQ(selection.range.count, count) << fields;
  }
}

}  // namespace
}  // namespace temps::proxy

#include "routing/table.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace temps::routing {
namespace {

Table example() {
  Table table{.version = 7};
  table.routes.push_back({.host = "shop.localhost",
                          .upstreams = {{.id = "shop-1",
                                         .address = "127.0.0.1:4001",
                                         .release = "shop/1",
                                         .weight = 90,
                                         .health_path = "/health"},
                                        {.id = "shop-2",
                                         .address = {},
                                         .release = "shop/2",
                                         .weight = 10,
                                         .tree = StaticTree{"/srv/shop", true}}},
                          .release = "shop/1",
                          .protocol = Protocol::h2c,
                          .wait_seconds = 30,
                          .sticky = true});
  table.routes.push_back({.host = "docs.localhost", .tree = StaticTree{"/srv/docs", true}});
  table.routes.push_back({.host = "empty.localhost"});
  table.routes.push_back({.host = "www.shop.example",
                          .redirect = Redirect{.to = "https://shop.example", .status = 301},
                          .https_only = true});
  table.certificates.push_back({.id = "4-1",
                                .names = {"shop.example", "*.shop.example"},
                                .chain = "/srv/certificates/4-1/chain.pem",
                                .key = "/srv/certificates/4-1/key.pem"});
  table.challenges.push_back({.name = "shop.example", .token = "abc", .response = "abc.def"});
  table.console = Upstream{"console", "unix:/run/temps/serve.sock"};
  table.console_hosts = {"localhost"};
  return table;
}

TEST(Table, ComesBackAsItWasWritten) {
  const auto text = encode_table(example());
  auto again = decode_table(text);
  ASSERT_TRUE(again.has_value()) << again.error().detail();
  EXPECT_EQ(again->version, 7);
  ASSERT_EQ(again->routes.size(), 4U);
  EXPECT_EQ(again->routes[0].upstreams.at(0).address, "127.0.0.1:4001");
  EXPECT_EQ(again->routes[0].upstreams.at(0).weight, 90);
  EXPECT_EQ(again->routes[0].upstreams.at(0).health_path, "/health");
  EXPECT_FALSE(again->routes[0].upstreams.at(0).tree.has_value());
  EXPECT_EQ(again->routes[0].upstreams.at(1).tree.value().root, "/srv/shop");
  EXPECT_EQ(again->routes[0].protocol, Protocol::h2c);
  EXPECT_EQ(again->routes[0].wait_seconds, 30);
  EXPECT_EQ(again->routes[1].wait_seconds, 10);
  EXPECT_TRUE(again->routes[0].sticky);
  EXPECT_EQ(again->routes[1].protocol, Protocol::auto_);
  EXPECT_TRUE(again->routes[1].tree.value().single_page);
  EXPECT_FALSE(again->routes[2].tree.has_value());
  EXPECT_EQ(again->routes[3].redirect.value().status, 301);
  EXPECT_EQ(again->certificates.at(0).names.at(1), "*.shop.example");
  EXPECT_EQ(again->challenges.at(0).response, "abc.def");
  EXPECT_EQ(encode_table(*again), text);
}

TEST(Table, RefusesWhatCannotBeServedAndSaysWhere) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"", ""},
      {"{", ""},
      {R"({"version":"x"})", "version"},
      {R"({"version":1,"routes":[{"host":""}]})", "host"},
      {R"({"version":1,"routes":[{"host":"A.b"}]})", "A.b"},
      {R"({"routes":[{"host":"a","upstreams":[{"id":"x","address":"a:1","tree":{"root":"/x"}}]}]})",
       "has an address"},
      {R"({"routes":[{"host":"a","upstreams":[{"id":"x","tree":{"root":"x"}}]}]})", "absolute"},
      {R"({"routes":[{"host":"a","upstreams":[{"id":"x"}]}]})", "neither"},
      {R"({"console":{"id":"x","tree":{"root":"/x"}}})", "console"},
      {R"({"version":1,"routes":[{"host":"a"},{"host":"a"}]})", "two routes"},
      {R"({"version":1,"routes":[{"host":"a","upstreams":[{"id":"","address":"1:2"}]}]})", "id"},
      {R"({"version":1,"routes":[{"host":"a","upstreams":[{"id":"x","address":"1"}]}]})",
       "address"},
      {R"({"version":1,"routes":[{"host":"a","upstreams":[{"id":"x","address":"1:2","weight":-1}]}]})",
       "weight"},
      {R"({"version":1,"routes":[{"host":"a","upstreams":[{"id":"x","address":"1:2","health_path":"/a b"}]}]})",
       "health path"},
      {R"({"version":1,"routes":[{"host":"a","wait_seconds":301}]})", "300 s"},
      {R"({"version":1,"routes":[{"host":"a","tree":{"root":"srv"}}]})", "absolute"},
      {R"({"version":1,"routes":[{"host":"a","protocol":"http2"}]})", "http1"},
      {R"({"version":1,"console":{"id":"c","address":""}})", "console"},
      {R"({"version":1,"routes":[{"host":"a","redirect":{"to":"ftp://b"}}]})", "ftp://b"},
      {R"({"version":1,"routes":[{"host":"a","redirect":{"to":"http://b\r\nX: y"}}]})", "redirect"},
      {R"({"version":1,"routes":[{"host":"a","redirect":{"to":"http://b","status":200}}]})", "200"},
      {R"({"version":1,"routes":[{"host":"a","redirect":{"to":"http://b"},"tree":{"root":"/"}}]})",
       "more than one"},
      {R"({"version":1,"certificates":[{"id":"1","names":[],"chain":"/a","key":"/b"}]})", "names"},
      {R"({"version":1,"certificates":[{"id":"1","names":["a"],"chain":"a","key":"/b"}]})",
       "absolute"},
      {R"({"version":1,"challenges":[{"name":"a","token":"t"}]})", "neither"},
      {R"({"version":1,"challenges":[{"name":"a","token":"t","response":"a b"}]})", "character"},
  };
  for (const auto& [text, word] : cases) {
    const auto table = decode_table(text);
    ASSERT_FALSE(table.has_value()) << text;
    EXPECT_TRUE(table.error().is(errors::bad_table));
    EXPECT_NE(table.error().detail().find(word), std::string_view::npos) << table.error().detail();
  }
}

TEST(Control, MessagesAreOneLineEach) {
  const auto line = encode_control(ControlRequest{.load = 9});
  EXPECT_EQ(line.find('\n'), line.size() - 1);
  auto request = decode_control_request(line);
  ASSERT_TRUE(request.has_value());
  EXPECT_EQ(request->load, 9);
  EXPECT_FALSE(request->status.has_value());

  ControlReply reply{.version = 9, .connections = 3, .upstreams = {{"shop-1", 2}}};
  const auto again = decode_control_reply(encode_control(reply));
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->upstreams.at(0).in_flight, 2);
  EXPECT_TRUE(decode_control_request("nonsense").error().is(errors::bad_control));
}

}  // namespace
}  // namespace temps::routing

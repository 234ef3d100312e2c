// Requests that wait while their app is being started again.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "proxy/fixture_for_tests.hpp"
#include "proxy/h2c_for_tests.hpp"

namespace temps::proxy::testing {
namespace {

using std::chrono::milliseconds;

std::string post(std::string_view body) {
  return "POST / HTTP/1.1\r\nHost: shop.test\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + std::string(body);
}

Origin::Serve echo() {
  return answering([](const Message& request) { return response("got " + request.body); });
}

class Waiting : public ProxyTest {
 protected:
  std::string address;  // of an app that is down

  Waiting() {
    threads = 1;
    wait_seconds = 10;
    const Origin origin([](Peer&) {});
    address = origin.address();
  }
  void serve() {
    add_app("shop.test", {address});
    start();
  }
  // Has the proxy found out that it is down?
  [[nodiscard]] bool is_known_as_down() const {
    for (const auto& load : control({.report = true}).upstreams)
      if (load.id == "shop.test-1") return load.health == routing::Health::out;
    return false;
  }
};

TEST_F(Waiting, WhateverWasNotSentIsSentOnceTheAppIsThere) {
  serve();
  auto one = client();
  auto two = client();
  one.write(get("/"));
  two.write(post("hello"));
  ASSERT_TRUE(eventually([&] { return is_known_as_down(); }));
  const Origin origin(echo(), address);
  EXPECT_EQ(one.read_message().status(), 200);
  EXPECT_EQ(two.read_message().body, "got hello");
  EXPECT_EQ(ask(post("again")).body, "got again");
  EXPECT_EQ(in_flight("shop.test-1"), 0);
  EXPECT_FALSE(is_known_as_down());
}

TEST_F(Waiting, ABodyOfAnySizeWaitsUnread) {
  serve();
  const std::string large(3'000'000, 'x');
  auto peer = client();
  std::thread writer([&] { peer.write(post(large)); });
  ASSERT_TRUE(eventually([&] { return is_known_as_down(); }));
  const Origin origin(echo(), address);
  EXPECT_EQ(peer.read_message().body.size(), large.size() + 4);
  writer.join();
}

TEST_F(Waiting, ASocketThatDoesNotExistYetIsWaitedFor) {
  address = "unix:" + (folder.path() / "app.sock").string();
  serve();
  auto peer = client();
  peer.write(post("hello"));
  ASSERT_TRUE(eventually([&] { return is_known_as_down(); }));
  const Origin origin(echo(), address);
  EXPECT_EQ(peer.read_message().body, "got hello");
}

TEST_F(Waiting, AfterItsTimeItIsToldToComeBackAndOthersAtOnce) {
  wait_seconds = 1;
  serve();
  const auto late = ask(post("hello"));
  EXPECT_EQ(late.status(), 503);
  EXPECT_EQ(late.field("Retry-After"), "5");
  // Nobody waits for one that is down for longer than that. The connection goes on.
  auto peer = client();
  EXPECT_EQ(peer.ask(post("hello")).status(), 503);
  EXPECT_EQ(peer.ask(get("/", "Accept: application/json\r\n")).field("Content-Type"),
            "application/problem+json");
  // It is found without a visitor.
  const Origin origin(echo(), address);
  EXPECT_TRUE(eventually([&] { return !is_known_as_down(); }));
  EXPECT_EQ(peer.ask(post("hello")).body, "got hello");
}

TEST_F(Waiting, WithoutPatienceNobodyWaits) {
  wait_seconds = 0;
  serve();
  EXPECT_EQ(ask(post("hello")).status(), 503);
}

TEST_F(Waiting, AnAppThatComesBackElsewhereIsFound) {
  serve();
  auto peer = client();
  peer.write(post("hello"));
  ASSERT_TRUE(eventually([&] { return is_known_as_down(); }));
  const Origin origin(echo());
  table.routes.front().upstreams.front().address = origin.address();
  EXPECT_EQ(load_next().error, "");
  EXPECT_EQ(peer.read_message().body, "got hello");
}

TEST_F(Waiting, OneWhoseAppHasLeftTheTableIsToldSo) {
  serve();
  auto peer = client();
  peer.write(post("hello"));
  ASSERT_TRUE(eventually([&] { return is_known_as_down(); }));
  table.routes.clear();
  EXPECT_EQ(load_next().error, "");
  EXPECT_EQ(peer.read_message().status(), 503);
}

TEST_F(Waiting, OnlySoManyWaitAndThoseWhoLeaveMakeRoom) {
  serve();
  std::vector<Peer> waiting;
  for (int i = 0; i < 256; ++i) {
    waiting.push_back(client());
    waiting.back().write(get("/"));
  }
  ASSERT_TRUE(eventually([&] { return control({.status = true}).requests >= 256; }));
  EXPECT_EQ(ask(get("/")).status(), 503);
  for (auto& peer : waiting) {
    const linger reset{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(peer.fd(), SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    peer.close();
  }
  ASSERT_TRUE(eventually([&] { return control({.status = true}).connections <= 1; }));
  auto peer = client();
  peer.write(post("hello"));
  ASSERT_TRUE(eventually([&] { return control({.status = true}).requests >= 258; }));
  const Origin origin(echo(), address);
  EXPECT_EQ(peer.read_message().body, "got hello");
}

TEST_F(Waiting, AClientThatSendsNoMoreIsWaitedForAsLongAsAnyOther) {
  limits.half_closed = milliseconds(200);
  serve();
  auto peer = client();
  peer.write(post("hello"));
  peer.finish_writing();
  EXPECT_EQ(peer.read_message().status(), 503);
}

TEST_F(Waiting, TheConsoleIsWaitedForToo) {
  table.console = routing::Upstream{"console", address};
  start();
  auto peer = client();
  peer.write(get("/", "", "127.0.0.1"));
  ASSERT_TRUE(eventually([&] { return control({.status = true}).requests >= 1; }));
  const Origin origin(echo(), address);
  EXPECT_EQ(peer.read_message().status(), 200);
}

TEST_F(Waiting, TheConsoleIsWaitedForOnAnAppsHostWhateverBecomesOfTheApp) {
  Origin app(answering([](const Message&) { return response("app"); }));
  table.console = routing::Upstream{"console", address};
  add_app("shop.test", {app.address()});
  table.routes[0].release = "shop/production/1";
  start();
  auto peer = client();
  peer.write(get("/_temps/script.js"));
  ASSERT_TRUE(eventually([&] {
    const auto loads = control({.report = true}).upstreams;
    return loads.at(0).id == "console" && loads.at(0).health == routing::Health::out;
  }));
  table.routes[0].release = "shop/production/2";
  ASSERT_EQ(load_next().error, "");
  const Origin console(answering([](const Message&) { return response("console"); }), address);
  EXPECT_EQ(peer.read_message().body, "console");
}

TEST_F(Waiting, GrpcAndHttp2AreWaitedForToo) {
  add_app("shop.test", {address});
  table.routes.back().protocol = routing::Protocol::h2c;
  start();
  auto plain = client();
  Http2Peer peer(plain);
  const int one = peer.submit(Http2Peer::get("/"));
  const int two = peer.submit(Http2Peer::post("/"));
  peer.send();
  ASSERT_TRUE(eventually([&] { return is_known_as_down(); }));
  const Origin origin(
      h2c({.on_end = [](H2cSession& app, int id, auto&) { app.answer(id, {{":status", "200"}}); }}),
      address);
  ASSERT_TRUE(peer.run([&] { return peer.answer(one).is_ended && peer.answer(two).is_ended; }));
  EXPECT_EQ(peer.answer(one).status, 200);
  EXPECT_EQ(peer.answer(two).status, 200);
}

// Answers are on their way while it is stopped, connections are idle and connections are new.
TEST_F(Waiting, ARestartUnderLoadLosesNoRequest) {
  threads = 2;
  auto app = std::make_unique<Origin>(echo(), address);
  serve();
  std::atomic<bool> stopping{false};
  std::atomic<int> answered{0};
  std::mutex mutex;
  std::vector<std::string> failures;
  std::vector<std::thread> visitors;
  for (int i = 0; i < 8; ++i)
    visitors.emplace_back([&, is_new_each_time = i % 2 == 0] {
      std::optional<Peer> peer;
      while (!stopping) {
        if (!peer || is_new_each_time) peer.emplace(client());
        const auto answer = peer->ask(get("/"));
        if (answer.is_whole && answer.status() == 200) {
          ++answered;
        } else {
          const std::lock_guard lock(mutex);
          failures.push_back(answer.head);
          peer.reset();
        }
      }
    });
  for (int restart = 0; restart < 5; ++restart) {
    const int before = answered;
    EXPECT_TRUE(eventually([&] { return answered > before + 200; }));
    app.reset();
    std::this_thread::sleep_for(milliseconds(300));
    app = std::make_unique<Origin>(echo(), address);
  }
  const int before = answered;
  EXPECT_TRUE(eventually([&] { return answered > before + 200; }));
  stopping = true;
  for (auto& visitor : visitors) visitor.join();
  EXPECT_THAT(failures, ::testing::IsEmpty());
}

}  // namespace
}  // namespace temps::proxy::testing

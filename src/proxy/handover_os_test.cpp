// One proxy in another's place: nobody who visits it notices.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <latch>
#include <list>
#include <string>
#include <thread>

#include "proxy/errors.hpp"
#include "proxy/fixture_for_tests.hpp"
#include "proxy/tls_for_tests.hpp"
#include "proxy/visitors_for_tests.hpp"

namespace temps::proxy::testing {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Both proxies live in this process; what passes between them is the same.
class Handover : public ProxyTest {
 protected:
  std::list<std::thread> endings;

  Options options() const {
    return {.listen = {"127.0.0.1:0"},
            .listen_tls = {"127.0.0.1:0"},
            .table_path = table_path(),
            .control_path = control_path(),
            .threads = threads,
            .drain_limit = drain_limit,
            .limits = limits,
            .take_over = true};
  }
  // The old one drains on a thread of its own and is freed then.
  void succeed(Options wanted) {
    auto started = Proxy::start(std::move(wanted));
    ASSERT_TRUE(started.has_value()) << started.error().detail();
    ASSERT_TRUE((*started)->has_taken_over());
    ASSERT_TRUE(eventually([&] { return proxy->is_handed_over(); }));
    endings.emplace_back([old = std::move(proxy)] { old->stop(); });
    proxy = std::move(*started);
  }
  void succeed() { succeed(options()); }
  void TearDown() override {
    proxy.reset();
    for (auto& ending : endings) ending.join();
  }
  // All are good, and after a while one says that it is the last: a request may come before the old
  // proxy has begun to drain.
  template <class Client>
  static void expect_last_answer(Client& peer) {
    for (int i = 0; i < 1000; ++i) {
      const auto answer = peer.ask(get("/"));
      ASSERT_EQ(answer.body, "ok");
      if (answer.field("Connection") == "close") return;
    }
    FAIL() << "the connection goes on";
  }
  void serve(Origin& origin) {
    add_app("shop.test", {origin.address()});
    table.certificates.push_back(make_certificate(folder.path(), "shop", {"shop.test"}));
    start();
  }
};

TEST_F(Handover, NoRequestFailsWhateverTheNumberOfLoops) {
  Origin origin(answering([](const Message&) { return response("ok"); }));
  limits.idle_at_handover = milliseconds(300);
  serve(origin);
  Visitors visitors({.plain = proxy->addresses().at(0), .tls = tls_address()});
  for (const unsigned loops : {1U, 4U, 2U, 3U, 3U, 2U}) {
    const int seen = visitors.answered();
    EXPECT_TRUE(eventually([&] { return visitors.answered() > seen + 200; }));
    threads = loops;
    succeed();
  }
  const int seen = visitors.answered();
  EXPECT_TRUE(eventually([&] { return visitors.answered() > seen + 200; }));
  visitors.stop();
  EXPECT_THAT(visitors.failures(), IsEmpty());
}

// The kernel has taken them, nobody has accepted them: each socket has such a queue.
TEST_F(Handover, ConnectionsInTheQueuesAreServed) {
  Origin origin(answering([](const Message&) { return response("ok"); }));
  serve(origin);
  std::atomic<bool> stop{false};
  std::atomic<int> answered{0};
  std::vector<std::thread> crowd;
  for (int i = 0; i < 40; ++i)
    crowd.emplace_back([&, address = proxy->addresses().at(0)] {
      while (!stop) {
        const auto answer = Peer::to(address).ask(get("/", "Connection: close\r\n"));
        EXPECT_EQ(answer.body, "ok");
        ++answered;
      }
    });
  for (int i = 0; i < 10; ++i) {
    const int seen = answered;
    EXPECT_TRUE(eventually([&] { return answered > seen + 40; }));
    threads = 1 + static_cast<unsigned>(i) % 3;
    succeed();
  }
  stop = true;
  for (auto& thread : crowd) thread.join();
}

TEST_F(Handover, AnswersAndTunnelsUnderWayGoOnToTheirEnd) {
  std::latch may_end(1);
  std::atomic<int> under_way{0};
  Origin origin([&](Peer& app) {
    const auto request = app.read_message();
    if (request.head.starts_with("GET /socket")) {
      app.write(
          "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
          "Connection: Upgrade\r\n\r\n");
      ++under_way;
      for (auto text = app.read_exactly(1); !text.empty(); text = app.read_exactly(1))
        app.write(text);
      return;
    }
    app.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nbegin\r\n");
    ++under_way;
    may_end.wait();
    app.write("3\r\nend\r\n0\r\n\r\n");
  });
  serve(origin);
  auto stream = client();
  stream.write(get("/stream"));
  auto tunnel = client();
  tunnel.write(get("/socket", "Connection: Upgrade\r\nUpgrade: websocket\r\n"));
  EXPECT_THAT(tunnel.read_until("\r\n\r\n"), HasSubstr("101"));
  ASSERT_TRUE(eventually([&] { return under_way == 2; }));
  for (int i = 0; i < 5; ++i) {
    succeed();
    // The newest answers for all before it.
    EXPECT_EQ(in_flight("shop.test-1"), 2);
    tunnel.write("x");
    EXPECT_EQ(tunnel.read_exactly(1), "x");
  }
  may_end.count_down();
  EXPECT_EQ(stream.read_message().body, "beginend");
  tunnel.close();
  EXPECT_TRUE(eventually([&] { return in_flight("shop.test-1") == 0; }));
}

TEST_F(Handover, AnIdleConnectionGetsOneMoreAnswer) {
  Origin origin(answering([](const Message&) { return response("ok"); }));
  serve(origin);
  auto idle = client();
  EXPECT_EQ(idle.ask(get("/")).field("Connection"), "");
  auto fresh = client();  // accepted, and silent yet
  ASSERT_TRUE(eventually([&] { return control({.status = true}).connections == 2; }));
  TlsPeer shaking(tls_address(), {.name = "shop.test", .trust = {}});
  ASSERT_TRUE(eventually([&] { return control({.status = true}).connections == 3; }));
  succeed();
  for (auto* peer : {&idle, &fresh}) {
    expect_last_answer(*peer);
    EXPECT_TRUE(peer->is_closed_by_peer());
  }
  ASSERT_TRUE(shaking.shake_hands());
  expect_last_answer(shaking);
}

// The head has promised another request, so that one is answered.
TEST_F(Handover, KeepsThePromiseOfAnAnswerThatHadBegun) {
  std::latch may_end(1);
  Origin origin([&](Peer& app) {
    app.read_message();
    app.write("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nbegi");
    may_end.wait();
    app.write("nend");
    while (app.read_message().is_whole) app.write(response("ok"));
  });
  serve(origin);
  auto peer = client();
  peer.write(get("/"));
  EXPECT_THAT(peer.read_until("begi"), HasSubstr("200 OK"));
  succeed();
  may_end.count_down();
  EXPECT_EQ(peer.read_exactly(4), "nend");
  expect_last_answer(peer);
}

TEST_F(Handover, TlsSessionsAreResumed) {
  Origin origin(answering([](const Message&) { return response("ok"); }));
  serve(origin);
  SSL_SESSION* session = nullptr;
  {
    TlsPeer first(tls_address(), {.name = "shop.test", .trust = {}});
    ASSERT_TRUE(first.shake_hands());
    EXPECT_EQ(first.ask(get("/")).body, "ok");
    session = first.session();
  }
  succeed();
  TlsPeer second(tls_address(), {.name = "shop.test", .trust = {}});
  ASSERT_TRUE(second.shake_hands(session));
  EXPECT_TRUE(second.is_resumed());
  ::SSL_SESSION_free(session);
}

// What a deployment relies on: when the new table is in force, nobody sends to the old app.
TEST_F(Handover, TheOneBeforeTakesNewTablesToo) {
  Origin old_app(answering([](const Message&) { return response("old"); }));
  Origin new_app(answering([](const Message&) { return response("new"); }));
  serve(old_app);
  auto kept = client();
  EXPECT_EQ(kept.ask(get("/")).body, "old");
  succeed();
  table.routes[0].upstreams = {{"shop.test-2", new_app.address()}};
  EXPECT_EQ(load_next().error, "");
  EXPECT_EQ(kept.ask(get("/")).body, "new");
}

TEST_F(Handover, AddressesComeAndGo) {
  Origin origin(answering([](const Message&) { return response("ok"); }));
  serve(origin);
  const auto first = parse_address(proxy->addresses().at(0)).value();
  auto wanted = options();
  // The same port on every address now, a new one, and none for TLS.
  wanted.listen = {"0.0.0.0:" + std::to_string(port_of(first)), "127.0.0.2:0"};
  wanted.listen_tls.clear();
  const auto former_tls = tls_address();
  succeed(wanted);
  EXPECT_EQ(Peer::to(to_text(first)).ask(get("/")).body, "ok");
  EXPECT_EQ(Peer::to(proxy->addresses().at(1)).ask(get("/")).body, "ok");
  EXPECT_THAT(proxy->tls_addresses(), IsEmpty());
  EXPECT_TRUE(eventually([&] {
    const auto address = parse_address(former_tls).value();
    const int fd = ::socket(address.family(), SOCK_STREAM | SOCK_CLOEXEC, 0);
    const bool refused = ::connect(fd, address.get(), address.length) != 0;
    ::close(fd);
    return refused;
  }));
}

TEST_F(Handover, WithoutAProxyToReplaceItJustStarts) {
  write_table();
  auto started = Proxy::start(options());
  ASSERT_TRUE(started.has_value()) << started.error().detail();
  EXPECT_FALSE((*started)->has_taken_over());
  proxy = std::move(*started);
  EXPECT_EQ(client().ask(get("/")).status(), 404);
}

}  // namespace
}  // namespace temps::proxy::testing

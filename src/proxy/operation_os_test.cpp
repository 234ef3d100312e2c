// Tables, counts, large bodies and stopping, under load.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <fstream>
#include <latch>
#include <numeric>
#include <string>
#include <thread>
#include <vector>

#include "proxy/address.hpp"
#include "proxy/errors.hpp"
#include "proxy/fixture_for_tests.hpp"

namespace temps::proxy::testing {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;

class Operation : public ProxyTest {
 protected:
  static bool is_listening(const std::string& address) {
    const auto parsed = parse_address(address).value();
    const int fd = ::socket(parsed.family(), SOCK_STREAM | SOCK_CLOEXEC, 0);
    const bool connected = ::connect(fd, parsed.get(), parsed.length) == 0;
    ::close(fd);
    return connected;
  }
};

TEST_F(Operation, SaysThatItStartsUntilThereIsATable) {
  Origin origin(answering([](const Message&) { return response("ok"); }));
  start_without_table();
  const auto starting = ask(get("/"));
  EXPECT_EQ(starting.status(), 503);
  EXPECT_THAT(starting.body, HasSubstr("is starting"));
  add_app("shop.test", {origin.address()});
  write_table();  // nobody tells the proxy
  EXPECT_TRUE(eventually([&] { return ask(get("/")).status() == 200; }));
}

TEST_F(Operation, ABrokenTableLeavesTheOldOneInForce) {
  Origin origin(answering([](const Message&) { return response("ok"); }));
  add_app("shop.test", {origin.address()});
  start();
  std::ofstream(table_path()) << "{ broken";
  const auto reply = control({.load = 2});
  EXPECT_NE(reply.error, "");
  EXPECT_EQ(reply.version, 1);
  EXPECT_EQ(ask(get("/")).status(), 200);
  table.routes[0].upstreams[0].address = "nowhere";
  EXPECT_THAT(load_next().error, HasSubstr("nowhere"));
  EXPECT_EQ(ask(get("/")).status(), 200);
}

TEST_F(Operation, RefusesToReportAVersionThatIsNotThere) {
  start();
  EXPECT_EQ(control({.load = 1}).error, "");
  EXPECT_THAT(control({.load = 5}).error, HasSubstr("not yet 5"));
  EXPECT_NE(control({}).error, "");
}

TEST_F(Operation, TheControlSocketIsForTheOwnerOnly) {
  start();
  struct stat status{};
  ASSERT_EQ(::stat(control_path().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(Operation, CountsWhatIsInFlightUntilItsEnd) {
  std::latch may_answer(1);
  Origin old_app([&](Peer& peer) {
    peer.read_message();
    may_answer.wait();
    peer.write(response("old"));
  });
  Origin new_app(answering([](const Message&) { return response("new"); }));
  add_app("shop.test", {old_app.address()});
  start();
  auto waiting = client();
  waiting.write(get("/"));
  ASSERT_TRUE(eventually([&] { return in_flight("shop.test-1") == 1; }));
  table.routes[0].upstreams = {{"shop.test-2", new_app.address()}};
  const auto loaded = load_next();
  EXPECT_EQ(loaded.error, "");
  EXPECT_EQ(loaded.version, 2);
  EXPECT_EQ(ask(get("/")).body, "new");
  EXPECT_EQ(in_flight("shop.test-1"), 1);
  may_answer.count_down();
  EXPECT_EQ(waiting.read_message().body, "old");
  EXPECT_TRUE(eventually([&] { return in_flight("shop.test-1") == 0; }));
  EXPECT_GE(control({.status = true}).requests, 2);
}

TEST_F(Operation, CountsWhatEachUpstreamAnswers) {
  Origin origin(answering([](const Message& request) {
    if (request.head.find("/broken") != std::string::npos)
      return std::string("HTTP/1.1 500 Broken\r\nContent-Length: 0\r\n\r\n");
    return response("x");
  }));
  Origin rude([](Peer& peer) { peer.read_message(); });
  add_app("shop.test", {origin.address()});
  add_app("rude.test", {rude.address()});
  start();
  EXPECT_EQ(ask(get("/")).status(), 200);
  EXPECT_EQ(ask(get("/")).status(), 200);
  EXPECT_EQ(ask(get("/broken")).status(), 500);
  EXPECT_EQ(ask("GET / HTTP/1.1\r\nHost: rude.test\r\n\r\n").status(), 502);
  const auto shop = control({.upstream = "shop.test-1"}).upstreams.at(0);
  EXPECT_EQ(shop.answers->success, 2);
  EXPECT_EQ(shop.answers->server_error, 1);
  EXPECT_EQ(shop.failures, 0);
  EXPECT_EQ(std::accumulate(shop.answers->latencies.begin(), shop.answers->latencies.end(), 0), 3);
  EXPECT_EQ(control({.upstream = "rude.test-1"}).upstreams.at(0).failures, 1);
  EXPECT_TRUE(control({.upstream = "nobody"}).upstreams.empty());
}

TEST_F(Operation, ReportsItsWork) {
  Origin origin(answering([](const Message&) { return response("x"); }));
  add_app("shop.test", {origin.address()});
  table.routes[0].release = "shop/production/1";
  table.certificates.push_back({.id = "1-1",
                                .names = {"shop.test"},
                                .chain = "/nowhere/chain.pem",
                                .key = "/nowhere/key.pem",
                                .expires = 1'900'000'000});
  start();
  auto open = client();
  EXPECT_EQ(open.ask(get("/")).status(), 200);
  EXPECT_EQ(ask("GET / HTTP/1.1\r\nHost: other.test\r\n\r\n").status(), 404);
  EXPECT_EQ(ask("nonsense\r\n\r\n").status(), 400);
  ASSERT_TRUE(eventually([&] { return control({.report = true}).connections == 1; }));
  const auto reply = control({.report = true});
  const auto& report = reply.report.value();
  EXPECT_EQ(report.answers.success, 1);
  EXPECT_EQ(report.answers.client_error, 2);
  EXPECT_EQ(report.hosts, 1);
  EXPECT_EQ(report.loops, threads);
  EXPECT_EQ(report.certificates.at(0).expires, 1'900'000'000);
  EXPECT_EQ(reply.upstreams.at(0).release, "shop/production/1");
  EXPECT_EQ(reply.upstreams.at(0).address, origin.address());
}

TEST_F(Operation, ClosesIdleConnectionsToAppsThatLeftTheTable) {
  std::atomic<int> open{0};
  Origin origin([&](Peer& peer) {
    ++open;
    while (peer.read_message().is_whole) peer.write(response("x"));
    --open;
  });
  limits.upstream_idle = milliseconds(60'000);
  add_app("shop.test", {origin.address()});
  start();
  ASSERT_EQ(ask(get("/")).body, "x");
  EXPECT_EQ(open, 1);
  table.routes.clear();
  ASSERT_EQ(load_next().error, "");
  EXPECT_TRUE(eventually([&] { return open == 0; }));
}

// Keep-alive clients ask without a pause while the table moves between two apps, and each app is
// gone as soon as nothing is in flight to it: what a deployment does.
TEST_F(Operation, SwapsTablesUnderLoadWithoutAFailedRequest) {
  const auto app = [](const std::string& name) {
    return std::make_unique<Origin>(answering([name](const Message&) { return response(name); }));
  };
  auto present = app("release");
  add_app("shop.test", {present->address()});
  start();
  std::atomic<bool> stop{false};
  std::atomic<int> good{0};
  std::atomic<int> bad{0};
  std::vector<std::thread> clients;
  for (int i = 0; i < 8; ++i)
    clients.emplace_back([&, i] {
      auto peer = client();
      while (!stop) {
        const bool posts = i % 2 == 0;
        const auto answer =
            peer.ask(posts ? "POST / HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 4\r\n\r\nbody"
                           : get("/"));
        ++(answer.status() == 200 && answer.body == "release" ? good : bad);
      }
    });
  for (int release = 2; release <= 21; ++release) {
    auto next = app("release");
    const auto old_id = table.routes[0].upstreams[0].id;
    table.routes[0].upstreams = {{"shop-" + std::to_string(release), next->address()}};
    EXPECT_EQ(load_next().error, "");
    EXPECT_TRUE(eventually([&] { return in_flight(old_id) == 0; }));
    present = std::move(next);  // the old app ends
    const int seen = good;
    EXPECT_TRUE(eventually([&] { return good > seen + 100; }));
  }
  stop = true;
  for (auto& thread : clients) thread.join();
  EXPECT_EQ(bad, 0);
  EXPECT_GT(good, 2000);
}

// Under the address sanitizer freed memory stays resident for a while on purpose.
#if __has_feature(address_sanitizer)
constexpr long growth_max_kilobytes = 600'000;
#else
constexpr long growth_max_kilobytes = 30'000;
#endif

long resident_kilobytes() {
  std::ifstream statm("/proc/self/statm");
  long total = 0;
  long resident = 0;
  statm >> total >> resident;
  return resident * 4;
}

TEST_F(Operation, LargeBodiesToSlowReadersNeedLittleMemory) {
  constexpr std::size_t block = 64UL * 1024;
  constexpr std::size_t blocks = 1600;  // 100 MiB
  std::atomic<std::size_t> received{0};
  Origin origin([&](Peer& peer) {
    const auto head = peer.read_until("\r\n\r\n");
    if (head.starts_with("PUT")) {
      std::this_thread::sleep_for(milliseconds(300));  // the proxy must wait meanwhile
      for (std::size_t i = 0; i < blocks; ++i) received += peer.read_exactly(block).size();
      peer.write(response("taken"));
      return;
    }
    peer.write("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(block * blocks) + "\r\n\r\n");
    const std::string data(block, 'x');
    for (std::size_t i = 0; i < blocks; ++i) peer.write(data);
  });
  limits.body_bytes = 1ULL << 30U;
  add_app("shop.test", {origin.address()});
  start();
  const auto before = resident_kilobytes();
  auto reader = client();
  reader.write(get("/"));
  std::this_thread::sleep_for(milliseconds(300));
  EXPECT_LT(resident_kilobytes() - before, growth_max_kilobytes);
  reader.read_until("\r\n\r\n");
  std::size_t total = 0;
  while (total < block * blocks) {
    const auto got = reader.read_exactly(block).size();
    ASSERT_GT(got, 0U);
    total += got;
  }
  auto writer = client();
  writer.write("PUT / HTTP/1.1\r\nHost: shop.test\r\nContent-Length: " +
               std::to_string(block * blocks) + "\r\n\r\n");
  const std::string data(block, 'y');
  for (std::size_t i = 0; i < blocks; ++i) ASSERT_TRUE(writer.write(data));
  EXPECT_EQ(writer.read_message().body, "taken");
  EXPECT_EQ(received, block * blocks);
  EXPECT_LT(resident_kilobytes() - before, growth_max_kilobytes);
}

TEST_F(Operation, StopsGracefully) {
  std::latch may_answer(1);
  std::atomic<bool> asked{false};
  Origin origin([&](Peer& peer) {
    peer.read_message();
    asked = true;
    may_answer.wait();
    peer.write(response("in time"));
  });
  add_app("shop.test", {origin.address()});
  start();
  const auto address = proxy->addresses().at(0);
  auto idle = client();
  auto busy = client();
  busy.write(get("/"));
  ASSERT_TRUE(eventually([&] { return asked.load(); }));
  std::thread stopper([&] { proxy->stop(); });
  EXPECT_TRUE(idle.is_closed_by_peer());
  may_answer.count_down();
  const auto answer = busy.read_message();
  EXPECT_EQ(answer.body, "in time");
  EXPECT_EQ(answer.field("Connection"), "close");
  stopper.join();
  EXPECT_TRUE(busy.is_closed_by_peer());
}

TEST_F(Operation, CutsOffWhatDoesNotEndInTime) {
  Origin origin([](Peer& peer) { peer.read_rest(); });
  drain_limit = std::chrono::seconds(1);
  add_app("shop.test", {origin.address()});
  start();
  auto peer = client();
  peer.write(get("/"));
  ASSERT_TRUE(eventually([&] { return in_flight("shop.test-1") == 1; }));
  proxy->stop();
  EXPECT_TRUE(peer.is_closed_by_peer());
}

TEST_F(Operation, EndsOnSigtermAfterTheRequestInFlight) {
  std::latch may_answer(1);
  std::atomic<bool> asked{false};
  // The child is made before any thread: `run` blocks its signals first of all.
  const auto address = [] { return Origin([](Peer&) {}).address(); }();
  const pid_t child = ::fork();
  if (child == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const auto ended = run({.listen = {address}, .table_path = table_path(), .threads = 1});
    ::_exit(ended ? 0 : 1);
  }
  Origin origin([&](Peer& peer) {
    peer.read_message();
    asked = true;
    may_answer.wait();
    peer.write(response("in time"));
  });
  add_app("shop.test", {origin.address()});
  write_table();
  const auto is_up = [&] { return Peer::to(address).ask(get("/", "", "no.test")).status() == 404; };
  ASSERT_TRUE(eventually([&] { return is_listening(address) && is_up(); }));
  auto peer = Peer::to(address);
  peer.write(get("/"));
  ASSERT_TRUE(eventually([&] { return asked.load(); }));
  ::kill(child, SIGTERM);
  EXPECT_TRUE(eventually([&] { return !is_listening(address); }));
  may_answer.count_down();
  EXPECT_EQ(peer.read_message().body, "in time");
  peer.close();
  int status = -1;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

TEST_F(Operation, NamesTheAddressThatIsInUse) {
  start();
  const auto address = proxy->addresses().at(0);
  const auto second = Proxy::start({.listen = {address}, .table_path = table_path()});
  ASSERT_FALSE(second.has_value());
  EXPECT_TRUE(second.error().is(errors::address_in_use));
  EXPECT_THAT(std::string(second.error().detail()), HasSubstr(address));
  EXPECT_THAT(std::string(second.error().detail()), HasSubstr("--listen"));
  const auto bad = Proxy::start({.listen = {"localhost"}, .table_path = table_path()});
  ASSERT_FALSE(bad.has_value());
  EXPECT_TRUE(bad.error().is(errors::bad_address));
}

TEST_F(Operation, TakesOverTheControlSocketOfAKilledProxyOnly) {
  std::ofstream(table_path()) << "{}";
  {
    Origin dead([](Peer&) {}, "unix:" + control_path());  // leaves its socket file behind
  }
  start();
  EXPECT_EQ(control({.status = true}).error, "");
  const auto second = Proxy::start(
      {.listen = {"127.0.0.1:0"}, .table_path = table_path(), .control_path = control_path()});
  ASSERT_FALSE(second.has_value());
  EXPECT_TRUE(second.error().is(errors::address_in_use));
}

}  // namespace
}  // namespace temps::proxy::testing

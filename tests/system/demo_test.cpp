// `temps demo`, and its offer at a terminal.
#include <gmock/gmock.h>

#include <array>
#include <atomic>
#include <thread>

#include "core/concurrency.hpp"
#include "core/text.hpp"
#include "net/socket.hpp"
#include "system/checkout.hpp"
#include "system/pty.hpp"
#include "system/world.hpp"

namespace temps::e2e {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(Demo, IsDeployedAndDeployedAgainWithoutAQuestion) {
  World world;
  ASSERT_TRUE(world.start()) << world.printed();
  const Words words{"demo", "--data-dir", world.data().string()};
  for (int round = 0; round < 2; ++round) {
    const auto shown = world.temps(words);
    EXPECT_EQ(shown.code, 0) << shown.all();
    EXPECT_THAT(shown.out, HasSubstr("http://" + world.host("hello-node")));
    EXPECT_TRUE(world.visit("hello-node").says("It works."));
  }
}

TEST(Demo, LeavesAProjectOfTheSameNameAlone) {
  World world;
  ASSERT_TRUE(world.start()) << world.printed();
  world.make_owner();
  Checkout mine(world, "hello-node");
  mine.write("index.html", "<h1>my own</h1>");
  ASSERT_EQ(mine.release("mine").code, 0);
  const auto refused = world.temps({"demo", "--data-dir", world.data().string()});
  EXPECT_EQ(refused.code, 1) << refused.all();
  EXPECT_THAT(refused.err, HasSubstr("temps project delete hello-node"));
  EXPECT_TRUE(world.visit("hello-node").says("my own"));
}

// A server that fails at whatever it is asked, and remembers what that was.
class FailingServer {
 public:
  explicit FailingServer(std::uint16_t port) : port_(port), thread_([this] { serve(); }) {}
  ~FailingServer() { (void)asked(); }
  // Ends it.
  std::string asked() {
    stopping_ = true;
    if (thread_.joinable()) thread_.join();
    return asked_;
  }

 private:
  void serve() {
    net::Loop loop;
    auto listener = net::Listener::open(loop, {.host = "127.0.0.1", .port = port_, .path = {}});
    while (!stopping_) {
      auto peer = loop.run(within(100ms, listener->accept()));
      if (peer) (void)loop.run(within(5s, answer(std::move(*peer), asked_)));
    }
  }
  static Task<> answer(net::Descriptor peer, std::string& asked) {
    std::array<char, 8192> buffer{};
    const auto got = co_await peer.read_some(buffer);
    asked += std::string(cut(std::string_view(buffer.data(), got), "\r\n").first) + "\n";
    co_await peer.write_all(
        "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  }

  std::uint16_t port_;
  std::atomic<bool> stopping_ = false;
  std::string asked_;
  std::thread thread_;
};

TEST(Demo, DoesNotTakeAFailureForAnAbsentProject) {
  World world;
  FailingServer server(world.port());
  auto call = world.call({temps_binary(), "demo", "--url", world.url()});
  call.environment["TEMPS_TOKEN"] = "tk_x";
  const auto failed = run(world.loop(), std::move(call));
  EXPECT_EQ(failed.code, 1) << failed.all();
  const auto asked = server.asked();
  EXPECT_THAT(asked, AllOf(HasSubstr("GET /api/v1/projects/hello-node"), Not(HasSubstr("POST"))));
}

TEST(Demo, TheCommandsThatArePrintedWorkAsTheyStand) {
  World world;
  ASSERT_TRUE(world.start()) << world.printed();
  EXPECT_THAT(world.printed(),
              AllOf(HasSubstr(temps_binary() + " login " + world.url()),
                    HasSubstr(temps_binary() + " demo --data-dir " + world.data().string())));
  EXPECT_THAT(world.api("GET", "/").body,
              HasSubstr(temps_binary() + " admin create --data-dir " + world.data().string()));
}

// `temps up` at a terminal.
Background up_at(World& world, const Terminal& terminal) {
  return {world.loop(),
          world.call(terminal.attached({temps_binary(), "up", "--data-dir", world.data().string(),
                                        "--listen", fmt::format("127.0.0.1:{}", world.port()),
                                        "--runtime", "process"})),
          {world.folder() / "up.out", world.folder() / "up.err"}};
}

TEST(Offer, IsMadeOnceAndTakenByReturn) {
  World world;
  Terminal terminal(world.loop());
  {
    auto up = up_at(world, terminal);
    ASSERT_TRUE(terminal.shows("hello-node now? [Y/n]", 60s)) << terminal.shown();
    terminal.type("\n");
    EXPECT_TRUE(terminal.shows("The demo is live: http://" + world.host("hello-node"), 60s))
        << terminal.shown();
    terminal.type("\x03");
    EXPECT_EQ(up.wait(90s), 0) << terminal.shown();
  }
  Terminal second(world.loop());
  auto up = up_at(world, second);
  ASSERT_TRUE(second.shows("Temps is ready", 60s)) << second.shown();
  EXPECT_FALSE(second.shows("[Y/n]", 2s)) << second.shown();
  up.signal(SIGTERM);
  EXPECT_EQ(up.wait(90s), 0);
}

TEST(Offer, HoldsNothingUpAndMayBeDeclined) {
  World world;
  Terminal terminal(world.loop());
  auto up = up_at(world, terminal);
  ASSERT_TRUE(terminal.shows("[Y/n]", 60s)) << terminal.shown();
  EXPECT_EQ(world.api("GET", "/api/v1/openapi.json").status, 200);
  terminal.type("n\n");
  EXPECT_FALSE(terminal.shows("Deploying", 2s)) << terminal.shown();
  up.signal(SIGTERM);
  EXPECT_EQ(up.wait(90s), 0);
}

TEST(Offer, IsNotMadeWhereNobodySits) {
  World world;
  ASSERT_TRUE(world.start()) << world.printed();
  (void)world.loop().run(temps::sleep(1s));
  EXPECT_THAT(world.printed(), Not(HasSubstr("[Y/n]")));
}

}  // namespace
}  // namespace temps::e2e

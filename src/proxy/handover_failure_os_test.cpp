// Handovers that fail: whatever a successor does wrong, the proxy that runs goes on.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstring>
#include <future>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "proxy/errors.hpp"
#include "proxy/fixture_for_tests.hpp"
#include "proxy/handover.hpp"
#include "proxy/listener.hpp"
#include "proxy/socket_passing.hpp"

namespace temps::proxy::testing {
namespace {

using std::chrono::milliseconds;
using ::testing::AllOf;
using ::testing::HasSubstr;

// A successor that says what the test wants, and nothing more.
class Pretender {
 public:
  explicit Pretender(const std::string& control_path) : peer_(Peer::to("unix:" + control_path)) {}

  void say(std::string_view line) { peer_.write(std::string(line) + "\n"); }
  // Empty when the proxy has ended the conversation. The sockets that come are kept.
  std::string hear() {
    for (;;) {
      auto& text = received_.text;
      text.erase(0, std::min(text.find_first_not_of('\n'), text.size()));
      if (const auto end = text.find('\n'); end != std::string::npos) {
        auto line = text.substr(0, end);
        text.erase(0, end + 1);
        return line;
      }
      const auto more = receive(peer_.fd(), received_, handover_sockets_max);
      if (!more || !*more) return {};
    }
  }
  [[nodiscard]] std::size_t sockets() const { return received_.sockets.size(); }

 private:
  Peer peer_;
  Received received_;
};

class HandoverFailure : public ProxyTest {
 protected:
  Origin origin{answering([](const Message&) { return response("ok"); })};
  std::vector<std::string> successor;
  std::string notify_socket;
  milliseconds handover_limit{10'000};

  [[nodiscard]] Options options() const {
    return {.listen = {"127.0.0.1:0"},
            .listen_tls = {},
            .table_path = table_path(),
            .control_path = control_path(),
            .threads = threads,
            .drain_limit = drain_limit,
            .limits = limits,
            .successor = successor,
            .notify_socket = notify_socket,
            .handover_limit = handover_limit};
  }
  void serve() {
    add_app("shop.test", {origin.address()});
    write_table();
    auto started = Proxy::start(options());
    ASSERT_TRUE(started.has_value()) << started.error().detail();
    proxy = std::move(*started);
  }
  void expect_goes_on() {
    EXPECT_FALSE(proxy->is_handed_over());
    for (int i = 0; i < 8; ++i) {
      const auto answer = client().ask(get("/"));
      EXPECT_EQ(answer.body, "ok");
      EXPECT_EQ(answer.field("Connection"), "");
    }
    EXPECT_EQ(control({.status = true}).error, "");
  }
  // The next one in earnest.
  void expect_hands_over() {
    auto wanted = options();
    wanted.take_over = true;
    auto started = Proxy::start(wanted);
    ASSERT_TRUE(started.has_value()) << started.error().detail();
    EXPECT_TRUE(eventually([&] { return proxy->is_handed_over(); }));
    EXPECT_EQ(client().ask(get("/")).body, "ok");
    proxy = std::move(*started);
  }
  [[nodiscard]] std::string script(const std::string& name, const std::string& body) const {
    const auto path = folder.path() / name;
    EXPECT_TRUE(files::write_atomically(path, "#!/bin/sh\n" + body + "\n", 0755).has_value());
    return path;
  }
};

TEST_F(HandoverFailure, ASuccessorThatLeavesAtAnyStep) {
  serve();
  for (int steps = 0; steps < 3; ++steps) {
    {
      Pretender pretender(control_path());
      if (steps > 0) {
        pretender.say(R"({"handover":1})");
        EXPECT_THAT(pretender.hear(), HasSubstr(proxy->addresses().at(0)));
        EXPECT_EQ(pretender.sockets(), 3U);  // two loops, and the control socket
      }
      if (steps > 1) {
        pretender.say(R"({"step":"ready"})");
        EXPECT_THAT(pretender.hear(), HasSubstr("yours"));
      }
    }
    // A request waits in the kernel while the place is nobody's.
    expect_goes_on();
  }
  expect_hands_over();
}

TEST_F(HandoverFailure, ASuccessorThatGivesUpOrTalksNonsense) {
  serve();
  for (const auto* line :
       {R"({"step":"failed","error":"no memory"})", R"({"step":"serving"})", "nonsense"}) {
    Pretender pretender(control_path());
    pretender.say(R"({"handover":1})");
    ASSERT_NE(pretender.hear(), "");
    pretender.say(line);
    EXPECT_THAT(pretender.hear(), HasSubstr("failed"));
    EXPECT_EQ(pretender.hear(), "");
    expect_goes_on();
  }
  expect_hands_over();
}

TEST_F(HandoverFailure, ASuccessorThatTakesTooLong) {
  handover_limit = milliseconds(200);
  serve();
  Pretender pretender(control_path());
  pretender.say(R"({"handover":1})");
  EXPECT_NE(pretender.hear(), "");
  EXPECT_THAT(pretender.hear(), AllOf(HasSubstr("failed"), HasSubstr("took too long")));
  expect_goes_on();
}

TEST_F(HandoverFailure, OneAtATime) {
  serve();
  Pretender first(control_path());
  first.say(R"({"handover":1})");
  EXPECT_NE(first.hear(), "");
  Pretender second(control_path());
  second.say(R"({"handover":1})");
  EXPECT_THAT(second.hear(), HasSubstr("under way"));
  EXPECT_EQ(second.sockets(), 0U);
  EXPECT_THAT(control({.reload = true}).error, HasSubstr("under way"));
  first.say(R"({"step":"ready"})");
  EXPECT_THAT(first.hear(), HasSubstr("yours"));
}

// Each has a queue: with fewer loops none may be closed, with more there are more.
TEST_F(HandoverFailure, SocketsAreNeverFewer) {
  threads = 4;
  serve();
  for (const auto [loops, sockets] : {std::pair{1U, 4U}, {3U, 4U}, {6U, 6U}}) {
    threads = loops;
    expect_hands_over();
    Pretender pretender(control_path());
    pretender.say(R"({"handover":1})");
    EXPECT_NE(pretender.hear(), "");
    EXPECT_EQ(pretender.sockets(), sockets + 1);  // and the control socket
    pretender.say(R"({"step":"failed"})");
    EXPECT_THAT(pretender.hear(), HasSubstr("failed"));
  }
}

TEST_F(HandoverFailure, AnotherVersionOfTheMessages) {
  serve();
  Pretender pretender(control_path());
  pretender.say(R"({"handover":2})");
  EXPECT_THAT(pretender.hear(),
              AllOf(HasSubstr("version 2"), HasSubstr("version 1"), HasSubstr("restart")));
  EXPECT_EQ(pretender.sockets(), 0U);
  expect_goes_on();
}

TEST_F(HandoverFailure, TheWholeProxyIsToldToStop) {
  serve();
  Pretender pretender(control_path());
  pretender.say(R"({"handover":1})");
  EXPECT_NE(pretender.hear(), "");
  pretender.say(R"({"step":"ready"})");
  EXPECT_THAT(pretender.hear(), HasSubstr("yours"));
  proxy->stop();
  EXPECT_THAT(pretender.hear(), AllOf(HasSubstr("failed"), HasSubstr("stops")));
  EXPECT_FALSE(proxy->is_handed_over());
}

TEST_F(HandoverFailure, NothingIsHandedOverByOneThatStops) {
  std::promise<void> may_answer;
  Origin slow([&](Peer& app) {
    app.read_message();
    may_answer.get_future().wait();
    app.write(response("late"));
  });
  add_app("slow.test", {slow.address()});
  serve();
  auto busy = client();
  busy.write(get("/", "", "slow.test"));
  ASSERT_TRUE(eventually([&] { return in_flight("slow.test-1") == 1; }));
  std::thread stopper([&] { proxy->stop(); });
  EXPECT_TRUE(eventually([&] {
    return control({.reload = true}).error.find("the proxy stops") != std::string::npos;
  }));
  Pretender pretender(control_path());
  pretender.say(R"({"handover":1})");
  EXPECT_THAT(pretender.hear(), HasSubstr("the proxy stops"));
  may_answer.set_value();
  EXPECT_EQ(busy.read_message().body, "late");
  stopper.join();
}

TEST_F(HandoverFailure, AProgramThatDoesNotBecomeASuccessor) {
  handover_limit = milliseconds(300);
  struct Case {
    std::vector<std::string> command;
    std::string reason;
  };
  for (const auto& [command, reason] :
       std::vector<Case>{{{folder.path() / "missing"}, "No such file"},
                         {{script("fails", "exit 7")}, "exit code 7"},
                         {{script("crashes", "kill -SEGV $$")}, "signal 11"},
                         {{script("hangs", "exec sleep 1000")}, "took too long"},
                         {{}, "does not know the program"}}) {
    table.routes.clear();
    successor = command;
    serve();
    EXPECT_THAT(control({.reload = true}).error, HasSubstr(reason));
    expect_goes_on();
    const auto asked = ask_reload(control_path());
    ASSERT_FALSE(asked.has_value());
    EXPECT_THAT(std::string(asked.error().detail()), HasSubstr(reason));
    proxy.reset();
  }
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1) << "a child is left";
}

TEST_F(HandoverFailure, AnAddressThatAnotherProgramHas) {
  Origin stranger([](Peer&) {});
  serve();
  auto wanted = options();
  wanted.take_over = true;
  wanted.listen.push_back(stranger.address());
  const auto started = Proxy::start(wanted);
  ASSERT_FALSE(started.has_value());
  EXPECT_TRUE(started.error().is(errors::address_in_use));
  expect_goes_on();
  expect_hands_over();
}

TEST_F(HandoverFailure, ASuccessorThatCannotReadTheTable) {
  serve();
  auto wanted = options();
  wanted.take_over = true;
  wanted.table_path = folder.path() / "elsewhere.json";
  const auto started = Proxy::start(wanted);
  ASSERT_FALSE(started.has_value());
  EXPECT_THAT(std::string(started.error().detail()), HasSubstr("elsewhere.json"));
  expect_goes_on();
}

// Its sockets came before it died, so nothing that waits in their queues is lost.
TEST_F(HandoverFailure, APredecessorThatDiesLeavesItsSockets) {
  add_app("shop.test", {origin.address()});
  write_table();
  auto address = parse_address("127.0.0.1:0").value();
  files::OwnedFd web(open_listener(address).value());
  auto waiting = Peer::to(to_text(address));
  waiting.write(get("/"));
  auto control_address = parse_address("unix:" + control_path()).value();
  files::OwnedFd control_socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  ASSERT_EQ(::bind(control_socket.get(), control_address.get(), control_address.length), 0);
  ASSERT_EQ(::listen(control_socket.get(), 4), 0);
  std::thread dying([&] {
    Peer peer(::accept(control_socket.get(), nullptr, nullptr));
    EXPECT_THAT(peer.read_until("\n"), HasSubstr(R"("handover":1)"));
    const std::vector<int> sockets{web.get(), control_socket.get()};
    EXPECT_TRUE(pass_sockets(peer.fd(), sockets).has_value());
    peer.write(encode(
        Offer{.handover = 1,
              .table = 1,
              .listeners = {{.asked = "127.0.0.1:0", .address = to_text(address), .count = 1}}}));
    EXPECT_THAT(peer.read_until("\n"), HasSubstr("ready"));
    web.reset();
    control_socket.reset();
  });
  auto wanted = options();
  wanted.take_over = true;
  auto started = Proxy::start(wanted);
  dying.join();
  ASSERT_TRUE(started.has_value()) << started.error().detail();
  proxy = std::move(*started);
  EXPECT_EQ(waiting.read_message().body, "ok");
  EXPECT_EQ(control({.status = true}).version, 1);
}

TEST_F(HandoverFailure, AnotherUsersProcessGetsNothing) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root, to become another user";
  serve();
  ::chmod(folder.path().c_str(), 0755);
  ::chmod(control_path().c_str(), 0666);
  const pid_t child = ::fork();
  if (child == 0) {
    constexpr uid_t nobody = 65534;
    if (::setuid(nobody) != 0) ::_exit(2);
    Pretender pretender(control_path());
    pretender.say(R"({"handover":1})");
    const auto answer = pretender.hear();
    const bool refused = answer.find("same user") != std::string::npos && pretender.sockets() == 0;
    ::_exit(refused ? 0 : 1);
  }
  int status = -1;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
  expect_goes_on();
}

TEST_F(HandoverFailure, TheServiceManagerHearsOfIt) {
  notify_socket = folder.path() / "notify";
  const files::OwnedFd manager(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const auto address = parse_address("unix:" + notify_socket).value();
  ASSERT_EQ(::bind(manager.get(), address.get(), address.length), 0);
  const timeval limit{.tv_sec = 10, .tv_usec = 0};
  ::setsockopt(manager.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  const auto next = [&] {
    std::string text(1000, '\0');
    const auto got = ::recv(manager.get(), text.data(), text.size(), 0);
    text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return text;
  };
  serve();
  {
    Pretender pretender(control_path());
    pretender.say(R"({"handover":1})");
    EXPECT_NE(pretender.hear(), "");
    EXPECT_THAT(next(), AllOf(HasSubstr("RELOADING=1"), HasSubstr("MONOTONIC_USEC=")));
  }
  EXPECT_EQ(next(), "READY=1");
  expect_hands_over();
  EXPECT_THAT(next(), HasSubstr("RELOADING=1"));
  EXPECT_EQ(next(), "MAINPID=" + std::to_string(::getpid()) + "\nREADY=1");
}

}  // namespace
}  // namespace temps::proxy::testing

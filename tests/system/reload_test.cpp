// A new binary or new settings without a lost connection: `temps proxy reload`, SIGHUP, `temps up`.
#include <gmock/gmock.h>
#include <signal.h>

#include <filesystem>
#include <fstream>

#include "net/socket.hpp"
#include "proxy/visitors_for_tests.hpp"
#include "routing/table.hpp"
#include "system/apps.hpp"
#include "system/load.hpp"
#include "system/processes.hpp"

namespace temps::e2e {
namespace {

namespace fs = std::filesystem;
using proxy::testing::Message;
using proxy::testing::Origin;
using proxy::testing::Peer;
using proxy::testing::Visitors;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// `temps proxy` alone, as under systemd, with an app and a certificate.
class ProxyReload : public ::testing::Test {
 protected:
  ProxyReload() {
    fs::create_directories(data / "run");
    fs::create_directories(data / "routes");
    install("temps");
    routing::Table table{.version = 1};
    table.routes.push_back({.host = "shop.test", .upstreams = {{"shop-1", app.address()}}});
    table.certificates.push_back(
        proxy::testing::make_certificate(folder.path(), "shop", {"shop.test"}));
    EXPECT_TRUE(files::write_atomically(data / "routes/table.json", routing::encode_table(table)));
  }
  ~ProxyReload() override {
    for (const auto& process : processes_in(data.string())) ::kill(process.pid, SIGKILL);
  }
  // As an update does: the file at the path is another one afterwards.
  void install(const std::string& name) const {
    fs::copy_file(temps_binary(), data / "new");
    fs::rename(data / "new", data / name);
  }
  [[nodiscard]] Call call(Words words) const {
    words.insert(words.begin(), (data / "temps").string());
    words.insert(words.end(), {"--data-dir", data.string()});
    return {.command = std::move(words),
            .environment = {{"PATH", "/usr/bin:/bin"}, {"HOME", folder.path()}}};
  }
  void start() {
    first.emplace(loop,
                  call({"proxy", "--listen", plain, "--listen-tls", tls, "--proxy-threads", "2"}),
                  Background::Files{folder.path() / std::string("out"), log_file()});
    ASSERT_TRUE(first->says("listens for TLS")) << log();
  }
  Outcome reload() { return run(loop, call({"proxy", "reload"})); }
  // The one that serves is the youngest.
  [[nodiscard]] std::vector<Process> proxies() const {
    auto found = processes_in(data.string());
    std::erase_if(found, [](const Process& process) {
      return process.command.find(" proxy ") == std::string::npos;
    });
    return found;
  }
  [[nodiscard]] fs::path log_file() const { return folder.path() / std::string("log"); }
  [[nodiscard]] std::string log() const { return content(log_file()); }
  static std::string address() { return fmt::format("127.0.0.1:{}", net::free_port().value()); }

  files::TemporaryFolder folder;
  fs::path data = folder.path() / std::string("data");
  net::Loop loop;
  Origin app{[](Peer& peer) {
    for (;;) {
      const auto request = peer.read_message();
      if (!request.is_whole) return;
      if (request.head.starts_with("GET /socket")) break;
      peer.write(proxy::testing::response("ok"));
    }
    peer.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n");
    for (auto text = peer.read_exactly(1); !text.empty(); text = peer.read_exactly(1))
      peer.write(text);
  }};
  std::string plain = address();
  std::string tls = address();
  std::optional<Background> first;
};

TEST_F(ProxyReload, BinaryUpgradeUnderLoadWithoutAFailedRequest) {
  start();
  auto tunnel = Peer::to(plain);
  tunnel.write(proxy::testing::get("/socket", "Connection: Upgrade\r\nUpgrade: x\r\n"));
  ASSERT_THAT(tunnel.read_until("\r\n\r\n"), HasSubstr("101"));
  Visitors visitors({.plain = plain, .tls = tls});
  const auto more = [&](int count) {
    return eventually(
        loop, [&, seen = visitors.answered()] { return visitors.answered() > seen + count; });
  };
  for (int i = 0; i < 6; ++i) {
    ASSERT_TRUE(more(300));
    install("temps");
    if (i % 2 == 0) {
      const auto done = reload();
      EXPECT_EQ(done.code, 0) << done.all();
    } else {
      const auto last = proxies().back().pid;
      ::kill(last, SIGHUP);
      EXPECT_TRUE(eventually(loop, [&] { return proxies().back().pid != last; })) << log();
    }
    tunnel.write("x");
    EXPECT_EQ(tunnel.read_exactly(1), "x");
  }
  ASSERT_TRUE(more(300));
  visitors.stop();
  EXPECT_THAT(visitors.failures(), IsEmpty()) << log();
  EXPECT_THAT(log(), ::testing::Not(HasSubstr("\"level\":\"error\""))) << log();
  tunnel.write("y");
  EXPECT_EQ(tunnel.read_exactly(1), "y");
  tunnel.close();
  EXPECT_EQ(first->wait(), 0);
  // What was told to end has ended, and one serves.
  EXPECT_TRUE(eventually(loop, [&] { return proxies().size() == 1; })) << log();
  ::kill(proxies().at(0).pid, SIGTERM);
  EXPECT_TRUE(eventually(loop, [&] { return proxies().empty(); })) << log();
}

TEST_F(ProxyReload, NewSettingsComeWithIt) {
  std::ofstream(folder.path() / std::string("temps.toml")) << "proxy_threads = 1\n";
  first.emplace(loop,
                call({"proxy", "--listen", plain, "--config",
                      (folder.path() / std::string("temps.toml")).string()}),
                Background::Files{folder.path() / std::string("out"), log_file()});
  ASSERT_TRUE(first->says("proxy listens")) << log();
  std::ofstream(folder.path() / std::string("temps.toml"))
      << fmt::format("listen_tls = \"{}\"\n", tls);
  EXPECT_EQ(reload().code, 0) << log();
  proxy::testing::TlsPeer peer(tls, {.name = "shop.test", .trust = {}});
  ASSERT_TRUE(peer.shake_hands()) << log();
  EXPECT_EQ(peer.ask(proxy::testing::get("/")).body, "ok");
  // A mistake is told, and changes nothing.
  std::ofstream(folder.path() / std::string("temps.toml")) << "listen_tls = \"nowhere\"\n";
  const auto refused = reload();
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.err, HasSubstr("exit code 2"));
  EXPECT_THAT(log(), HasSubstr("nowhere"));
  EXPECT_EQ(Peer::to(plain).ask(proxy::testing::get("/")).body, "ok");
}

TEST_F(ProxyReload, ABinaryThatIsMissingOrBroken) {
  start();
  fs::rename(data / "temps", data / "aside");
  auto words = call({"proxy", "reload"});
  words.command[0] = (data / "aside").string();
  const auto missing = run(loop, words);
  EXPECT_EQ(missing.code, 1);
  EXPECT_THAT(missing.err, HasSubstr("No such file"));
  std::ofstream(data / "temps") << "#!/bin/sh\nexit 9\n";
  fs::permissions(data / "temps", fs::perms(0755));
  const auto broken = run(loop, words);
  EXPECT_EQ(broken.code, 1);
  EXPECT_THAT(broken.err, HasSubstr("exit code 9"));
  EXPECT_EQ(Peer::to(plain).ask(proxy::testing::get("/")).body, "ok");
  fs::rename(data / "aside", data / "temps");
  EXPECT_EQ(reload().code, 0) << log();
  EXPECT_EQ(first->wait(), 0);
  EXPECT_EQ(Peer::to(plain).ask(proxy::testing::get("/")).body, "ok");
  EXPECT_EQ(run(loop, call({"proxy", "reload"})).code, 0);
}

class UpReload : public ::testing::Test {
 protected:
  void SetUp() override {
    settings = world.folder() / "temps.toml";
    std::ofstream(settings) << "proxy_threads = 2\n";
    world.set_variable("TEMPS_CONFIG", settings.string());
    ASSERT_TRUE(world.start()) << world.printed();
    world.make_owner();
    app.emplace(world, "shop");
    write_node_app(*app, {.page = "page-1"});
    ASSERT_EQ(app->release("one").code, 0);
  }
  // The children of `up` that are proxies.
  std::vector<int> proxies() {
    std::vector<int> found;
    for (const auto& process : descendants(world.up().pid()))
      if (process.command.find(temps_binary() + " proxy") != std::string::npos &&
          is_running(process.pid))
        found.push_back(process.pid);
    return found;
  }
  Outcome reload() { return world.temps({"proxy", "reload", "--data-dir", world.data().string()}); }
  bool becomes_another(int former) {
    return eventually(world.loop(), [&] {
      const auto now = proxies();
      return now.size() == 1 && now[0] != former;
    });
  }
  World world;
  fs::path settings;
  std::optional<Checkout> app;
};

TEST_F(UpReload, ItsProxyIsReplacedAndSupervised) {
  Load load(
      {.port = world.port(), .host = world.host("shop"), .in_flight = 10, .expected = "page-"});
  for (int i = 0; i < 3; ++i) {
    const auto before = proxies();
    ASSERT_EQ(before.size(), 1U);
    world.up().signal(SIGHUP);
    EXPECT_TRUE(becomes_another(before[0])) << world.printed();
    const auto between = proxies();
    const auto done = reload();
    EXPECT_EQ(done.code, 0) << done.all();
    EXPECT_TRUE(becomes_another(between.at(0))) << world.printed();
  }
  EXPECT_THAT(load.stop().failures, IsEmpty());
  // A release waits for what the proxies before have in flight, and is served.
  write_node_app(*app, {.page = "page-2"});
  ASSERT_EQ(app->release("two").code, 0);
  EXPECT_EQ(world.visit("shop").body, "page-2\n");
  // It is the part now: started again when it dies.
  const auto last = proxies().at(0);
  ::kill(last, SIGKILL);
  EXPECT_TRUE(becomes_another(last)) << world.printed();
  EXPECT_TRUE(eventually(world.loop(), [&] { return world.visit("shop").body == "page-2\n"; }));
  world.stop();
  EXPECT_TRUE(processes_in(world.data().string()).empty()) << "something was left running";
}

// The file is read anew by the successor alone, and the reason is known at once.
TEST_F(UpReload, AWrongSettingLeavesItsProxyServing) {
  const auto before = proxies();
  std::ofstream(settings) << "proxy_threads = 1000\n";
  const auto refused = reload();
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.err, HasSubstr("does not start"));
  EXPECT_THAT(world.printed(), HasSubstr("a number from 0 to 256"));
  EXPECT_EQ(proxies(), before);
  EXPECT_EQ(world.visit("shop").body, "page-1\n");
  std::ofstream(settings) << "proxy_threads = 1\n";
  EXPECT_EQ(reload().code, 0);
  EXPECT_TRUE(becomes_another(before.at(0)));
}

TEST_F(UpReload, TheSuccessorDiesWithUp) {
  const auto before = proxies().at(0);
  ASSERT_EQ(reload().code, 0);
  ASSERT_TRUE(becomes_another(before));
  const auto successor = proxies().at(0);
  world.up().signal(SIGKILL);
  EXPECT_TRUE(eventually(world.loop(), [&] { return !is_running(successor); }));
  world.kill_everything();
}

}  // namespace
}  // namespace temps::e2e

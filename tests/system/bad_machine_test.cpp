// Machines on which Temps cannot start or cannot go on, each with what to do next.
#include <gmock/gmock.h>
#include <sys/mount.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <thread>

#include "core/text.hpp"
#include "net/socket.hpp"
#include "system/apps.hpp"
#include "system/engine.hpp"
#include "system/world.hpp"

namespace temps::e2e {
namespace {

using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::HasSubstr;

#define NEEDS_ROOT()                                              \
  if (::geteuid() != 0) {                                         \
    GTEST_SKIP() << "SKIPPED: only root can make such a machine"; \
  }

constexpr unsigned nobody = 65534;
const Words as_nobody{"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"};

// `temps up` that is expected to end by itself.
Outcome failing_up(World& world, Words more = {}, Variables variables = {}, Words wrapper = {}) {
  Words words = std::move(wrapper);
  for (const auto& word :
       {temps_binary(), std::string("up"), std::string("--data-dir"), world.data().string(),
        std::string("--listen"), fmt::format("127.0.0.1:{}", world.port())}) {
    words.push_back(word);
  }
  words.insert(words.end(), more.begin(), more.end());
  auto call = world.call(std::move(words), world.folder().string());
  for (const auto& [name, value] : variables) call.environment[name] = value;
  call.limit = 60s;
  return run(world.loop(), std::move(call));
}

TEST(BadMachine, WhosePortIsInUseIsTold) {
  World world;
  auto other =
      net::Listener::open(world.loop(), {.host = "127.0.0.1", .port = world.port(), .path = {}});
  ASSERT_TRUE(other);
  const auto ended = failing_up(world);
  EXPECT_EQ(ended.code, 1) << ended.all();
  EXPECT_THAT(ended.err, AllOf(HasSubstr(std::to_string(world.port())), HasSubstr("in use"),
                               HasSubstr("--listen")));
}

TEST(BadMachine, WhereALowPortIsNotAllowedIsTold) {
  NEEDS_ROOT()
  if (std::stoi(content("/proc/sys/net/ipv4/ip_unprivileged_port_start")) <= 81) {
    GTEST_SKIP() << "SKIPPED: this machine lets everybody listen on low ports";
  }
  World world;
  std::filesystem::create_directories(world.data());
  ASSERT_EQ(::chown(world.data().c_str(), nobody, nobody), 0);
  const auto ended = failing_up(world, {"--listen", "127.0.0.1:81"}, {}, as_nobody);
  EXPECT_EQ(ended.code, 1) << ended.all();
  EXPECT_THAT(ended.err,
              AllOf(HasSubstr("CAP_NET_BIND_SERVICE"), HasSubstr("--listen 0.0.0.0:8080")));
}

TEST(BadMachine, WhoseTempsIsAnotherUsersSaysAsWhomToRunACommand) {
  NEEDS_ROOT()
  World world;
  ASSERT_TRUE(world.start()) << world.printed();
  auto words = as_nobody;
  words.insert(words.end(), {temps_binary(), "admin", "create", "--data-dir", world.data().string(),
                             "--email", "ann@example.org", "--password-stdin"});
  const auto refused = world.run(std::move(words), "/", "Any-Password-88\n");
  EXPECT_EQ(refused.code, 1) << refused.all();
  EXPECT_THAT(refused.err, AllOf(HasSubstr("another user"), HasSubstr("sudo -u '#0'")));
}

TEST(BadMachine, WhoseDataFolderIsOfANewerVersionIsLeftAlone) {
  World world;
  std::filesystem::create_directories(world.data());
  std::ofstream(world.data() / "VERSION") << "99\n";
  const auto ended = failing_up(world);
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.err, AllOf(HasSubstr("newer Temps"), HasSubstr("--data-dir")));
  EXPECT_FALSE(std::filesystem::exists(world.data() / "postgres"));
}

TEST(BadMachine, WhoseDataFolderIsInUseIsLeftAlone) {
  World world;
  ASSERT_TRUE(world.start()) << world.printed();
  const auto port = std::to_string(net::free_port().value_or(0));
  const auto ended = failing_up(world, {"--listen", "127.0.0.1:" + port});
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.err, AllOf(HasSubstr("another"), HasSubstr(world.data().string())));
  EXPECT_EQ(world.api("GET", "/api/v1/openapi.json").status, 200) << "the first goes on";
}

TEST(BadMachine, WithoutPostgresqlIsToldWhatToInstall) {
  NEEDS_ROOT()
  World world;
  std::filesystem::create_directories(world.folder() / "bin");
  // In a mount namespace of its own, Debian's folder of PostgreSQL is empty.
  const auto ended = failing_up(world, {}, {{"PATH", "/usr/bin:/bin"}},
                                {"unshare", "--mount", "sh", "-c",
                                 "mount -t tmpfs none /usr/lib/postgresql && exec \"$@\"", "sh"});
  EXPECT_EQ(ended.code, 1) << ended.all();
  EXPECT_THAT(ended.err, HasSubstr("apt-get install postgresql"));
}

TEST(BadMachine, WithoutTheEngineThatWasAskedForStartsAndSaysSo) {
  World world({.runtime = "docker", .variables = {{"TEMPS_DOCKER_SOCKET", "/nowhere/none.sock"}}});
  ASSERT_TRUE(world.start()) << world.printed();
  EXPECT_THAT(world.printed(), AllOf(HasSubstr("none.sock"), HasSubstr("start docker")));
  world.make_owner();
  Checkout checkout(world, "still");
  checkout.write("index.html", "<h1>served</h1>");
  EXPECT_EQ(checkout.release("a site needs no engine").code, 0);
  write_node_app(checkout, {.page = "one"});
  const auto pushed = checkout.release("an app does");
  EXPECT_NE(pushed.code, 0);
  EXPECT_THAT(pushed.err, HasSubstr("start docker"));
  EXPECT_TRUE(world.visit("still").says("served"));
}

// As much of a PostgreSQL 13 as it takes to say so.
class OldServer {
 public:
  explicit OldServer(std::uint16_t port) : port_(port), thread_([this] { serve(); }) {}
  ~OldServer() {
    stopping_ = true;
    thread_.join();
  }

 private:
  void serve() {
    net::Loop loop;
    auto listener = net::Listener::open(loop, {.host = "127.0.0.1", .port = port_, .path = {}});
    while (!stopping_) {
      auto peer = loop.run(within(200ms, listener->accept()));
      if (peer) (void)loop.run(within(5s, greet(std::move(*peer))));
    }
  }

  static std::string message(char kind, const std::string& body) {
    const auto size = static_cast<std::uint32_t>(body.size() + 4);
    std::string text(1, kind);
    for (int shift = 24; shift >= 0; shift -= 8) text += static_cast<char>(size >> shift);
    return text + body;
  }
  static std::string parameter(const std::string& name, const std::string& value) {
    return message('S', name + '\0' + value + '\0');
  }

  static Task<> greet(net::Descriptor peer) {
    std::array<char, 8192> buffer{};
    co_await peer.read_some(buffer);
    co_await peer.write_all(
        message('R', std::string(4, '\0')) + parameter("server_version", "13.14") +
        parameter("client_encoding", "UTF8") + parameter("standard_conforming_strings", "on") +
        message('K', std::string(8, '\1')) + message('Z', "I"));
    // Every query is answered with nothing.
    for (;;) {
      const auto got = co_await peer.read_some(buffer);
      if (got == 0 || buffer[0] == 'X') co_return;
      co_await peer.write_all(message('C', std::string("SET") + '\0') + message('Z', "I"));
    }
  }

  std::uint16_t port_;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

TEST(BadMachine, WithAnOldDatabaseServerIsTold) {
  World world;
  const auto port = net::free_port().value_or(0);
  const OldServer server(port);
  const auto ended = failing_up(
      world, {"--database-url", fmt::format("postgres://u@127.0.0.1:{}/d?sslmode=disable", port)});
  EXPECT_EQ(ended.code, 1) << ended.all();
  EXPECT_THAT(ended.err, AllOf(HasSubstr("version 13"), HasSubstr("14 or newer")));
}

// A file system of its own, so that it can be full.
class SmallDisk {
 public:
  explicit SmallDisk(const std::filesystem::path& path) : path_(path.string()) {
    std::filesystem::create_directories(path);
    mounted_ = ::mount("none", path_.c_str(), "tmpfs", 0, "size=400m,mode=0755") == 0;
  }
  ~SmallDisk() {
    if (mounted_) ::umount2(path_.c_str(), MNT_DETACH);
  }
  [[nodiscard]] bool is_mounted() const { return mounted_; }

 private:
  std::string path_;
  bool mounted_ = false;
};

TEST(BadMachine, WhoseDiskIsNearlyFullKeepsTheRunningRelease) {
  NEEDS_ROOT()
  const files::TemporaryFolder parent;
  std::filesystem::permissions(parent.path(), std::filesystem::perms(0755));
  const SmallDisk disk(parent.path() / "disk");
  if (!disk.is_mounted()) GTEST_SKIP() << "SKIPPED: no tmpfs can be mounted here";
  {
    World world({.data = (parent.path() / "disk/data").string()});
    ASSERT_TRUE(world.start()) << world.printed();
    world.make_owner();
    Checkout checkout(world, "full");
    checkout.write("index.html", "<h1>before</h1>");
    ASSERT_EQ(checkout.release("before").code, 0);
    const auto space = std::filesystem::space(world.data());
    std::ofstream(world.data() / "filler") << std::string(
        space.available - std::min<std::uintmax_t>(space.available, 20U << 20U), 'x');
    checkout.write("index.html", "<h1>after</h1>");
    const auto pushed = checkout.release("after");
    EXPECT_NE(pushed.code, 0);
    EXPECT_THAT(pushed.err, AllOf(HasSubstr("free"), HasSubstr("larger disk")));
    EXPECT_TRUE(world.visit("full").says("before"));

    std::filesystem::remove(world.data() / "filler");
    EXPECT_EQ(checkout.push().code, 0) << "with space again the same push goes live";
    EXPECT_TRUE(world.visit("full").says("after"));
  }
}

}  // namespace
}  // namespace temps::e2e

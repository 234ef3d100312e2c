// temps exec and temps run, through the proxy, on a real app.
#include <gmock/gmock.h>

#include <fstream>

#include "core/text.hpp"
#include "system/apps.hpp"
#include "system/one_world.hpp"
#include "system/pty.hpp"

namespace temps::e2e {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view token = "token-that-stays-hidden-72";

class Exec : public OneWorld {
 protected:
  static Checkout& app() {
    static std::unique_ptr<Checkout> checkout;
    if (checkout) return *checkout;
    auto& on = shared();
    checkout = std::make_unique<Checkout>(on, "shop");
    write_node_app(*checkout, {.page = "one"});
    checkout->write("page.txt", "one");
    EXPECT_EQ(on.temps({"env", "set", "shop", "GREETING=hello"}).code, 0);
    EXPECT_EQ(on.temps({"env", "set", "shop", "API_TOKEN"}, std::string(token) + "\n").code, 0);
    const auto pushed = checkout->release("one");
    EXPECT_EQ(pushed.code, 0) << pushed.all();
    return *checkout;
  }
  void SetUp() override { app(); }
  Outcome sh(std::string kind, std::string script, std::string input = {}) {
    return world.temps({std::move(kind), "shop", "--", "sh", "-c", std::move(script)},
                       std::move(input));
  }
  // Whether something with this word in its command line runs.
  static bool runs(std::string_view word) {
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator("/proc", ignored)) {
      if (content(entry.path() / "cmdline").contains(word)) return true;
    }
    return false;
  }
};

TEST_F(Exec, ACommandHasTheAppsSurroundingsItsStreamsApartAndItsExitCode) {
  for (const auto* kind : {"exec", "run"}) {
    const auto said = sh(kind, "echo $GREETING $(cat page.txt); cat; echo no >&2; exit 7", "piped");
    EXPECT_EQ(said.out, "hello one\npiped") << kind;
    EXPECT_EQ(said.err, "no\n") << kind;
    EXPECT_EQ(said.code, 7) << kind;
  }
  EXPECT_EQ(world.temps({"exec", "shop"}, "echo by a shell\nexit 3\n").out, "by a shell\n");
}

TEST_F(Exec, BytesOfEveryKindPassInBothDirections) {
  std::string bytes;
  for (int i = 0; i < 3'000'000; ++i) bytes += static_cast<char>((i * 31 + i / 257) & 0xff);
  const auto file = world.folder() / "bytes";
  std::ofstream(file) << bytes;
  const auto back = world.folder() / "back";
  const auto command = fmt::format("'{}' exec shop -- cat < '{}' > '{}'", temps_binary(),
                                   file.string(), back.string());
  EXPECT_EQ(world.run({"sh", "-c", command}).code, 0);
  EXPECT_TRUE(content(back) == bytes);
  const auto cut = fmt::format("'{}' exec shop -- yes | head -n 2", temps_binary());
  EXPECT_EQ(world.run({"sh", "-c", cut}).out, "y\ny\n");
}

TEST_F(Exec, ATerminalHasItsSizeCtrlCAndIsGivenBack) {
  Terminal terminal(world.loop());
  Background shell(world.loop(), world.call(terminal.attached({temps_binary(), "exec", "shop"})),
                   {world.folder() / "exec.out", world.folder() / "exec.err"});
  ASSERT_TRUE(eventually(world.loop(), [&] { return !terminal.echoes(); }));
  terminal.type("test -t 0 && echo at-a-$((1+1))-terminal; sleep 1000\r");
  ASSERT_TRUE(terminal.shows("at-a-2-terminal")) << terminal.shown();
  terminal.resize(123, 45);
  // Again and again: a shell that is about to start its command may lose one.
  ASSERT_TRUE(eventually(world.loop(), [&] {
    terminal.type("\x03");
    terminal.type("stty size\r");
    return terminal.shows("45 123", 1s);
  })) << terminal.shown();
  terminal.type("exit 9\r");
  EXPECT_EQ(shell.wait(30s), 9);
  EXPECT_TRUE(terminal.echoes());
}

TEST_F(Exec, WhatRunsEndsWithItsUser) {
  for (const auto* kind : {"exec", "run"}) {
    const auto word = fmt::format("98765{}", kind == std::string_view("run") ? 1 : 2);
    auto client = world.begin(
        {temps_binary(), kind, "shop", "--", "sh", "-c", "echo ready; sleep " + word + "; true"},
        kind);
    ASSERT_TRUE(client.says("ready")) << client.err();
    client.signal(SIGKILL);
    client.wait();
    EXPECT_TRUE(eventually(world.loop(), [&] { return !runs(word); })) << kind;
  }
  EXPECT_THAT(world.visit("shop").body, HasSubstr("one"));
  EXPECT_THAT(world.temps({"instances", "list"}).out, Not(HasSubstr("one-off")));
}

TEST_F(Exec, CtrlCWithoutATerminalEndsIt) {
  auto client = world.begin(
      {temps_binary(), "exec", "shop", "--", "sh", "-c", "echo ready; sleep 98764"}, "interrupted");
  ASSERT_TRUE(client.says("ready")) << client.err();
  client.signal(SIGINT);
  EXPECT_EQ(client.wait(30s), 130);
  EXPECT_TRUE(eventually(world.loop(), [&] { return !runs("98764"); }));
}

TEST_F(Exec, ALostConnectionIsToldApart) {
  auto client = world.begin(
      {temps_binary(), "run", "shop", "--", "sh", "-c", "echo ready; sleep 98763"}, "lost");
  ASSERT_TRUE(client.says("ready")) << client.err();
  world.kill_part("serve");
  EXPECT_EQ(client.wait(60s), 255);
  EXPECT_THAT(client.err(), HasSubstr("connection"));
  // The next one ends what is left.
  EXPECT_TRUE(eventually(world.loop(), [&] {
    return !runs("98763") && world.temps({"exec", "shop", "--", "true"}).code == 0;
  }));
}

TEST_F(Exec, RefusalsSayWhy) {
  const auto missing = world.temps({"exec", "shop", "--", "no-such-program"});
  EXPECT_EQ(missing.code, 127);
  EXPECT_THAT(missing.err, HasSubstr("no-such-program"));
  EXPECT_THAT(world.temps({"exec", "shop", "--instance", "2", "--", "true"}).err,
              HasSubstr("1 instance"));
  EXPECT_THAT(world.temps({"exec", "nothing", "--", "true"}).err, HasSubstr("nothing"));
  Checkout site(world, "site");
  site.write("index.html", "<p>static</p>");
  ASSERT_EQ(site.release("site").code, 0);
  const auto refused = world.temps({"exec", "site", "--", "true"});
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.err, HasSubstr("static site"));
}

TEST_F(Exec, TheAuditLogHasTheCommandWithoutSecretsAndItsEnd) {
  const auto before =
      sh("exec", fmt::format("echo {} > /dev/null; PGPASSWORD=hidden-too-9; exit 5", token));
  EXPECT_EQ(before.code, 5);
  const auto log = world.temps({"audit", "--json", "--project", "shop"});
  EXPECT_THAT(log.out, AllOf(HasSubstr("announce_command"), HasSubstr("run_command"),
                             HasSubstr("PGPASSWORD=****"), HasSubstr("exit_code")));
  EXPECT_THAT(log.out, AllOf(Not(HasSubstr("hidden-too-9")), Not(HasSubstr(std::string(token)))));
}

}  // namespace
}  // namespace temps::e2e

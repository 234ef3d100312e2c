// Environments and variables at the command line, down to what a real app finds in its environment.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "core/text.hpp"
#include "system/apps.hpp"
#include "system/one_world.hpp"

namespace temps::e2e {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view token = "token-that-stays-hidden-71";

class Environments : public OneWorld {
 protected:
  // An app that shows what it and its build found in their environments.
  static void write_app(Checkout& checkout) {
    checkout.write("package.json", R"({"name":"app","private":true,"scripts":{
      "build":"node build.js","start":"node server.js"}})");
    checkout.write("build.js", R"js(
const { GREETING, API_TOKEN, TEMPS_GIT_BRANCH } = process.env;
require('node:fs').writeFileSync('built.txt', [GREETING, API_TOKEN, TEMPS_GIT_BRANCH].join('|'));
)js");
    checkout.write("server.js", R"js(
const built = require('node:fs').readFileSync('built.txt', 'utf8');
const { GREETING, API_TOKEN, TEMPS_ENVIRONMENT, TEMPS_GIT_COMMIT, PORT, HOST } = process.env;
const page = [GREETING, API_TOKEN, TEMPS_ENVIRONMENT, TEMPS_GIT_COMMIT, 'built', built].join('|');
require('node:http').createServer((_, response) => response.end(page)).listen(PORT, HOST);
)js");
  }
  // Its output is not written down.
  Outcome quiet(Words words) {
    words.insert(words.begin(), temps_binary());
    return run(world.loop(), world.call(std::move(words), world.folder().string()));
  }
  static bool stands_in_a_command_line(std::string_view text) {
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator("/proc", ignored)) {
      if (content(entry.path() / "cmdline").contains(text)) return true;
    }
    return false;
  }
};

TEST_F(Environments, VariablesReachTheAppAndASecretNothingElse) {
  world.keep_secret(std::string(token));
  Checkout checkout(world, "envs");
  write_app(checkout);
  EXPECT_THAT(world.temps({"env", "set", "envs", "GREETING=hello"}).all(),
              AllOf(HasSubstr("Version 1: set GREETING."), HasSubstr("temps restart envs")));
  ASSERT_EQ(world.temps({"env", "set", "envs", "API_TOKEN"}, std::string(token) + "\n").code, 0);
  EXPECT_THAT(world.temps({"env", "list", "envs"}).out,
              AllOf(HasSubstr("hello"), HasSubstr("(secret)")));
  const auto pushed = checkout.release("one");
  ASSERT_EQ(pushed.code, 0) << pushed.all();
  EXPECT_THAT(pushed.err, HasSubstr("runs with version 2 of the variables"));
  const auto commit = std::string(trimmed(checkout.git({"rev-parse", "HEAD"}).out));
  EXPECT_EQ(world.visit("envs").body,
            fmt::format("hello|{}|production|{}|built|hello||main", token, commit));
  EXPECT_FALSE(stands_in_a_command_line(token));
}

TEST_F(Environments, AChangeTakesEffectWithARestartAndARollbackUndoesIt) {
  Checkout checkout(world, "changed");
  write_app(checkout);
  world.temps({"env", "set", "changed", "GREETING=first"});
  ASSERT_EQ(checkout.release("one").code, 0);
  EXPECT_EQ(world.temps({"env", "set", "changed", "GREETING=second"}).code, 0);
  EXPECT_THAT(world.visit("changed").body, HasSubstr("first|"));
  const auto restarted = world.temps({"restart", "changed"});
  ASSERT_EQ(restarted.code, 0) << restarted.all();
  EXPECT_THAT(world.visit("changed").body, AllOf(HasSubstr("second|"), HasSubstr("built|first")));
  ASSERT_EQ(world.temps({"rollback", "changed"}).code, 0);
  EXPECT_THAT(world.visit("changed").body, HasSubstr("first|"));
  ASSERT_EQ(world.temps({"rollback", "changed", "--to", "1", "--variables", "newest"}).code, 0);
  EXPECT_THAT(world.visit("changed").body, AllOf(HasSubstr("second|"), HasSubstr("built|first")));
}

TEST_F(Environments, AFileIsImportedAndPulledTheSame) {
  Checkout checkout(world, "files");
  const auto file = (world.folder() / "given.env").string();
  std::ofstream(file) << "# mine\r\nexport A=\"two\\nlines\"\r\nDB_PASSWORD='x y'\r\n";
  const auto imported = world.temps({"env", "import", "files", file});
  ASSERT_EQ(imported.code, 0) << imported.all();
  EXPECT_THAT(imported.all(),
              AllOf(HasSubstr("set A, DB_PASSWORD"), HasSubstr("by the looks of it: DB_PASSWORD")));
  const auto pulled = (world.folder() / "pulled.env").string();
  ASSERT_EQ(world.temps({"env", "pull", "files", "--file", pulled}).code, 0);
  EXPECT_EQ(content(pulled), "A=\"two\\nlines\"\nDB_PASSWORD=\"x y\"\n");
  struct stat status{};
  ASSERT_EQ(::stat(pulled.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  EXPECT_EQ(world.temps({"env", "pull", "files", "--file", pulled}).code, 1);
  EXPECT_EQ(world.temps({"env", "pull", "files", "--file", pulled, "--force"}).code, 0);
  EXPECT_THAT(world.temps({"env", "import", "files", pulled}).out, HasSubstr("Nothing differs"));
  EXPECT_EQ(quiet({"env", "reveal", "files", "DB_PASSWORD"}).out, "x y\n");
  EXPECT_EQ(world.temps({"env", "unset", "files", "A", "MISSING"}).code, 1);
  EXPECT_EQ(world.temps({"env", "unset", "files", "A"}).code, 0);
  EXPECT_THAT(world.temps({"env", "versions", "files"}).out,
              AllOf(HasSubstr("removed A"), HasSubstr(World::email)));
}

TEST_F(Environments, WhatCannotBeSetIsRefusedInWords) {
  Checkout checkout(world, "refused");
  const auto reserved = world.temps({"env", "set", "refused", "PORT=1"});
  EXPECT_EQ(reserved.code, 1);
  EXPECT_THAT(reserved.err, HasSubstr("PORT is set by Temps"));
  const auto broken =
      world.temps({"env", "import", "refused", "-"}, "A=1\nthis is hidden-in-line-two\n");
  EXPECT_EQ(broken.code, 1);
  EXPECT_THAT(broken.err, AllOf(HasSubstr("line 2"), Not(HasSubstr("hidden"))));
  EXPECT_EQ(world.temps({"env", "set", "refused", "A=1", "--secret", "--plain"}).code, 2);
  EXPECT_EQ(world.temps({"restart", "refused"}).code, 1);
  EXPECT_EQ(world.temps({"env", "list", "refused", "--environment", "none"}).code, 1);
}

TEST_F(Environments, AnotherBranchIsAnotherAppBesideProduction) {
  Checkout checkout(world, "branches");
  write_app(checkout);
  ASSERT_EQ(checkout.release("one").code, 0);
  EXPECT_THAT(checkout.push("main:next").err, HasSubstr("next is stored but not deployed"));
  const auto made =
      world.temps({"environment", "create", "branches", "staging", "--branch", "next"});
  ASSERT_EQ(made.code, 0) << made.all();
  EXPECT_THAT(made.out, HasSubstr("branches-staging.localhost"));
  ASSERT_EQ(world.temps({"env", "set", "branches", "GREETING=hi", "--environment", "staging"}).code,
            0);
  const auto stored = world.temps({"redeploy", "branches", "--environment", "staging"});
  ASSERT_EQ(stored.code, 0) << stored.all();
  EXPECT_THAT(world.visit("branches-staging").body,
              AllOf(HasSubstr("hi|"), HasSubstr("|staging|"), HasSubstr("|next")));
  EXPECT_THAT(world.visit("branches").body, HasSubstr("|production|"));
  EXPECT_THAT(checkout.push("main:other").err, HasSubstr("main (production), next (staging)"));
  EXPECT_EQ(checkout.push(":next").code, 1);
  EXPECT_THAT(world.temps({"status", "branches", "--environment", "staging"}).out,
              HasSubstr("Live        #1 one"));
  checkout.write("more.txt", "x");
  checkout.commit("two");
  const auto pushed = checkout.push("main:next");
  EXPECT_EQ(pushed.code, 0) << pushed.all();
  EXPECT_THAT(world.temps({"deployments", "branches", "--environment", "staging"}).out,
              HasSubstr("* #2"));
  EXPECT_EQ(world.temps({"environment", "delete", "branches", "staging", "--confirm", "x"}).code,
            1);
  EXPECT_EQ(
      world.temps({"environment", "delete", "branches", "staging", "--confirm", "staging"}).code,
      0);
  EXPECT_EQ(world.visit("branches-staging").status, 404);
  EXPECT_THAT(world.visit("branches").body, HasSubstr("|production|"));
  EXPECT_EQ(
      world.temps({"environment", "delete", "branches", "production", "--confirm", "production"})
          .code,
      1);
}

TEST_F(Environments, ADeploymentKeepsItsVariablesWhenServeIsKilled) {
  Checkout checkout(world, "kept");
  write_app(checkout);
  checkout.write("package.json", R"({"name":"app","private":true,"scripts":{
      "build":"sleep 3 && node build.js","start":"node server.js"}})");
  world.temps({"env", "set", "kept", "GREETING=before"});
  checkout.commit("one");
  auto push = checkout.begin_push();
  ASSERT_TRUE(push.says("sleep 3")) << push.err();
  const int before = world.pid_of("serve");
  world.kill_part("serve");
  ASSERT_TRUE(eventually(world.loop(), [&] {
    const int now = world.pid_of("serve");
    return now != 0 && now != before &&
           world.temps({"env", "set", "kept", "GREETING=after"}).code == 0;
  }));
  push.wait();
  EXPECT_EQ(world.ended("kept").status, "live");
  EXPECT_THAT(world.visit("kept").body, AllOf(HasSubstr("before|"), HasSubstr("built|before")));
}

}  // namespace
}  // namespace temps::e2e

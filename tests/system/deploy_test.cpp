// temps deploy: a folder without git, and what belongs to it.
#include <gmock/gmock.h>

#include <fstream>

#include "core/text.hpp"
#include "system/checkout.hpp"
#include "system/one_world.hpp"
#include "system/pty.hpp"

namespace temps::e2e {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class Deploy : public OneWorld {
 protected:
  std::string make_project(const std::string& name) {
    EXPECT_EQ(world.temps({"project", "create", name}).code, 0);
    return name;
  }
  // A static site.
  fs::path site(const std::string& name, std::string_view text) {
    const auto folder = world.folder() / ("site-" + name);
    write(folder / "index.html", text);
    return folder;
  }
  static void write(const fs::path& file, std::string_view text) {
    fs::create_directories(file.parent_path());
    std::ofstream(file) << text;
  }
  Outcome in(const fs::path& folder, Words words, std::string input = {}) {
    words.insert(words.begin(), temps_binary());
    return world.run(std::move(words), folder.string(), std::move(input));
  }
};

TEST_F(Deploy, AFolderGoesLive) {
  make_project("folder");
  const auto folder = site("folder", "<h1>from a folder</h1>");
  write(folder / ".gitignore", "*.log\n");
  write(folder / "private.log", "no");
  write(folder / ".env", "TOKEN=not-for-the-server\n");
  write(folder / "node_modules/a.js", "no");
  const auto deployed = world.temps({"deploy", folder.string(), "--project", "folder"});
  ASSERT_EQ(deployed.code, 0) << deployed.all();
  EXPECT_EQ(deployed.out, fmt::format("#1 is live: http://{}\n", world.host("folder")));
  EXPECT_THAT(deployed.err, AllOf(HasSubstr("Not sent: .env"), HasSubstr("packed 2 files"),
                                  HasSubstr("uploading "), HasSubstr("deployment #1 of folder"),
                                  HasSubstr("detected"), Not(HasSubstr("\x1b"))));
  EXPECT_TRUE(world.visit("folder").says("from a folder"));
  EXPECT_EQ(world.visit("folder", "/private.log").status, 404);
  EXPECT_EQ(world.newest("folder").trigger, "upload");
  const auto back = world.temps({"deploy", folder.string(), "--project", "folder", "-q"});
  EXPECT_EQ(back.code, 0);
  EXPECT_EQ(back.err, "");
}

TEST_F(Deploy, ALinkedFolderKnowsItsProject) {
  make_project("linked");
  const auto folder = site("linked", "linked");
  const auto unknown = in(folder, {"deploy"});
  EXPECT_EQ(unknown.code, 1);
  EXPECT_THAT(unknown.err, AllOf(HasSubstr("--project"), HasSubstr("temps link")));
  EXPECT_EQ(in(folder, {"link", "linked"}).code, 0);
  EXPECT_EQ(in(folder, {"deploy"}).code, 0);
  EXPECT_EQ(in(folder, {"open"}).out, fmt::format("http://{}\n", world.host("linked")));
  EXPECT_EQ(world.visit("linked", "/.temps/project.json").status, 404);
  EXPECT_EQ(content(folder / ".temps/.gitignore"), "*\n");
}

TEST_F(Deploy, NothingIsMadeWithoutBeingAsked) {
  const auto folder = site("never", "never");
  const auto refused = in(folder, {"deploy", "--project", "never"});
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.err, HasSubstr("temps project create never"));
  EXPECT_EQ(world.temps({"project", "show", "never"}).code, 1);
  EXPECT_EQ(in(folder, {"init", "never"}).code, 0);
  EXPECT_EQ(world.temps({"project", "show", "never"}).code, 0);
}

TEST_F(Deploy, ATerminalIsAskedAndShownABar) {
  const auto folder = site("asked", std::string(300'000, 'x'));
  Terminal terminal(world.loop());
  Background deploy(world.loop(),
                    world.call(terminal.attached({temps_binary(), "deploy"}), folder.string()),
                    {world.folder() / "asked.out", world.folder() / "asked.err"});
  ASSERT_TRUE(terminal.shows("Project [site-asked]")) << terminal.shown();
  terminal.type("\n");
  ASSERT_TRUE(terminal.shows("Make it? [Y/n]")) << terminal.shown();
  terminal.type("y\n");
  ASSERT_TRUE(terminal.shows("is live: ", 60s)) << terminal.shown();
  EXPECT_EQ(deploy.wait(), 0);
  EXPECT_THAT(terminal.shown(), HasSubstr("uploading ["));
  EXPECT_EQ(in(folder, {"open"}).code, 0);
}

TEST_F(Deploy, GitSaysWhatItIs) {
  Checkout checkout(world, "described");
  checkout.write("index.html", "one");
  const auto commit = checkout.commit("Add a page");
  checkout.write("index.html", "two");
  const auto words = Words{"deploy", checkout.folder(), "--project", "described"};
  ASSERT_EQ(world.temps(words).code, 0);
  const auto listed = world.api("GET", "/api/v1/projects/described/deployments").body;
  EXPECT_THAT(listed, AllOf(HasSubstr(commit), HasSubstr("Add a page (and changes"),
                            HasSubstr(R"("branch":"main")")));
}

TEST_F(Deploy, ExitCodesAndWaits) {
  make_project("broken");
  const auto folder = world.folder() / "broken-app";
  write(folder / "package.json", R"({"name":"b","scripts":{"start":"exit 7"}})");
  EXPECT_EQ(world.temps({"deploy", folder.string(), "--project", "broken"}).code, 3);
  write(folder / "package.json", R"({"name":"b","scripts":{"start":"sleep 60"}})");
  const Words words{"deploy", folder.string(), "--project", "broken"};
  auto impatient = words;
  impatient.insert(impatient.end(), {"--timeout", "1s"});
  const auto ended = world.temps(impatient);
  EXPECT_EQ(ended.code, 5) << ended.all();
  EXPECT_THAT(ended.err, HasSubstr("temps logs broken --deployment 2 -f"));
  EXPECT_FALSE(world.newest("broken").has_ended());
  auto waiting = words;
  waiting.insert(waiting.begin(), temps_binary());
  auto interrupted = world.begin(waiting, "interrupted");
  ASSERT_TRUE(interrupted.says("deployment #3"));
  interrupted.signal(SIGINT);
  EXPECT_EQ(interrupted.wait(), 130);
  EXPECT_THAT(interrupted.err(), HasSubstr("temps logs broken --deployment 3 -f"));
  EXPECT_EQ(world.temps({"project", "delete", "broken", "--confirm", "broken"}).code, 0);
}

TEST_F(Deploy, JsonIsALinePerEvent) {
  make_project("lines");
  const auto folder = site("lines", "lines");
  const auto shown = world.temps({"deploy", folder.string(), "--project", "lines", "--json"});
  ASSERT_EQ(shown.code, 0) << shown.all();
  for (const auto line : split(trimmed(shown.out), '\n')) {
    EXPECT_TRUE(line.starts_with('{') && line.ends_with('}')) << line;
  }
  EXPECT_THAT(shown.out, HasSubstr(R"("status":"live")"));
}

TEST_F(Deploy, TooMuchIsRefusedWithItsReason) {
  make_project("heavy");
  const auto folder = site("heavy", "heavy");
  std::string noise;
  unsigned state = 1;
  for (int i = 0; i < 2'000'000; ++i) {
    state = state * 1664525 + 1013904223;
    noise += static_cast<char>(state >> 24U);
  }
  write(folder / "noise.bin", noise);
  const auto refused = world.temps({"deploy", folder.string(), "--project", "heavy"});
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.err, HasSubstr("push_size_max"));
  EXPECT_TRUE(world.deployments("heavy").empty());
}

TEST_F(Deploy, TheTokenOfTheCallCountsMost) {
  const auto wrong = world.temps({"whoami", "--token", "tk_wrong"});
  EXPECT_EQ(wrong.code, 4) << wrong.all();
  auto call = world.call({temps_binary(), "whoami", "--url", world.url()});
  call.environment["HOME"] = "/nonexistent";
  call.environment["TEMPS_TOKEN"] = world.token();
  EXPECT_EQ(run(world.loop(), std::move(call)).code, 0);
}

TEST_F(Deploy, ALinkAloneGetsNoToken) {
  const auto folder = site("foreign", "foreign");
  write(folder / ".temps/project.json",
        fmt::format(R"({{"server":"http://127.0.0.1:{}","project":"foreign"}})", world.port()));
  auto call = world.call({temps_binary(), "deploy"}, folder.string());
  call.environment["TEMPS_TOKEN"] = "tk_of-another-server";
  const auto refused = run(world.loop(), std::move(call));
  EXPECT_EQ(refused.code, 4) << refused.all();
  EXPECT_THAT(refused.err, HasSubstr("not logged in at http://127.0.0.1"));
}

TEST_F(Deploy, AnExampleNeedsNoGit) {
  make_project("sample");
  const auto begun =
      world.api("POST", "/api/v1/projects/sample/deployments/example", R"({"name":"static"})");
  EXPECT_EQ(begun.status, 202) << begun.body;
  EXPECT_EQ(world.ended("sample").status, "live");
  EXPECT_TRUE(world.visit("sample").says("static-site"));
}

}  // namespace
}  // namespace temps::e2e

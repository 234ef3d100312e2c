#include "detect/detect.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "detect/fixture.hpp"
#include "detect/provider.hpp"
#include "json/json.hpp"

namespace temps::detect {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;
using testing::UnorderedElementsAre;

std::vector<std::string> commands(const Plan& plan) {
  std::vector<std::string> all;
  for (const auto& step : process_steps(plan)) all.push_back(step.command);
  return all;
}

TEST(ProcessSteps, OfAnAppWithoutDependenciesIsItsStart) {
  const auto plan = detect(Tree::of({{"package.json", R"({"scripts":{"start":"node a.js"}})"}}));
  const auto steps = process_steps(*plan);
  ASSERT_EQ(steps.size(), 1U);
  EXPECT_EQ(steps[0].phase, Phase::start);
  EXPECT_EQ(steps[0].command, "exec node a.js");
  EXPECT_EQ(steps[0].environment.at("NODE_ENV"), "production");
}

TEST(ProcessSteps, RunTheBuildScriptThroughNpm) {
  const auto plan =
      detect(Tree::of({{"package.json", R"({"scripts":{"build":"exit 7","start":"node a.js"}})"}}));
  const auto steps = process_steps(*plan);
  ASSERT_EQ(steps.size(), 2U);
  EXPECT_EQ(steps[0].phase, Phase::build);
  EXPECT_EQ(steps[0].command, "npm run build");
  EXPECT_FALSE(steps[0].environment.contains("NODE_ENV"));
}

TEST(ProcessSteps, KeepToolsBelowTheTree) {
  const auto plan = detect(
      Tree::of({{"package.json", R"({"dependencies":{"a":"1"},"scripts":{"start":"node a.js"}})"},
                {"pnpm-lock.yaml", "lockfileVersion: '6.0'"}}));
  const std::string path =
      "export PATH=\"$PWD/node_modules/.bin:$PWD/.temps/tools/node_modules/.bin:$PATH\"; ";
  EXPECT_THAT(commands(*plan),
              ElementsAre("npm install --prefix .temps/tools --no-audit --no-fund pnpm@8",
                          path + "pnpm install --frozen-lockfile --prefer-offline --prod=false",
                          path + "exec node a.js"));
}

TEST(ProcessSteps, UseAnEnvironmentOfTheirOwnForPython) {
  const auto plan =
      detect(Tree::of({{"requirements.txt", "flask\ngunicorn\n"}, {"app.py", "app = Flask('x')"}}));
  const std::string path = "export PATH=\"$PWD/.venv/bin:$PATH\"; ";
  EXPECT_THAT(commands(*plan),
              ElementsAre(path + "python3 -m venv .venv", path + "pip install -r requirements.txt",
                          path + "exec gunicorn --bind $HOST:$PORT app:app"));
  EXPECT_EQ(process_steps(*plan).back().environment.at("HOST"), "0.0.0.0");
}

TEST(ProcessSteps, OfASiteEndWithTheBuild) {
  const auto plan = detect(Tree::of({{"package.json", R"({"devDependencies":{"vite":"6"}})"}}));
  EXPECT_EQ(process_steps(*plan).back().phase, Phase::build);
  EXPECT_TRUE(process_steps(*detect(Tree::of({{"index.html", ""}}))).empty());
}

TEST(Manifests, AreCopiedFirstUnlessInstallNeedsMore) {
  const auto manifests = [](const std::string& package) {
    const auto plan = detect(Tree::of({{"package.json", package},
                                       {"package-lock.json", "{}"},
                                       {".npmrc", ""},
                                       {"prisma/schema.prisma", ""},
                                       {"server.js", ""}}));
    return plan->manifests;
  };
  EXPECT_THAT(manifests(R"({"dependencies":{"a":"1"}})"),
              ElementsAre("package.json", "package-lock.json", ".npmrc", "prisma/"));
  EXPECT_THAT(manifests(R"({"dependencies":{"a":"file:./a"}})"), ElementsAre());
  EXPECT_THAT(manifests(R"({"dependencies":{"a":"1"},"scripts":{"postinstall":"x"}})"),
              ElementsAre());
}

TEST(Prune, HappensOnlyWhereTheStartCannotMissAnything) {
  const auto prunes = [](const std::string& start) {
    const auto plan = detect(
        Tree::of({{"package.json", R"({"dependencies":{"a":"1"},"devDependencies":{"tsx":"4"},)"
                                   R"("scripts":{"build":"tsc","start":")" +
                                       start + "\"}}"},
                  {"package-lock.json", "{}"}}));
    return !plan->prune_commands.empty();
  };
  EXPECT_TRUE(prunes("node dist/a.js"));
  EXPECT_FALSE(prunes("tsx src/a.ts"));
  EXPECT_FALSE(prunes("node --import tsx src/a.js"));
  EXPECT_FALSE(prunes("NODE_ENV=production node a.js"));
}

TEST(Warnings, NameTheIgnoredLockFile) {
  const auto plan = detect(
      Tree::of({{"package.json", R"({"dependencies":{"a":"1"},"scripts":{"start":"node a"}})"},
                {"pnpm-lock.yaml", ""},
                {"package-lock.json", "{}"}}));
  EXPECT_THAT(plan->warnings,
              ElementsAre("pnpm-lock.yaml is used; package-lock.json is ignored, remove it"));
}

TEST(Warnings, TellOfAnOutdatedLockFile) {
  const auto plan = detect(
      Tree::of({{"package.json", R"({"dependencies":{"a":"^2"},"scripts":{"start":"node a"}})"},
                {"package-lock.json", R"({"packages":{"":{"dependencies":{"a":"^1"}}}})"}}));
  EXPECT_THAT(plan->warnings, ElementsAre(HasSubstr("does not fit package.json")));
  EXPECT_THAT(plan->install_commands,
              ElementsAre("npm install --include=dev --no-audit --no-fund"));
}

TEST(Procfile, IsReadLineByLineAndIsNoYaml) {
  EXPECT_THAT(
      parse_procfile("# a: b\r\nweb: node x --y \"a: b\"\r\nbad name: x\nempty:\n"
                     "work-er_2:sleep 1\nweb: second\n"),
      UnorderedElementsAre(Pair("web", "node x --y \"a: b\""), Pair("work-er_2", "sleep 1")));
}

TEST(Procfile, SaysWhichProcessesAreNotStarted) {
  const auto plan =
      detect(Tree::of({{"package.json", "{}"}, {"Procfile", "web: node a\nworker: node b\n"}}));
  EXPECT_EQ(plan->start_command, "node a");
  EXPECT_EQ(plan->processes.at("worker"), "node b");
  EXPECT_THAT(plan->warnings, ElementsAre(HasSubstr("worker is not started")));
}

const Files workspace{{"package.json", R"({"workspaces":["apps/*","packages/*"]})"},
                      {"package-lock.json", "{}"},
                      {"apps/docs/package.json", R"({"devDependencies":{"@docusaurus/core":"3"}})"},
                      {"apps/web/package.json", R"({"dependencies":{"next":"15"}})"},
                      {"packages/ui/package.json", R"({"name":"ui"})"}};

TEST(Workspace, ListsItsAppsWhenTheRootStartsNothing) {
  const auto found = detect(Tree::of(workspace));
  ASSERT_FALSE(found.has_value());
  EXPECT_TRUE(found.error().is(errors::ambiguous_app));
  EXPECT_THAT(found.error().detail(), HasSubstr("its apps are apps/docs, apps/web."));
}

TEST(Workspace, BuildsOneAppOnItsOwnAndSaysSo) {
  const auto plan = detect(Tree::of(workspace), {.root_directory = "apps/web"});
  ASSERT_TRUE(plan.has_value());
  EXPECT_EQ(plan->framework, "next");
  EXPECT_EQ(plan->context, "apps/web");
  EXPECT_THAT(plan->warnings, ElementsAre(HasSubstr("apps/web is built alone")));
}

TEST(Workspace, IsBuiltAtItsRootByCommandsOfTheSettings) {
  const auto plan = detect(Tree::of(workspace), {.build_command = "npm run build -w web",
                                                 .start_command = "npm run start -w web"});
  ASSERT_TRUE(plan.has_value());
  EXPECT_TRUE(plan->manifests.empty());
  EXPECT_EQ(plan->start_command, "npm run start -w web");
}

TEST(Tree, BelowIsATreeOfItsOwn) {
  const auto tree = Tree::of({{"a/b", "1"}, {"a/c/d", "2"}, {"ab", "3"}}).below("a");
  EXPECT_THAT(tree.files(), ElementsAre("b", "c/d"));
  EXPECT_EQ(tree.text("c/d"), "2");
  EXPECT_FALSE(tree.has_folder("b"));
}

TEST(Description, SaysWhatHappens) {
  const auto plan = detect(
      Tree::of({{"package.json", R"({"engines":{"node":"20"},"devDependencies":{"vite":"6"}})"}}));
  EXPECT_EQ(describe(*plan),
            R"(A Node.js (vite) site, built and served as static files
  version    20 (package.json engines.node)
  install    npm install --include=dev --no-audit --no-fund
  build      vite build
  serves     dist/, unknown pages get index.html
)");
  EXPECT_EQ(describe(*detect(Tree::of({{"Dockerfile", ""}}))), "An image from Dockerfile\n");
}

TEST(Plan, IsWrittenAsJson) {
  const auto plan = detect(Tree::of({{"index.html", ""}}));
  EXPECT_THAT(json::encode(*plan),
              HasSubstr(R"("static_output":{"directory":".","single_page":false})"));
}

}  // namespace
}  // namespace temps::detect

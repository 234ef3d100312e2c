// Node projects that detection must understand, one row each.
#include <gtest/gtest.h>

#include <string>

#include "detect/fixture.hpp"

namespace temps::detect {
namespace {

class NodeFixture : public testing::TestWithParam<Fixture> {};

TEST_P(NodeFixture, GivesThePlan) {
  const auto plan = detect(Tree::of(GetParam().files), GetParam().settings);
  EXPECT_EQ(summary(plan), GetParam().expected) << (plan ? "" : plan.error().detail());
}

const auto name_of = [](const auto& row) { return row.param.name; };

const std::string node = "node | 22 (default)";

INSTANTIATE_TEST_SUITE_P(
    NodeServers, NodeFixture,
    testing::Values(
        Fixture{"NoDependenciesNoInstall",
                {{"package.json",
                  R"({"name":"shop","private":true,"scripts":{"start":"node server.js"}})"},
                 {"server.js", ""}},
                node + " | node server.js"},
        Fixture{"BuildScriptRunsByNpm",
                {{"package.json",
                  R"({"name":"shop","scripts":{"build":"exit 7","start":"node server.js"}})"},
                 {"server.js", ""}},
                node + " | npm run build | node server.js"},
        Fixture{
            "WithoutALockFile",
            {{"package.json", R"({"dependencies":{"express":"4"},"scripts":{"start":"node ."}})"}},
            "node express | 22 (default) | npm install --include=dev --no-audit --no-fund | "
            "node ."},
        Fixture{"StartScriptWithShellSyntaxGoesThroughNpm",
                {{"package.json", R"({"scripts":{"start":"A=1 node a.js && node b.js"}})"}},
                node + " | npm run start"},
        Fixture{"StartScriptWithHooksGoesThroughNpm",
                {{"package.json", R"({"scripts":{"start":"node a.js","prestart":"x"}})"}},
                node + " | npm run start"},
        Fixture{"MainFile",
                {{"package.json", R"({"main":"lib/web"})"}, {"lib/web.js", ""}},
                node + " | node lib/web.js"},
        Fixture{
            "UsualFile", {{"package.json", "{}"}, {"server.js", ""}}, node + " | node server.js"},
        Fixture{"EntryThatImportsTheServer",
                {{"package.json", R"({"dependencies":{"koa":"2"}})"},
                 {"package-lock.json", "{}"},
                 {"src/app.js", "import Koa from 'koa'"}},
                "node koa | 22 (default) | npm ci --include=dev --no-audit --no-fund | "
                "node src/app.js"},
        Fixture{
            "DevelopmentCommandIsNoStart",
            {{"package.json", R"({"scripts":{"start":"npm run dev","dev":"nodemon src/x.js"}})"},
             {"app.js", ""}},
            node + " | node app.js"},
        Fixture{"OnlyADevelopmentCommand",
                {{"package.json", R"({"scripts":{"start":"nodemon src/x.js"}})"}},
                "detect.no_start_command"},
        Fixture{"NothingToStart", {{"package.json", "{}"}}, "detect.no_start_command"},
        Fixture{"StartCommandSetting",
                {{"package.json", "{}"}},
                node + " | node x.js --fast",
                {.start_command = "node x.js --fast"}},
        Fixture{"ProcfileBeatsTheStartScript",
                {{"package.json", R"({"scripts":{"start":"node a.js"}})"},
                 {"Procfile", "# comment\r\nweb: node b.js --x \"a: b\"\r\n"}},
                node + " | node b.js --x \"a: b\""},
        Fixture{"Commands",
                {{"package.json", R"({"scripts":{"start":"node a.js","build":"tsc"}})"}},
                node + " | make deps | make | make serve",
                {.install_command = "make deps",
                 .build_command = "make",
                 .start_command = "make serve"}},
        Fixture{
            "CommandsByVariables",
            {{"package.json", R"({"scripts":{"start":"node a.js"}})"}},
            node + " | make | node c.js",
            {.variables = {{"NIXPACKS_BUILD_CMD", "make"}, {"RAILPACK_START_CMD", "node c.js"}}}},
        Fixture{"NestStartsItsBuild",
                {{"package.json",
                  R"({"dependencies":{"@nestjs/core":"10"},"scripts":{"start":"nest start",)"
                  R"("build":"nest build"}})"},
                 {"package-lock.json", "{}"}},
                "node nest | 22 (default) | npm ci --include=dev --no-audit --no-fund | "
                "npm run build | node dist/main.js"}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    NodeSites, NodeFixture,
    testing::Values(
        Fixture{"ViteOutDir",
                {{"package.json",
                  R"({"devDependencies":{"vite":"6"},"scripts":{"build":"vite build"}})"},
                 {"vite.config.ts", "export default { build: { outDir: 'www' } } // outDir: 'no'"}},
                "node vite | 22 (default) | npm install --include=dev --no-audit --no-fund | "
                "npm run build | spa www"},
        Fixture{"VitePreviewNeverServes",
                {{"package.json",
                  R"({"devDependencies":{"vite":"6"},"scripts":{"start":"vite preview --host"}})"}},
                "node vite | 22 (default) | npm install --include=dev --no-audit --no-fund | "
                "vite build | spa dist"},
        Fixture{
            "ViteBelowARoot",
            {{"package.json", R"({"devDependencies":{"vite":"6"}})"},
             {"vite.config.js", "export default { root: \"web\", build: { outDir: '../www' } }"}},
            "node vite | 22 (default) | npm install --include=dev --no-audit --no-fund | "
            "vite build | spa www"},
        Fixture{"ViteWithItsOwnServer",
                {{"package.json", R"({"dependencies":{"express":"4","vite":"6"},)"
                                  R"("scripts":{"start":"node server.js"}})"}},
                "node vite | 22 (default) | npm install --include=dev --no-audit --no-fund | "
                "vite build | node server.js"},
        Fixture{"CreateReactApp",
                {{"package.json",
                  R"({"dependencies":{"react-scripts":"5"},)"
                  R"("scripts":{"start":"react-scripts start","build":"react-scripts build"}})"}},
                "node create-react-app | 22 (default) | "
                "npm install --include=dev --no-audit --no-fund | npm run build | spa build"},
        Fixture{"Angular",
                {{"package.json",
                  R"({"dependencies":{"@angular/core":"19"},"scripts":{"start":"ng serve",)"
                  R"("build":"ng build"}})"},
                 {"angular.json",
                  R"({"projects":{"shop":{"projectType":"application","architect":{"build":{)"
                  R"("builder":"@angular/build:application",)"
                  R"("options":{"outputPath":{"base":"dist/x"}}}}}}})"}},
                "node angular | 22 (default) | npm install --include=dev --no-audit --no-fund | "
                "npm run build | spa dist/x/browser"},
        Fixture{
            "NextExport",
            {{"package.json", R"({"dependencies":{"next":"15"},"scripts":{"build":"next build",)"
                              R"("start":"next start"}})"},
             {"next.config.mjs", "export default { output: 'export' }"}},
            "node next | 22 (default) | npm install --include=dev --no-audit --no-fund | "
            "npm run build | static out"},
        Fixture{"OutputSettingMakesASite",
                {{"package.json", R"({"scripts":{"build":"make site","start":"node x.js"}})"}},
                node + " | npm run build | static public",
                {.output_directory = "public"}},
        Fixture{"UnknownBuildNamesItsFolder",
                {{"package.json", R"({"scripts":{"build":"esbuild a.js --outdir=site"}})"}},
                node + " | npm run build | static site"}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    NodeManagers, NodeFixture,
    testing::Values(
        Fixture{"PnpmByItsLock",
                {{"package.json", R"({"dependencies":{"next":"15"},)"
                                  R"("scripts":{"build":"next build","start":"next start"}})"},
                 {"pnpm-lock.yaml", "lockfileVersion: '9.0'\n"},
                 {"package-lock.json", "{}"}},
                "node next | 22 (default) | tool pnpm@9 | "
                "pnpm install --frozen-lockfile --prefer-offline --prod=false | pnpm run build | "
                "next start"},
        Fixture{"PnpmOfAnOldLock",
                {{"package.json", R"({"dependencies":{"a":"1"},"scripts":{"start":"node a"}})"},
                 {"pnpm-lock.yaml", "lockfileVersion: 5.4\n"}},
                node + " | tool pnpm@7 | "
                       "pnpm install --frozen-lockfile --prefer-offline --prod=false | node a"},
        Fixture{"FieldBeatsLock",
                {{"package.json",
                  R"({"packageManager":"pnpm@10.2.0+sha512.abc","dependencies":{"a":"1"},)"
                  R"("scripts":{"start":"node a"}})"},
                 {"package-lock.json", "{}"}},
                node + " | tool pnpm@10.2.0 | pnpm install --no-frozen-lockfile --prod=false | "
                       "node a"},
        Fixture{"Yarn1",
                {{"package.json", R"({"dependencies":{"a":"1"},"scripts":{"start":"node a"}})"},
                 {"yarn.lock", "# yarn lockfile v1\n"}},
                node +
                    " | tool yarn@1 | "
                    "yarn install --frozen-lockfile --production=false --non-interactive | node a"},
        Fixture{"Yarn4WithNodeModules",
                {{"package.json", R"({"packageManager":"yarn@4.5.0","dependencies":{"a":"1"},)"
                                  R"("scripts":{"start":"node a"}})"},
                 {"yarn.lock", "\n__metadata:\n  version: 8\n"},
                 {".yarnrc.yml", "nodeLinker: node-modules\n"}},
                node + " | tool @yarnpkg/cli-dist@4.5.0 | yarn install --immutable | node a"},
        Fixture{"Yarn4PlugAndPlay",
                {{"package.json", R"({"dependencies":{"a":"1"},"scripts":{"start":"node a"}})"},
                 {"yarn.lock", "\n__metadata:\n  version: 8\n"}},
                node + " | tool @yarnpkg/cli-dist@4 | yarn install --immutable | yarn run start"},
        Fixture{"Bun",
                {{"package.json", R"({"scripts":{"start":"bun src/i.ts"}})"}, {"bun.lock", ""}},
                node + " | tool bun@1 | bun src/i.ts"},
        Fixture{"UnknownManager",
                {{"package.json", R"({"packageManager":"cargo@1"})"}},
                "detect.unknown_package_manager"},
        Fixture{"ManagerVersionIsNoShellText",
                {{"package.json", R"({"packageManager":"pnpm@9; rm -rf /"})"}},
                "detect.unknown_package_manager"}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    NodeVersions, NodeFixture,
    testing::Values(
        Fixture{"ByteOrderMarkAndNickname",
                {{"package.json", "\xEF\xBB\xBF{\r\n\"scripts\":{\"start\":\"node a\"}\r\n}\r\n"},
                 {".nvmrc", "lts/iron\r\n"}},
                "node | 20 (.nvmrc) | node a"},
        Fixture{"VariableBeatsAll",
                {{"package.json",
                  R"({"engines":{"node":"^20.19 || >=22.12"},"scripts":{"start":"node a"}})"},
                 {".nvmrc", "18"}},
                "node | 22 (variable NIXPACKS_NODE_VERSION) | node a",
                {.variables = {{"NIXPACKS_NODE_VERSION", "22"}}}},
        Fixture{"EnginesBeatAFileThatDoesNotFit",
                {{"package.json",
                  R"({"engines":{"node":"^20.19 || >=22.12"},"scripts":{"start":"node a"}})"},
                 {".nvmrc", "18"}},
                "node | 22 (package.json engines.node) | node a"},
        Fixture{"FileInsideOfTheEngines",
                {{"package.json", R"({"engines":{"node":">=18"},"scripts":{"start":"node a"}})"},
                 {".tool-versions", "# x\nnodejs 20.11.1\n"}},
                "node | 20.11.1 (.tool-versions) | node a"},
        Fixture{"MiseFile",
                {{"package.json", R"({"scripts":{"start":"node a"}})"},
                 {"mise.toml", "[tools]\nnode = [\"18\", \"20\"]\n"}},
                "node | 18 (mise.toml) | node a"},
        Fixture{"NoSuchVersion",
                {{"package.json", R"({"engines":{"node":">=99"},"scripts":{"start":"node a"}})"}},
                "detect.no_such_version"}),
    name_of);

}  // namespace
}  // namespace temps::detect

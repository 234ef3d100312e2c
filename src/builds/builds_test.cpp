#include "builds/builds.hpp"

#include <gmock/gmock.h>

#include "builds/errors.hpp"
#include "builds/fake_runtime.hpp"
#include "core/testing.hpp"
#include "detect/errors.hpp"
#include "files/files.hpp"

namespace temps::builds {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr auto node_package =
    R"({"name": "shop", "scripts": {"build": "make-it", "start": "run-it"},
  "dependencies": {"express": "4"}})";
constexpr auto vite_package = R"({"name": "site", "scripts": {"build": "vite build"},
  "devDependencies": {"vite": "5"}})";
constexpr auto lock = R"({"lockfileVersion": 3, "packages": {}})";

struct BuildsTest : testing::Test {
  files::TemporaryFolder folder;
  net::Loop loop;
  runtime::FakeRuntime docker{"docker"};
  runtime::FakeRuntime process{"process"};
  Options options{.folder = folder.path() / "builds",
                  .static_folder = folder.path() / "static",
                  .at_once = 2,
                  .free_bytes_min = 0};
  std::vector<std::string> said;

  void SetUp() override { ASSERT_TRUE(files::make_folder(options.folder).has_value()); }

  // A request for a tree of these files.
  Request request(std::int64_t deployment, const std::map<std::string, std::string>& tree,
                  detect::Settings settings = {}) {
    const auto source = folder.path() / fmt::format("tree-{}", deployment);
    for (const auto& [path, text] : tree) {
      ensure(files::make_folder((source / path).parent_path()).has_value(), "no folder");
      ensure(files::write_atomically(source / path, text).has_value(), "no file");
    }
    const auto tar = folder.path() / fmt::format("{}.tar", deployment);
    ensure(files::pack_tar(source, tar).has_value(), "no tar file");
    return {.project = "shop",
            .project_id = 3,
            .deployment = deployment,
            .source = tar,
            .settings = std::move(settings)};
  }
  Task<Built> build(runtime::Runtime& runtime, Request wanted) {
    Builder builder(loop, runtime, options);
    co_return co_await run(builder, std::move(wanted));
  }
  Task<Built> run(Builder& builder, Request wanted) {
    return builder.build(
        std::move(wanted), [this](std::string_view line) { said.emplace_back(line); },
        [](std::string_view) {});
  }
  std::string text(const std::filesystem::path& path) {
    return files::read(path).value_or("(missing)");
  }
  [[nodiscard]] bool left_nothing() const { return std::filesystem::is_empty(options.folder); }
};

TASK_TEST_F(BuildsTest, AStaticTreeIsServedAsItStands) {
  auto built = co_await build(docker, request(7, {{"index.html", "hello"}, {"a/b.css", "x"}}));
  EXPECT_EQ(built.provider, "static");
  EXPECT_EQ(built.static_root, options.static_folder / "shop" / "7");
  EXPECT_EQ(text(built.static_root / "index.html"), "hello");
  EXPECT_EQ(text(built.static_root / "a/b.css"), "x");
  EXPECT_EQ(built.artifact, "");
  EXPECT_THAT(docker.builds, IsEmpty());
  EXPECT_THAT(said, Contains(HasSubstr("detected")));
  EXPECT_TRUE(left_nothing());
}

TASK_TEST_F(BuildsTest, AFolderOfTheTreeCanBeTheSite) {
  auto built = co_await build(docker, request(1, {{"README.md", ""}, {"site/index.html", "in it"}},
                                              {.output_directory = "site"}));
  EXPECT_EQ(text(built.static_root / "index.html"), "in it");
  EXPECT_FALSE(std::filesystem::exists(built.static_root / "README.md"));
  EXPECT_TRUE(left_nothing());
}

TASK_TEST_F(BuildsTest, BuildingTheSameDeploymentAgainReplacesTheFirstResult) {
  co_await build(docker, request(1, {{"index.html", "first"}, {"old.html", ""}}));
  files::remove_all(folder.path() / "tree-1").value();
  auto built = co_await build(docker, request(1, {{"index.html", "second"}}));
  EXPECT_EQ(text(built.static_root / "index.html"), "second");
  EXPECT_FALSE(std::filesystem::exists(built.static_root / "old.html"));
}

TASK_TEST_F(BuildsTest, WithoutAnEngineCommandsRunInOrder) {
  auto built = co_await build(
      process, request(5, {{"package.json", node_package}, {"package-lock.json", lock}}));
  EXPECT_EQ(process.builds.size(), 1U);
  const auto& spec = process.builds.at(0);
  EXPECT_THAT(spec.commands, ElementsAre(HasSubstr("npm ci"), HasSubstr("npm run build")));
  EXPECT_EQ(spec.project, "shop");
  EXPECT_EQ(spec.project_id, 3);
  EXPECT_EQ(spec.deployment, 5);
  EXPECT_EQ(spec.dockerfile_text, "");
  EXPECT_EQ(built.provider, "node");
  EXPECT_EQ(built.artifact, "artifact-5");
  EXPECT_NE(built.start_command, "");
  EXPECT_EQ(built.variables.at("NODE_ENV"), "production");
  EXPECT_FALSE(built.variables.contains("PORT"));
  // Only the proxy is to reach it.
  EXPECT_EQ(built.variables.at("HOST"), "127.0.0.1");
  EXPECT_TRUE(left_nothing());
}

TASK_TEST_F(BuildsTest, TheUsersCommandsWin) {
  auto built = co_await build(
      process, request(5, {{"package.json", node_package}, {"package-lock.json", lock}},
                       {.build_command = "mine --build", .start_command = "mine --start"}));
  EXPECT_THAT(process.builds.at(0).commands, Contains(HasSubstr("mine --build")));
  EXPECT_THAT(built.start_command, HasSubstr("mine --start"));
}

TASK_TEST_F(BuildsTest, AnEngineGetsTheDockerfileThatWasWritten) {
  docker.exposed_ports = {8000};
  auto built = co_await build(
      docker, request(5, {{"package.json", node_package}, {"package-lock.json", lock}}));
  const auto& spec = docker.builds.at(0);
  EXPECT_THAT(spec.dockerfile_text, HasSubstr("FROM node:"));
  EXPECT_THAT(spec.dockerfile_text, HasSubstr("npm ci"));
  EXPECT_THAT(spec.commands, IsEmpty());
  EXPECT_EQ(built.start_command, "");
  EXPECT_THAT(built.exposed_ports, ElementsAre(8000));
}

TASK_TEST_F(BuildsTest, BaseImagesOfThisMachineAreUsedWhereTheyExist) {
  for (const auto* image : {"temps-base/debian:12", "temps-base/node:18"}) {
    docker.artifacts[image] = "";
  }
  co_await build(docker, request(5, {{"package.json", node_package}}));
  EXPECT_THAT(docker.builds.at(0).dockerfile_text, HasSubstr("FROM temps-base/node:18"));
}

TASK_TEST_F(BuildsTest, BaseImagesOfTheSettingsWinOverThoseOfThisMachine) {
  docker.artifacts = {{"temps-base/debian:12", ""}, {"temps-base/node:18", ""}};
  options.base_images.node = "registry.test/node:{version}";
  co_await build(docker, request(5, {{"package.json", node_package}}));
  EXPECT_THAT(docker.builds.at(0).dockerfile_text, HasSubstr("FROM registry.test/node:"));
}

TASK_TEST_F(BuildsTest, CertificatesOfTheHostReachTheBuild) {
  options.extra_certificates = folder.path() / "extra.crt";
  options.certificates = folder.path() / "usual.crt";
  co_await files::write_atomically(options.extra_certificates, "extra");
  co_await files::write_atomically(options.certificates, "usual");
  std::string seen;
  docker.on_build = [this, &seen](const runtime::BuildSpec& spec,
                                  const runtime::LineSink&) -> Task<> {
    seen = text(spec.certificates);
    co_return;
  };
  co_await build(docker, request(5, {{"package.json", node_package}, {"package-lock.json", lock}}));
  EXPECT_EQ(std::exchange(seen, ""), "usual\nextra");
  co_await build(docker, request(6, {{"Dockerfile", "FROM scratch"}}));
  EXPECT_EQ(seen, "usual\nextra");
}

TASK_TEST_F(BuildsTest, WithoutExtraCertificatesAnImageTrustsItsOwn) {
  co_await build(docker, request(6, {{"Dockerfile", "FROM scratch"}}));
  EXPECT_TRUE(docker.builds.at(0).certificates.empty());
}

TASK_TEST_F(BuildsTest, CertificatesOfTheHostReachABuildWithoutAnEngine) {
  options.extra_certificates = folder.path() / "extra.crt";
  options.certificates = folder.path() / "none";
  co_await files::write_atomically(options.extra_certificates, "extra");
  co_await build(process,
                 request(5, {{"package.json", node_package}, {"package-lock.json", lock}}));
  for (const auto* name : {"SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS", "PIP_CERT"}) {
    EXPECT_EQ(text(process.builds.at(0).environment.at(name)), "extra") << name;
  }
}

TASK_TEST_F(BuildsTest, ACertificateFileThatIsAwayIsSaid) {
  options.extra_certificates = folder.path() / "away.crt";
  auto built = co_await attempt(
      build(process, request(5, {{"package.json", node_package}, {"package-lock.json", lock}})));
  EXPECT_TRUE(!built && built.error().is(errors::no_certificates));
}

TASK_TEST_F(BuildsTest, AnEngineGetsTheUsersDockerfile) {
  co_await build(docker, request(5, {{"Dockerfile", "FROM scratch"}, {"index.html", ""}}));
  EXPECT_EQ(docker.builds.at(0).dockerfile, "Dockerfile");
  EXPECT_EQ(docker.builds.at(0).dockerfile_text, "");
}

TASK_TEST_F(BuildsTest, ADockerfileNeedsAnEngineAndTheErrorSaysHowToGetOne) {
  auto result = co_await attempt(build(process, request(5, {{"Dockerfile", "FROM scratch"}})));
  EXPECT_TRUE(!result && result.error().is(errors::needs_engine));
  EXPECT_THAT(std::string(result.error().detail()), HasSubstr("apt-get install docker.io"));
  EXPECT_THAT(process.builds, IsEmpty());
  EXPECT_TRUE(left_nothing());
}

TASK_TEST_F(BuildsTest, ASiteThatIsBuiltIsCopiedOutAndItsArtifactGoes) {
  for (auto* runtime : {&docker, &process}) {
    auto built = co_await build(
        *runtime, request(9, {{"package.json", vite_package}, {"package-lock.json", lock}}));
    EXPECT_THAT(runtime->events, ElementsAre("copy artifact-9:dist", "remove artifact-9"));
    EXPECT_THAT(runtime->artifacts, IsEmpty());
    EXPECT_EQ(text(built.static_root / "index.html"), "built");
    EXPECT_EQ(built.artifact, "");
    EXPECT_EQ(built.start_command, "");
  }
}

TASK_TEST_F(BuildsTest, ABuildWithoutAnIndexPageIsAnErrorAndLeavesNothing) {
  docker.files_built = {{"main.js", ""}};
  auto result = co_await attempt(
      build(docker, request(9, {{"package.json", vite_package}, {"package-lock.json", lock}})));
  EXPECT_TRUE(!result && result.error().is(errors::empty_static_output));
  EXPECT_THAT(std::string(result.error().detail()), HasSubstr("output_directory="));
  EXPECT_FALSE(std::filesystem::exists(options.static_folder / "shop" / "9"));
  EXPECT_THAT(docker.artifacts, IsEmpty());
}

TASK_TEST_F(BuildsTest, ABuildWithoutItsOutputFolderLeavesNoArtifact) {
  docker.files_built = {};
  auto result = co_await attempt(
      build(docker, request(9, {{"package.json", vite_package}, {"package-lock.json", lock}})));
  EXPECT_TRUE(!result && result.error().is(runtime::errors::nothing_built));
  EXPECT_THAT(docker.artifacts, IsEmpty());
}

TASK_TEST_F(BuildsTest, AFailedBuildLeavesNoFiles) {
  docker.on_build = [](const runtime::BuildSpec&, const runtime::LineSink&) -> Task<> {
    co_await fail(runtime::errors::build_failed, "step 3 ended with exit code 1");
  };
  auto result = co_await attempt(build(docker, request(5, {{"package.json", node_package}})));
  EXPECT_TRUE(!result && result.error().is(runtime::errors::build_failed));
  EXPECT_TRUE(left_nothing());
}

TASK_TEST_F(BuildsTest, ATreeThatNobodyKnowsIsRefused) {
  auto result = co_await attempt(build(docker, request(5, {{"notes.txt", "?"}})));
  EXPECT_TRUE(!result && result.error().code().code.starts_with("detect."));
  EXPECT_TRUE(left_nothing());
}

TASK_TEST_F(BuildsTest, AnArchiveThatLeadsOutOfItsFolderIsRefused) {
  auto wanted = request(5, {{"index.html", ""}});
  co_await files::write_atomically(wanted.source, "this is no tar file at all");
  auto result = co_await attempt(build(docker, wanted));
  EXPECT_TRUE(!result && result.error().is(files::errors::bad_archive));
  EXPECT_TRUE(left_nothing());
}

TASK_TEST_F(BuildsTest, ANearlyFullDiskRefusesBuildsBeforeAnythingIsWritten) {
  constexpr std::uint64_t gigabyte = 1'000'000'000;
  options.free_bytes_min = 2 * gigabyte;
  options.space_of = [](const std::filesystem::path&) {
    return files::Space{.total_bytes = 100 * gigabyte, .free_bytes = 2 * gigabyte - 1};
  };
  auto result = co_await attempt(build(docker, request(5, {{"index.html", ""}})));
  EXPECT_TRUE(!result && result.error().is(errors::disk_full));
  EXPECT_THAT(std::string(result.error().detail()),
              AllOf(HasSubstr("2.0 GB of 100.0 GB"), HasSubstr(options.folder.string()),
                    HasSubstr("the running release goes on")));
  EXPECT_TRUE(left_nothing());
  EXPECT_THAT(said, Not(Contains(HasSubstr("detected"))));
}

TASK_TEST_F(BuildsTest, ANearlyFullDiskOfTheEngineCostsTheBuildCacheThenTheBuild) {
  constexpr std::uint64_t gigabyte = 1'000'000'000;
  options.free_bytes_min = 2 * gigabyte;
  docker.storage_folder = "/var/lib/engine";
  const auto was_dropped = [this] {
    return std::ranges::find(docker.events, "drop build cache") != docker.events.end();
  };
  std::uint64_t freed = 0;
  options.space_of = [&](const std::filesystem::path& folder) {
    const bool is_engine = folder == docker.storage_folder;
    const auto free = is_engine ? gigabyte + (was_dropped() ? freed : 0) : 50 * gigabyte;
    return files::Space{.total_bytes = 100 * gigabyte, .free_bytes = free};
  };
  const std::map<std::string, std::string> tree{{"Dockerfile", "FROM scratch"}};
  auto refused = co_await attempt(build(docker, request(5, tree)));
  EXPECT_TRUE(!refused && refused.error().is(errors::disk_full));
  EXPECT_THAT(std::string(refused.error().detail()),
              AllOf(HasSubstr("1.0 GB of 100.0 GB are free in /var/lib/engine"),
                    HasSubstr("docker system df")));
  EXPECT_TRUE(was_dropped());
  EXPECT_THAT(docker.builds, IsEmpty());
  EXPECT_TRUE(left_nothing());

  docker.events.clear();
  freed = gigabyte;
  co_await build(docker, request(6, tree));
  EXPECT_TRUE(was_dropped());
  EXPECT_EQ(docker.builds.size(), 1U);
}

TASK_TEST_F(BuildsTest, AStaticTreeNeedsNeitherTheEngineNorItsDisk) {
  docker.away = true;
  auto built = co_await build(docker, request(7, {{"index.html", "hello"}}));
  EXPECT_EQ(built.provider, "static");
}

TASK_TEST_F(BuildsTest, OnASmallDiskATenthIsEnough) {
  options.free_bytes_min = 2'000'000'000;
  options.space_of = [](const std::filesystem::path&) {
    return files::Space{.total_bytes = 5'000'000'000, .free_bytes = 500'000'000};
  };
  auto built = co_await build(docker, request(5, {{"index.html", ""}}));
  EXPECT_EQ(built.provider, "static");
}

TASK_TEST_F(BuildsTest, OnlySoManyBuildAtTheSameTime) {
  int running = 0;
  int most = 0;
  docker.on_build = [&](const runtime::BuildSpec&, const runtime::LineSink&) -> Task<> {
    most = std::max(most, ++running);
    co_await sleep(std::chrono::milliseconds(2));
    --running;
  };
  Builder builder(loop, docker, options);
  std::vector<Task<>> tasks;
  for (std::int64_t i = 1; i <= 5; ++i) {
    tasks.push_back([](BuildsTest& self, Builder& with, std::int64_t number) -> Task<> {
      co_await self.run(with, self.request(number, {{"package.json", node_package}}));
    }(*this, builder, i));
  }
  co_await all(std::move(tasks));
  EXPECT_EQ(most, 2);
  EXPECT_EQ(docker.builds.size(), 5U);
  EXPECT_THAT(said, Contains("waiting for another build to end").Times(3));
}

TASK_TEST_F(BuildsTest, ACancelledBuildGivesItsPlaceToTheNext) {
  options.at_once = 1;
  docker.on_build = [](const runtime::BuildSpec& spec, const runtime::LineSink&) -> Task<> {
    if (spec.deployment == 1) co_await sleep(std::chrono::hours(1));
  };
  Builder builder(loop, docker, options);
  const std::map<std::string, std::string> tree{{"package.json", node_package}};
  auto late =
      co_await attempt(within(std::chrono::milliseconds(5), run(builder, request(1, tree))));
  EXPECT_FALSE(late.has_value());
  co_await within(std::chrono::seconds(5), run(builder, request(2, tree)));
  EXPECT_TRUE(left_nothing());
}

TASK_TEST_F(BuildsTest, RemovesTheFilesOfOneDeployment) {
  Builder builder(loop, docker, options);
  co_await run(builder, request(1, {{"index.html", ""}}));
  co_await run(builder, request(11, {{"index.html", ""}}));
  co_await builder.remove_static("shop", 1);
  EXPECT_FALSE(std::filesystem::exists(options.static_folder / "shop" / "1"));
  EXPECT_TRUE(std::filesystem::exists(options.static_folder / "shop" / "11"));
}

TASK_TEST_F(BuildsTest, ArgumentsReachImagesAndCommands) {
  auto wanted = request(1, {{"package.json", node_package}});
  wanted.arguments = {{"API", "https://api"}};
  Builder images(loop, docker, options);
  co_await run(images, wanted);
  EXPECT_EQ(docker.builds.at(0).environment.at("API"), "https://api");
  EXPECT_THAT(docker.builds.at(0).dockerfile_text, HasSubstr("ARG API\n"));

  wanted = request(2, {{"package.json", node_package}});
  wanted.arguments = {{"API", "https://api"}, {"CI", "no"}};
  options.extra_certificates = folder.path() / "ca.pem";
  co_await files::write_atomically(options.extra_certificates, "a certificate\n");
  Builder folders(loop, process, options);
  co_await run(folders, wanted);
  EXPECT_EQ(process.builds.at(0).environment.at("API"), "https://api");
  EXPECT_EQ(process.builds.at(0).environment.at("CI"), "no");
  EXPECT_EQ(process.builds.at(0).environment.at("PIP_CERT"),
            (options.folder / "certificates.pem").string());
}

TASK_TEST_F(BuildsTest, VariablesOfTheAppReachBuildsAndArgumentsCountMore) {
  auto wanted = request(1, {{"package.json", node_package}});
  wanted.arguments = {{"API", "of the build"}};
  wanted.variables = {{"API", "of the app"}, {"VITE_A", "1"}, {"LARGE", std::string(5000, 'x')}};
  wanted.provided = {{"TEMPS_GIT_COMMIT", "c0ffee"}};
  Builder images(loop, docker, options);
  co_await run(images, wanted);
  const auto& image = docker.builds.at(0);
  EXPECT_EQ(image.environment.at("API"), "of the build");
  EXPECT_EQ(image.variables.at("VITE_A"), "1");
  EXPECT_EQ(image.variables.at("TEMPS_GIT_COMMIT"), "c0ffee");
  EXPECT_FALSE(image.variables.contains("LARGE"));
  EXPECT_THAT(said, Contains(HasSubstr("given to the app only: LARGE")));
  EXPECT_THAT(image.dockerfile_text, HasSubstr("ARG API\nARG VITE_A\n"));
  EXPECT_THAT(image.dockerfile_text, Not(HasSubstr("TEMPS_GIT_COMMIT")));

  auto second = wanted;
  second.deployment = 2;
  Builder folders(loop, process, options);
  co_await run(folders, second);
  const auto& folder_build = process.builds.at(0).environment;
  EXPECT_EQ(folder_build.at("API"), "of the build");
  EXPECT_EQ(folder_build.at("VITE_A"), "1");
  EXPECT_EQ(folder_build.at("LARGE").size(), 5000U);
  EXPECT_EQ(folder_build.at("TEMPS_GIT_COMMIT"), "c0ffee");
}

TASK_TEST_F(BuildsTest, ADockerfileThatIsNoTextIsRefusedInWords) {
  using namespace std::string_literals;
  Builder builder(loop, docker, options);
  auto refused = co_await attempt(run(builder, request(1, {{"Dockerfile", "F\0R\0O\0M\0"s}})));
  EXPECT_TRUE(!refused && refused.error().is(errors::bad_dockerfile));
}

}  // namespace
}  // namespace temps::builds

// Builds with a real engine, and what they leave in it.
#include <gtest/gtest.h>

#include "runtime/docker_fixture.hpp"

namespace temps::runtime {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
struct DockerBuildTest : DockerRuntimeTest {};

TASK_TEST_F(DockerBuildTest, BuildsAnImageFromOurDockerfileAndShowsItsSteps) {
  auto artifact = co_await build(
      {.dockerfile_text = std::string(app_dockerfile) + "ARG WHO\nRUN echo hi $WHO >&2\n",
       .environment = {{"WHO", "world"}}});
  EXPECT_TRUE(artifact.reference.starts_with("sha256:")) << artifact.reference;
  EXPECT_EQ(artifact.exposed_ports, std::vector<std::uint16_t>{3000});
  EXPECT_NE(std::ranges::find(output, "hi world"), output.end());
  EXPECT_TRUE(output.front().ends_with(" : FROM temps-test/base:1")) << output.front();
  EXPECT_TRUE(co_await runtime.has_artifact(artifact.reference));
  co_await runtime.remove_artifact(artifact.reference);
  EXPECT_FALSE(co_await runtime.has_artifact(artifact.reference));
  co_await runtime.remove_artifact(base_image);
  EXPECT_TRUE(co_await runtime.has_artifact(base_image));
}

TASK_TEST_F(DockerBuildTest, ADockerfileGetsTheVariablesThatItDeclares) {
  auto artifact = co_await build(
      {.dockerfile_text = std::string(app_dockerfile) + "ARG WHO\nRUN echo \"hi $WHO $OTHER.\"\n",
       .variables = {{"WHO", "world"}, {"OTHER", "others"}}});
  EXPECT_NE(std::ranges::find(output, "hi world ."), output.end());
  // No warning about arguments that were not taken.
  for (const auto& line : output) EXPECT_FALSE(line.contains("not consumed")) << line;
  co_await runtime.remove_artifact(artifact.reference);
}

TASK_TEST_F(DockerBuildTest, AFailingStepIsNamedWithItsExitCode) {
  auto built = co_await attempt(build({.dockerfile_text = "FROM temps-test/base:1\nRUN exit 7\n"}));
  EXPECT_TRUE(!built && built.error().is(errors::build_failed));
  EXPECT_NE(built.error().detail().find("\"RUN exit 7\" ended with exit code 7"), std::string::npos)
      << built.error().detail();
}

TASK_TEST_F(DockerBuildTest, ABrokenDockerfileIsABuildFailure) {
  auto built = co_await attempt(build({.dockerfile_text = "FROM temps-test/base:1\nFLY away\n"}));
  EXPECT_TRUE(!built && built.error().is(errors::build_failed));
  EXPECT_NE(built.error().detail().find("FLY"), std::string::npos) << built.error().detail();
}

TASK_TEST_F(DockerBuildTest, AnImageThatCannotBeFetchedIsNamed) {
  auto built =
      co_await attempt(build({.dockerfile_text = "FROM 127.0.0.1:1/no-such/image:1\nRUN true\n"}));
  EXPECT_TRUE(!built && built.error().is(errors::base_image_missing));
  EXPECT_NE(built.error().detail().find("127.0.0.1:1/no-such/image:1"), std::string::npos);
  EXPECT_NE(built.error().detail().find("temps base-images build"), std::string::npos);
}

TASK_TEST_F(DockerBuildTest, ABuildPastItsTimeLimitEndsAtOnce) {
  auto built = co_await attempt(within(
      10s,
      build({.dockerfile_text = "FROM temps-test/base:1\nRUN sleep 100\n", .time_limit = 2s})));
  EXPECT_TRUE(!built && built.error().is(errors::build_timed_out));
}

TASK_TEST_F(DockerBuildTest, MemoryThatRunsOutInABuildIsSaidInWords) {
  auto built = co_await attempt(
      build({.dockerfile_text = "FROM temps-test/base:1\n"
                                "RUN perl -e '$x = \"x\" x 200_000_000; print length $x'\n",
             .limits = {.memory_bytes = 64U << 20U}}));
  EXPECT_TRUE(!built && built.error().is(errors::build_failed));
  EXPECT_NE(built.error().detail().find("ran out of memory"), std::string::npos)
      << built.error().detail();
}

TASK_TEST_F(DockerBuildTest, HonoursDockerignoreAndTheProjectsOwnDockerfile) {
  co_await files::write_atomically(source / ".dockerignore", "*\n!kept\n");
  co_await files::write_atomically(source / "kept", "");
  co_await files::write_atomically(
      source / "Dockerfile",
      "FROM temps-test/base:1\nENV BY=" + installation + "\nCOPY . /x/\nRUN echo found /x/*\n");
  co_await build({.dockerfile = "Dockerfile"});
  EXPECT_NE(std::ranges::find(output, "found /x/kept"), output.end());
}

TASK_TEST_F(DockerBuildTest, StepsOfTheUsersDockerfileTrustTheCertificates) {
  const auto certificates = folder.path() / "ca.pem";
  co_await files::write_atomically(certificates, "a certificate\n", 0600);
  co_await files::write_atomically(source / ".dockerignore", "*\n!kept");
  co_await files::write_atomically(source / "kept", "");
  co_await files::write_atomically(
      source / "Dockerfile",
      "# syntax=docker/dockerfile:1\n# escape=`\nARG BASE=temps-test/base:1\n"
      "FROM $BASE AS build\nENV BY=" +
          installation +
          "\nRUN echo one $(cat $NODE_EXTRA_CA_CERTS) `\n"
          "  # RUN no\n  && echo $PIP_CERT $npm_config_cafile\n"
          "FROM temps-test/base:1 AS other\nENV SSL_CERT_FILE=/of/the/user BY=" +
          installation +
          "\nUSER 1234\n"
          "RUN echo two $(cat $CURL_CA_BUNDLE) $SSL_CERT_FILE\nCOPY . /x/\n"
          "RUN echo found /x/* /x/.t* /x/.d*\n"
          "FROM scratch\nCOPY --from=other /x/kept /kept\n");
  auto artifact = co_await build({.dockerfile = "Dockerfile", .certificates = certificates});
  EXPECT_TRUE(was_said("one a certificate"));
  EXPECT_TRUE(was_said("/opt/temps-ca.crt /opt/temps-ca.crt"));
  EXPECT_TRUE(was_said("two a certificate /of/the/user"));
  // Nothing of ours is in the context.
  EXPECT_TRUE(was_said("found /x/kept /x/.t* /x/.d*"));
  const auto joined = join(output, "\n");
  EXPECT_EQ(joined.find("certificates:"), std::string::npos) << joined;
  EXPECT_NE(joined.find("Step 12/12 : COPY --from=other"), std::string::npos) << joined;
  // A stage without a step is as the user wrote it.
  const auto final = co_await image(artifact.reference);
  EXPECT_EQ(final["RootFS"]["Layers"].size(), 1U);
  EXPECT_EQ(text_of(final["Config"]["Env"]).find("CERT"), std::string::npos);
}

TASK_TEST_F(DockerBuildTest, TheVariablesAreNotLeftInTheImageAndLayersAreUsedAgain) {
  const auto certificates = folder.path() / "ca.pem";
  co_await files::write_atomically(certificates, "a certificate\n");
  co_await files::write_atomically(
      source / "Dockerfile",
      "FROM temps-test/base:1\nENV BY=" + installation +
          "\nRUN cat $SSL_CERT_FILE\nCOPY . /x/\nRUN echo hidden /x/.[a-z]*\n");
  auto artifact = co_await build({.dockerfile = "Dockerfile", .certificates = certificates});
  EXPECT_TRUE(was_said("a certificate"));
  EXPECT_TRUE(was_said("hidden /x/.[a-z]*")) << "something of ours is in the context";
  const auto built = co_await image(artifact.reference);
  EXPECT_EQ(built["Config"].text().find("temps-ca"), std::string::npos) << built["Config"].text();
  output.clear();
  auto again = co_await build({.dockerfile = "Dockerfile", .certificates = certificates});
  EXPECT_EQ(again.reference, artifact.reference);
  EXPECT_FALSE(was_said("a certificate"));
  co_await files::write_atomically(certificates, "another certificate\n");
  co_await build({.dockerfile = "Dockerfile", .certificates = certificates});
  EXPECT_TRUE(was_said("another certificate"));
}

TASK_TEST_F(DockerBuildTest, AFailedBuildIsOfUseToTheNextAndThenGoes) {
  const auto before = co_await image_count();
  const std::string steps =
      "FROM temps-test/base:1\nRUN echo " + random_hex(8) + " >/made && echo worked\n";
  co_await files::write_atomically(source / "Dockerfile", steps + "RUN exit 7\n");
  auto failed = co_await attempt(build({.dockerfile = "Dockerfile"}));
  EXPECT_TRUE(!failed && failed.error().is(errors::build_failed));
  EXPECT_NE(failed.error().detail().find("line 3 of Dockerfile: \"RUN exit 7\" ended"),
            std::string::npos)
      << failed.error().detail();
  EXPECT_TRUE(was_said("worked"));
  EXPECT_EQ(co_await image_count(), before + 1);

  output.clear();
  co_await files::write_atomically(source / "Dockerfile", steps + "RUN true\n");
  auto artifact = co_await build({.dockerfile = "Dockerfile"});
  EXPECT_FALSE(was_said("worked"));
  // The release stands on all of it.
  co_await runtime.drop_build_cache();
  EXPECT_TRUE(co_await runtime.has_artifact(artifact.reference));

  co_await runtime.remove_artifact(artifact.reference);
  // The two steps, and those that set the labels.
  EXPECT_GE(co_await image_count(), before + 2);
  // Another process knows of them, too.
  DockerRuntime next(loop, options());
  co_await next.drop_build_cache();
  EXPECT_EQ(co_await image_count(), before);
}

TASK_TEST_F(DockerBuildTest, ABuildKeepsTheCacheWithinItsLimit) {
  const auto before = co_await image_count();
  DockerRuntime small(loop, options(1'500'000));
  const auto step = [&](std::string_view name) {
    return BuildSpec{.project = "shop",
                     .deployment = 1,
                     .source = source,
                     .dockerfile_text = fmt::format(
                         "FROM temps-test/base:1 AS {}\nRUN perl -e 'print \"{} {}\" x 40000' >/x\n"
                         "FROM scratch\nCOPY server.pl /\n",
                         name, name, installation)};
  };
  for (const auto* name : {"first", "second", "first", "third"}) {
    auto artifact = co_await small.build(
        step(name), [this](std::string_view line) { output.emplace_back(line); });
    artifacts.push_back(artifact.reference);
  }
  // Half a megabyte each: two fit.
  EXPECT_LE(co_await image_count(), before + 6);
}

TASK_TEST_F(DockerBuildTest, ImagesOfTheUserAreNotCollected) {
  DockerApi api(loop, std::string(default_docker_socket));
  co_await files::write_atomically(
      source / "Dockerfile", "FROM temps-test/base:1\nENV BY=" + installation + "\nRUN true\n");
  // By somebody else with the same engine, and without a name.
  DockerRuntime other(loop, {.installation = "x" + installation, .work_folder = folder.path()});
  auto theirs = co_await other.build({.project = "shop", .deployment = 9, .source = source},
                                     [](std::string_view) {});
  // Their next build takes the name.
  auto renamed = co_await other.build(
      {.project = "shop", .deployment = 9, .source = source, .environment = {{"no_proxy", "x"}}},
      [](std::string_view) {});
  co_await build({.dockerfile = "Dockerfile"});
  co_await runtime.drop_build_cache();
  EXPECT_TRUE(co_await runtime.has_artifact(theirs.reference));
  co_await runtime.remove_artifact(artifacts.back());
  co_await runtime.drop_build_cache();
  co_await other.remove_artifact(renamed.reference);
  co_await other.remove_artifact(theirs.reference);
  EXPECT_FALSE(co_await runtime.has_artifact(theirs.reference));
}

TASK_TEST_F(DockerBuildTest, KnowsWhereTheEngineKeepsImages) {
  const auto folder_of_engine = co_await runtime.storage();
  EXPECT_TRUE(folder_of_engine.empty() || fs::is_directory(folder_of_engine)) << folder_of_engine;
}

TASK_TEST_F(DockerBuildTest, AStaticOutputIsCopiedOutOfTheImage) {
  auto artifact =
      co_await build({.dockerfile_text = "FROM temps-test/base:1\nWORKDIR /app\n"
                                         "RUN mkdir -p dist/assets; echo page > dist/index.html; "
                                         "echo x > dist/assets/x.js\n"});
  co_await runtime.copy_out(artifact.reference, "dist", folder.path() / "out");
  EXPECT_EQ(files::read(folder.path() / "out/index.html").value_or(""), "page\n");
  EXPECT_EQ(files::read(folder.path() / "out/assets/x.js").value_or(""), "x\n");
  auto missing =
      co_await attempt(runtime.copy_out(artifact.reference, "build", folder.path() / "out2"));
  EXPECT_TRUE(!missing && missing.error().is(errors::nothing_built));
}

}  // namespace
}  // namespace temps::runtime

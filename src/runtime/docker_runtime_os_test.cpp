// The docker runtime with a real engine; skipped, visibly, where none answers.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "core/concurrency.hpp"
#include "core/random.hpp"
#include "core/testing.hpp"
#include "core/text.hpp"
#include "files/files.hpp"
#include "net/socket.hpp"
#include "process/process.hpp"
#include "runtime/docker_runtime.hpp"

namespace temps::runtime {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr const char* base_image = "temps-test/base:1";
constexpr const char* app_dockerfile =
    "FROM temps-test/base:1\nWORKDIR /app\nCOPY . .\nEXPOSE 3000\n"
    "CMD [\"perl\", \"server.pl\", \"0.0.0.0\", \"3000\"]\n";
constexpr std::string_view server_script = R"(
use IO::Socket::INET;
$| = 1;
my $s = IO::Socket::INET->new(LocalAddr => $ARGV[0], LocalPort => $ARGV[1], Listen => 5) or die;
print "listening\n";
print STDERR "on an error stream\n";
$SIG{TERM} = sub { print "bye\n"; exit 0 };
while (my $c = $s->accept) { print $c "hello\n"; close $c; }
)";

// A root file system of a shell, a few programs and perl, from this machine's own files.
constexpr const char* make_root = R"sh(
set -e
mkdir -p "$1/usr/bin" "$1/usr/lib" "$1/usr/lib64" "$1/tmp" "$1/etc"
for f in bin lib lib64; do ln -s "usr/$f" "$1/$f"; done
for p in sh perl cat mkdir sleep true; do cp -L "/usr/bin/$p" "$1/usr/bin/$p"; done
cp -a --parents /usr/lib/*/perl-base "$1"
ldd "$1"/usr/bin/* | awk '/=> \// {print $3} /^\t\/lib/ {print $1}' | sort -u |
  while read -r lib; do mkdir -p "$1$(dirname "$lib")"; cp -L "$lib" "$1$lib"; done
)sh";

struct DockerRuntimeTest : testing::Test {
  net::Loop loop;
  files::TemporaryFolder folder;
  fs::path source = folder.path() / "source";
  std::string installation = random_hex(4);
  DockerRuntime runtime{loop, options()};
  bool is_skipped = false;

  [[nodiscard]] DockerOptions options(std::uint64_t build_cache_bytes_max = 1U << 30U) const {
    return {.installation = installation,
            .work_folder = folder.path(),
            .step_ledger = folder.path() / "steps",
            .build_cache_bytes_max = build_cache_bytes_max};
  }

  void SetUp() override {
    auto answers = loop.run(docker_answers(loop, std::string(default_docker_socket)));
    if (!answers || !*answers) {
      is_skipped = true;
      GTEST_SKIP() << "no container engine answers at " << default_docker_socket;
    }
    ASSERT_TRUE(files::make_folder(source));
    ASSERT_TRUE(files::write_atomically(source / "server.pl", server_script));
    auto made = loop.run(make_base());
    ASSERT_TRUE(made) << made.error().detail();
  }
  void TearDown() override {
    if (is_skipped) return;
    auto removed = loop.run(remove_all());
    EXPECT_TRUE(removed) << removed.error().detail();
  }
  Task<> make_base() {
    if (co_await runtime.has_artifact(base_image)) co_return;
    const auto root = folder.path() / "root";
    process::Spec script{.command = {"/bin/sh", "-c", make_root, "sh", root.native()},
                         .environment = process::base_environment()};
    auto made = co_await process::capture(loop, script);
    if (!made.exit.is_success()) co_await fail(temps::errors::internal, made.err);
    const auto archive = folder.path() / "root.tar";
    co_await files::pack_tar(root, archive);
    co_await import_image(loop, {.archive = archive, .name = base_image});
  }
  Task<> remove_all() {
    auto listed = co_await runtime.list();
    for (auto& each : listed) co_await runtime.stop_and_remove(each.id, 0s);
    for (auto& artifact : artifacts) co_await runtime.remove_artifact(artifact);
    // All that the builds of this test left, the certificates too.
    DockerRuntime last(loop, options());
    for (int i = 0; i < 50; ++i) {
      co_await last.drop_build_cache();
      if (files::read(folder.path() / "steps").value_or("").empty()) break;
      // The engine still ends a step that was stopped.
      co_await sleep(50ms);
    }
  }
  // How many images the engine has, the steps of builds with them.
  Task<std::size_t> image_count() {
    DockerApi api(loop, std::string(default_docker_socket));
    auto answer = co_await api.call({.path = "/images/json?all=1"});
    co_return answer.value().size();
  }
  // An image's list of variables and its size.
  Task<json::Value> image(std::string reference) {
    DockerApi api(loop, std::string(default_docker_socket));
    auto answer = co_await api.call({.path = "/images/" + reference + "/json"});
    co_return answer.value();
  }
  [[nodiscard]] bool was_said(std::string_view line) const {
    return std::ranges::find(output, line) != output.end();
  }
  Task<Artifact> build(BuildSpec spec) {
    spec.project = "shop";
    spec.deployment = 1;
    spec.source = source;
    // What another run of the tests has left is not used again.
    spec.dockerfile_text = replaced(spec.dockerfile_text, "FROM temps-test/base:1\n",
                                    "FROM temps-test/base:1\nENV BY=" + installation + "\n");
    auto artifact =
        co_await runtime.build(spec, [this](std::string_view line) { output.emplace_back(line); });
    artifacts.push_back(artifact.reference);
    co_return artifact;
  }
  Task<Instance> start(std::string command) {
    auto artifact = co_await build({.dockerfile_text = app_dockerfile});
    co_return co_await runtime.start({.name = "shop-production-1",
                                      .project = "shop",
                                      .deployment = 1,
                                      .artifact = artifact.reference,
                                      .start_command = command,
                                      .environment = {{"GREETING", "hello"}},
                                      .limits = {.memory_bytes = 64U << 20U, .pids = 50}});
  }
  Task<State> wait_for(std::string id, std::function<bool(const State&)> wanted) {
    State state;
    for (int i = 0; i < 300; ++i) {
      state = co_await runtime.inspect(id);
      if (wanted(state)) co_return state;
      co_await sleep(50ms);
    }
    ADD_FAILURE() << "waited 15 s in vain";
    co_return state;
  }
  Task<std::vector<LogLine>> log_until(std::string id, std::string last) {
    std::vector<LogLine> lines;
    Signal seen;
    auto sink = [&lines, &seen, last](LogLine line) {
      lines.push_back(line);
      if (line.text == last) seen.notify();
    };
    co_await within(15s, race(seen.next(), runtime.follow(id, Instant{}, sink)));
    co_return lines;
  }

  static LogLine line_with(const std::vector<LogLine>& lines, std::string_view text) {
    const auto found = std::ranges::find(lines, text, &LogLine::text);
    return found == lines.end() ? LogLine{} : *found;
  }

  std::vector<std::string> output;
  std::vector<std::string> artifacts;
};

TASK_TEST_F(DockerRuntimeTest, BuildsAnImageFromOurDockerfileAndShowsItsSteps) {
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

TASK_TEST_F(DockerRuntimeTest, AFailingStepIsNamedWithItsExitCode) {
  auto built = co_await attempt(build({.dockerfile_text = "FROM temps-test/base:1\nRUN exit 7\n"}));
  EXPECT_TRUE(!built && built.error().is(errors::build_failed));
  EXPECT_NE(built.error().detail().find("\"RUN exit 7\" ended with exit code 7"), std::string::npos)
      << built.error().detail();
}

TASK_TEST_F(DockerRuntimeTest, ABrokenDockerfileIsABuildFailure) {
  auto built = co_await attempt(build({.dockerfile_text = "FROM temps-test/base:1\nFLY away\n"}));
  EXPECT_TRUE(!built && built.error().is(errors::build_failed));
  EXPECT_NE(built.error().detail().find("FLY"), std::string::npos) << built.error().detail();
}

TASK_TEST_F(DockerRuntimeTest, AnImageThatCannotBeFetchedIsNamed) {
  auto built =
      co_await attempt(build({.dockerfile_text = "FROM 127.0.0.1:1/no-such/image:1\nRUN true\n"}));
  EXPECT_TRUE(!built && built.error().is(errors::base_image_missing));
  EXPECT_NE(built.error().detail().find("127.0.0.1:1/no-such/image:1"), std::string::npos);
  EXPECT_NE(built.error().detail().find("temps base-images build"), std::string::npos);
}

TASK_TEST_F(DockerRuntimeTest, ABuildPastItsTimeLimitEndsAtOnce) {
  auto built = co_await attempt(within(
      10s,
      build({.dockerfile_text = "FROM temps-test/base:1\nRUN sleep 100\n", .time_limit = 2s})));
  EXPECT_TRUE(!built && built.error().is(errors::build_timed_out));
}

TASK_TEST_F(DockerRuntimeTest, MemoryThatRunsOutInABuildIsSaidInWords) {
  auto built = co_await attempt(
      build({.dockerfile_text = "FROM temps-test/base:1\n"
                                "RUN perl -e '$x = \"x\" x 200_000_000; print length $x'\n",
             .limits = {.memory_bytes = 64U << 20U}}));
  EXPECT_TRUE(!built && built.error().is(errors::build_failed));
  EXPECT_NE(built.error().detail().find("ran out of memory"), std::string::npos)
      << built.error().detail();
}

TASK_TEST_F(DockerRuntimeTest, HonoursDockerignoreAndTheProjectsOwnDockerfile) {
  co_await files::write_atomically(source / ".dockerignore", "*\n!kept\n");
  co_await files::write_atomically(source / "kept", "");
  co_await files::write_atomically(
      source / "Dockerfile",
      "FROM temps-test/base:1\nENV BY=" + installation + "\nCOPY . /x/\nRUN echo found /x/*\n");
  co_await build({.dockerfile = "Dockerfile"});
  EXPECT_NE(std::ranges::find(output, "found /x/kept"), output.end());
}

TASK_TEST_F(DockerRuntimeTest, StepsOfTheUsersDockerfileTrustTheCertificates) {
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

TASK_TEST_F(DockerRuntimeTest, TheVariablesAreNotLeftInTheImageAndLayersAreUsedAgain) {
  const auto certificates = folder.path() / "ca.pem";
  co_await files::write_atomically(certificates, "a certificate\n");
  co_await files::write_atomically(
      source / "Dockerfile",
      "FROM temps-test/base:1\nENV BY=" + installation + "\nRUN cat $SSL_CERT_FILE\nCOPY . /x/\n");
  auto artifact = co_await build({.dockerfile = "Dockerfile", .certificates = certificates});
  EXPECT_TRUE(was_said("a certificate"));
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

TASK_TEST_F(DockerRuntimeTest, AFailedBuildIsOfUseToTheNextAndThenGoes) {
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

TASK_TEST_F(DockerRuntimeTest, ABuildKeepsTheCacheWithinItsLimit) {
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

TASK_TEST_F(DockerRuntimeTest, ImagesOfTheUserAreNotCollected) {
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

TASK_TEST_F(DockerRuntimeTest, KnowsWhereTheEngineKeepsImages) {
  const auto folder_of_engine = co_await runtime.storage();
  EXPECT_TRUE(folder_of_engine.empty() || fs::is_directory(folder_of_engine)) << folder_of_engine;
}

TASK_TEST_F(DockerRuntimeTest, AnAppAnswersAtItsAddressAndItsOutputIsFollowed) {
  auto instance = co_await start("");
  auto state = co_await wait_for(instance.id, [](const State& s) { return !s.listening.empty(); });
  EXPECT_EQ(state.listening, std::vector<std::uint16_t>{3000});
  EXPECT_FALSE(state.listens_on_loopback_only);
  EXPECT_EQ(state.address, instance.address);
  auto address = co_await net::parse_address(instance.address);
  auto socket = co_await within(5s, net::connect(loop, address));
  EXPECT_EQ(co_await within(5s, socket.read_to_end(100)), "hello\n");

  auto lines = co_await log_until(instance.id, "on an error stream");
  EXPECT_TRUE(line_with(lines, "on an error stream").is_error_stream);
  // The engine keeps no order between the two streams.
  lines = co_await log_until(instance.id, "listening");
  EXPECT_FALSE(line_with(lines, "listening").is_error_stream);
  auto listed = co_await runtime.list();
  EXPECT_EQ(listed.size(), 1U);
  EXPECT_EQ(listed.at(0).name, "shop-production-1");
  EXPECT_EQ(listed.at(0).deployment, 1);
  EXPECT_EQ(listed.at(0).status, Status::running);
}

TASK_TEST_F(DockerRuntimeTest, StopsGentlyStartsAgainAndRemoves) {
  auto instance = co_await start("");
  co_await wait_for(instance.id, [](const State& s) { return !s.listening.empty(); });
  co_await runtime.set_restart_policy(instance.id, RestartPolicy::unless_stopped);
  co_await runtime.stop(instance.id, 10s);
  auto state = co_await runtime.inspect(instance.id);
  EXPECT_EQ(state.status, Status::exited);
  EXPECT_EQ(state.exit_code, 0);
  co_await runtime.start_again(instance.id);
  state = co_await wait_for(instance.id, [](const State& s) { return !s.listening.empty(); });
  EXPECT_FALSE(state.address.empty());
  auto lines = co_await log_until(instance.id, "bye");
  co_await runtime.stop_and_remove(instance.id, 10s);
  co_await runtime.stop_and_remove(instance.id, 10s);
  state = co_await runtime.inspect(instance.id);
  EXPECT_EQ(state.status, Status::missing);
}

TASK_TEST_F(DockerRuntimeTest, AnAppOnLoopbackOnlyIsSeen) {
  auto instance = co_await start("exec perl server.pl 127.0.0.1 4000");
  auto state = co_await wait_for(instance.id, [](const State& s) { return !s.listening.empty(); });
  EXPECT_EQ(state.listening, std::vector<std::uint16_t>{4000});
  EXPECT_TRUE(state.listens_on_loopback_only);
}

TASK_TEST_F(DockerRuntimeTest, AnAppOutOfMemoryIsTold) {
  auto instance = co_await start("perl -e '$x = \"x\" x 200_000_000; print length $x'");
  auto state =
      co_await wait_for(instance.id, [](const State& s) { return s.status == Status::exited; });
  EXPECT_EQ(state.exit_code, 137);
  EXPECT_TRUE(state.out_of_memory);
}

TASK_TEST_F(DockerRuntimeTest, AStartOfTheSameNameReplacesWhatRuns) {
  auto first = co_await start("");
  auto second = co_await start("echo $GREETING $PORT; sleep 100");
  EXPECT_NE(first.id, second.id);
  auto state = co_await runtime.inspect(first.id);
  EXPECT_EQ(state.status, Status::missing);
  auto lines = co_await log_until(second.id, "hello 3000");
}

TASK_TEST_F(DockerRuntimeTest, ACommandThatIsNotThereExitsAtOnceAndSaysSo) {
  auto artifact =
      co_await build({.dockerfile_text = "FROM temps-test/base:1\nCMD [\"/no/such\"]\n"});
  auto instance = co_await runtime.start(
      {.name = "shop-2", .project = "shop", .deployment = 1, .artifact = artifact.reference});
  auto state =
      co_await wait_for(instance.id, [](const State& s) { return s.status == Status::exited; });
  EXPECT_EQ(state.exit_code, 127);
}

TASK_TEST_F(DockerRuntimeTest, AStartWithoutItsImageSaysSo) {
  auto gone = co_await attempt(runtime.start(
      {.name = "shop-2", .project = "shop", .artifact = "sha256:" + std::string(64, 'a')}));
  EXPECT_TRUE(!gone && gone.error().is(errors::no_such_artifact));
}

TASK_TEST_F(DockerRuntimeTest, AStaticOutputIsCopiedOutOfTheImage) {
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

TEST(DockerWithoutEngine, EveryCallSaysHowToStartIt) {
  net::Loop loop;
  DockerRuntime runtime(loop, {.socket = "/nonexistent/docker.sock", .installation = "x"});
  const auto checked = loop.run(runtime.check());
  ASSERT_FALSE(checked);
  EXPECT_TRUE(checked.error().is(errors::unavailable));
  EXPECT_NE(checked.error().detail().find("systemctl start docker"), std::string_view::npos);
  EXPECT_FALSE(loop.run(docker_answers(loop, "/nonexistent/docker.sock")).value_or(true));
}

}  // namespace
}  // namespace temps::runtime

// For tests: the docker runtime with a real engine; skipped, visibly, where none answers.
#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "core/concurrency.hpp"
#include "core/random.hpp"
#include "core/testing.hpp"
#include "core/text.hpp"
#include "files/files.hpp"
#include "process/process.hpp"
#include "runtime/docker_runtime.hpp"

namespace temps::runtime {

inline constexpr const char* base_image = "temps-test/base:1";
inline constexpr const char* app_dockerfile =
    "FROM temps-test/base:1\nWORKDIR /app\nCOPY . .\nEXPOSE 3000\n"
    "CMD [\"perl\", \"server.pl\", \"0.0.0.0\", \"3000\"]\n";
inline constexpr std::string_view server_script = R"(
use IO::Socket::INET;
$| = 1;
my $s = IO::Socket::INET->new(LocalAddr => $ARGV[0], LocalPort => $ARGV[1], Listen => 5) or die;
print "listening\n";
print STDERR "on an error stream\n";
$SIG{TERM} = sub { print "bye\n"; exit 0 };
while (my $c = $s->accept) { print $c "hello\n"; close $c; }
)";

// A root file system of a shell, a few programs and perl, from this machine's own files.
inline constexpr const char* make_root = R"sh(
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
  std::filesystem::path source = folder.path() / "source";
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
    for (auto& each : listed) co_await runtime.stop_and_remove(each.id, std::chrono::seconds(0));
    for (auto& artifact : artifacts) co_await runtime.remove_artifact(artifact);
    // All that the builds of this test left, the certificates too.
    DockerRuntime last(loop, options());
    for (int i = 0; i < 50; ++i) {
      co_await last.drop_build_cache();
      if (files::read(folder.path() / "steps").value_or("").empty()) break;
      // The engine still ends a step that was stopped.
      co_await sleep(std::chrono::milliseconds(50));
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
      co_await sleep(std::chrono::milliseconds(50));
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
    co_await within(std::chrono::seconds(15),
                    race(seen.next(), runtime.follow(id, Instant{}, sink)));
    co_return lines;
  }

  static LogLine line_with(const std::vector<LogLine>& lines, std::string_view text) {
    const auto found = std::ranges::find(lines, text, &LogLine::text);
    return found == lines.end() ? LogLine{} : *found;
  }

  std::vector<std::string> output;
  std::vector<std::string> artifacts;
};

}  // namespace temps::runtime

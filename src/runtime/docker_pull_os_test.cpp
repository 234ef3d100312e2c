// Pulls from a real registry on loopback, which engines take without https.
#include <gmock/gmock.h>

#include <optional>

#include "net/socket.hpp"
#include "runtime/docker_fixture.hpp"

namespace temps::runtime {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

struct DockerPullTest : DockerRuntimeTest {
  std::optional<process::Child> registry;
  std::uint16_t port = 0;

  // Ends with the test.
  Task<> start_registry(std::string more = {}) {
    port = co_await net::free_port();
    const auto file = folder.path() / "registry.yml";
    co_await files::write_atomically(
        file, fmt::format("version: 0.1\nstorage:\n  filesystem:\n    rootdirectory: {}\nhttp:\n"
                          "  addr: 127.0.0.1:{}\n{}",
                          (folder.path() / "registry").string(), port, more));
    registry = co_await process::Child::start(
        loop, {.command = {"docker-registry", "serve", file.string()},
               .environment = process::base_environment(),
               .out = process::Output::discard,
               .err = process::Output::discard,
               .dies_with_parent = true});
    for (int i = 0; i < 200; ++i) {
      if (co_await attempt(net::connect(loop, {.host = "127.0.0.1", .port = port, .path = {}})))
        break;
      co_await sleep(50ms);
    }
  }
  [[nodiscard]] std::string name(std::string_view tag = "1") const {
    return fmt::format("127.0.0.1:{}/shop:{}", port, tag);
  }
  // The tests' base image with an EXPOSE, in the registry and not in the engine.
  Task<> publish(std::string auth = "e30K") {
    DockerApi api(loop, std::string(default_docker_socket));
    const auto artifact = co_await build({.dockerfile_text = app_dockerfile});
    co_await api.call({.method = "POST",
                       .path = fmt::format("/images/{}/tag?repo=127.0.0.1:{}/shop&tag=1",
                                           artifact.reference, port)});
    http::ClientRequest push{.method = "POST",
                             .target = fmt::format("/images/127.0.0.1:{}/shop/push?tag=1", port)};
    push.headers.add("X-Registry-Auth", auth);
    auto exchange = co_await api.open(std::move(push));
    std::string answer;
    for (auto piece = co_await exchange->read(); !piece.empty(); piece = co_await exchange->read())
      answer += piece;
    EXPECT_THAT(answer, HasSubstr("digest"));
    co_await api.call({.method = "DELETE", .path = "/images/" + name() + "?noprune=1"});
  }
  Task<Artifact> pull(std::string image, RegistryLogin login = {}) {
    co_return co_await runtime.pull(
        {.project = "shop", .deployment = 7, .image = std::move(image), .login = std::move(login)},
        [this](std::string_view line) { output.emplace_back(line); });
  }
  void SetUp() override {
    DockerRuntimeTest::SetUp();
    if (IsSkipped()) return;
    if (!process::find_program("docker-registry")) {
      loop.run(remove_all()).value();
      is_skipped = true;
      GTEST_SKIP() << "docker-registry is not installed";
    }
  }
};

TASK_TEST_F(DockerPullTest, AnImageIsPulledKeptUnderANameOfOursAndRuns) {
  co_await start_registry();
  co_await publish();
  const auto pulled = co_await pull(name());
  EXPECT_EQ(pulled.reference, fmt::format("temps-{}/shop:7", installation));
  EXPECT_EQ(pulled.exposed_ports, std::vector<std::uint16_t>{3000});
  EXPECT_THAT(pulled.digest, HasSubstr(fmt::format("127.0.0.1:{}/shop@sha256:", port)));
  // The name that it was pulled by is not kept, it may soon name something else.
  EXPECT_FALSE(co_await runtime.has_artifact(name()));
  const auto instance = co_await runtime.start({.name = "shop-production-7",
                                                .project = "shop",
                                                .deployment = 7,
                                                .artifact = pulled.reference});
  const auto state =
      co_await wait_for(instance.id, [](const State& seen) { return !seen.listening.empty(); });
  EXPECT_EQ(state.status, Status::running);
  co_await runtime.stop_and_remove(instance.id, 0s);
  // By its digest it is the same.
  const auto again = co_await pull(pulled.digest);
  EXPECT_EQ(again.digest, pulled.digest);
  co_await runtime.remove_artifact(pulled.reference);
  EXPECT_FALSE(co_await runtime.has_artifact(pulled.reference));
}

TASK_TEST_F(DockerPullTest, WhatIsNotThereIsToldWithWhatToDo) {
  co_await start_registry();
  co_await publish();
  auto missing = co_await attempt(pull(name("2")));
  EXPECT_TRUE(!missing && missing.error().is(errors::pull_failed));
  EXPECT_THAT(std::string(missing.error().detail()), HasSubstr("check its name and tag"));
  co_await registry->stop(1s);
  auto away = co_await attempt(pull(name()));
  EXPECT_TRUE(!away && away.error().is(errors::pull_failed));
  EXPECT_THAT(std::string(away.error().detail()), HasSubstr("cannot be reached"));
}

// bcrypt of "hunter22", as htpasswd makes it.
constexpr const char* password_line =
    "ann:$2b$05$TSI0IPCpui60/EbYxvA3JuWTX8bV5n8pp0jyDBeTf6FbTxYNgeQVW\n";

TASK_TEST_F(DockerPullTest, APrivateRegistryWantsALogin) {
  const auto passwords = folder.path() / "htpasswd";
  co_await files::write_atomically(passwords, password_line);
  co_await start_registry(
      fmt::format("auth:\n  htpasswd:\n    realm: r\n    path: {}\n", passwords.string()));
  co_await publish(to_base64(R"({"username":"ann","password":"hunter22"})"));
  auto closed = co_await attempt(pull(name()));
  EXPECT_TRUE(!closed && closed.error().is(errors::pull_failed)) << "it was open";
  EXPECT_THAT(std::string(closed.error().detail()), HasSubstr("temps registry set shop 127.0.0.1"));
  auto wrong = co_await attempt(pull(name(), {.user = "ann", .password = Secret("wrong-pass")}));
  EXPECT_FALSE(wrong.has_value());
  EXPECT_THAT(std::string(wrong.error().detail()), testing::Not(HasSubstr("wrong-pass")));
  const auto pulled = co_await pull(name(), {.user = "ann", .password = Secret("hunter22")});
  EXPECT_THAT(pulled.digest, HasSubstr("@sha256:"));
  co_await runtime.remove_artifact(pulled.reference);
}

}  // namespace
}  // namespace temps::runtime

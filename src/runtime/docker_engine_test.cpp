// The docker runtime against an engine of canned answers on a unix socket.
#include <gtest/gtest.h>

#include <map>

#include "core/concurrency.hpp"
#include "core/testing.hpp"
#include "files/files.hpp"
#include "net/socket.hpp"
#include "runtime/docker_runtime.hpp"

namespace temps::runtime {
namespace {

namespace fs = std::filesystem;

std::string ok(std::string_view body) {
  return fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{}", body.size(), body);
}

struct DockerEngineTest : testing::Test {
  net::Loop loop;
  files::TemporaryFolder folder;
  fs::path socket = folder.path() / "engine.sock";
  fs::path source = folder.path() / "source";
  // By what the request line begins with.
  std::map<std::string, std::string> answers{
      {"GET /version", ok(R"({"ApiVersion":"1.43","MinAPIVersion":"1.24"})")}};
  std::vector<std::string> requests;
  std::optional<TaskGroup> engine;
  DockerRuntime runtime{
      loop, {.socket = socket.native(), .installation = "i1", .work_folder = folder.path()}};

  void SetUp() override {
    ASSERT_TRUE(files::make_folder(source));
    ASSERT_TRUE(files::write_atomically(source / "Dockerfile", "FROM base\n"));
  }
  Task<> serve() {
    auto listener = co_await net::Listener::open(loop, {.host = {}, .path = socket.native()});
    while (true) co_await answer(co_await listener.accept());
  }
  Task<> answer(net::Descriptor connection) {
    std::string request;
    std::array<char, 4096> buffer;
    while (request.find("\r\n\r\n") == std::string::npos) {
      const auto count = co_await connection.read_some(buffer);
      if (count == 0) co_return;
      request.append(buffer.data(), count);
    }
    const auto chunked = request.find("chunked") != std::string::npos;
    while (chunked && !request.ends_with("0\r\n\r\n")) {
      request.append(buffer.data(), co_await connection.read_some(buffer));
    }
    requests.push_back(request.substr(0, request.find("\r\n")));
    for (const auto& [start, text] : answers) {
      if (request.starts_with(start)) co_await connection.write_all(text);
    }
  }
  // Runs `task` beside the engine.
  template <class T>
  Task<Result<T>> beside(Task<T> task) {
    engine.emplace(loop);
    engine->start("engine", serve());
    auto result = co_await attempt(std::move(task));
    co_await engine->close();
    co_return result;
  }
  Task<Artifact> build() {
    return runtime.build({.project = "shop",
                          .deployment = 7,
                          .source = source,
                          .dockerfile = "Dockerfile",
                          .environment = {{"A B", "1&2"}},
                          .limits = {.memory_bytes = 1024, .cpus = 0.5}},
                         [](std::string_view) {});
  }
};

TASK_TEST_F(DockerEngineTest, AnEngineThatStopsInMidBuildIsNotAFailedBuild) {
  answers["POST /v1.41/build"] =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
      "20\r\n{\"stream\":\"Step 1/2 : FROM b\\n\"}\n\r\n";
  auto built = co_await beside(build());
  EXPECT_FALSE(built);
  EXPECT_TRUE(built.error().is(errors::unavailable)) << built.error().code().code;
  EXPECT_NE(built.error().detail().find("in the middle of the build"), std::string_view::npos);
  EXPECT_NE(built.error().detail().find("systemctl start docker"), std::string_view::npos);
}

TASK_TEST_F(DockerEngineTest, ARefusedBuildSaysWhatTheEngineSaid) {
  answers["POST /v1.41/build"] =
      "HTTP/1.1 400 Bad Request\r\nContent-Length: 23\r\n\r\n{\"message\":\"no such x\"}\n";
  auto built = co_await beside(build());
  EXPECT_FALSE(built);
  EXPECT_TRUE(built.error().is(errors::build_failed));
  EXPECT_NE(built.error().detail().find("no such x"), std::string_view::npos);
}

TASK_TEST_F(DockerEngineTest, ABuildIsAskedForWithItsLimitsArgumentsAndLabels) {
  answers["POST /v1.41/build"] = ok("{\"aux\":{\"ID\":\"sha256:ab\"}}\n");
  answers["GET /v1.41/images/sha256:ab/json"] = ok(R"({"Id":"sha256:ab"})");
  auto built = co_await beside(build());
  EXPECT_TRUE(built);
  EXPECT_EQ(built->reference, "sha256:ab");
  const auto& line = requests.at(1);
  for (const auto* part :
       {"version=1", "t=temps%2Fshop%3A7", "dockerfile=Dockerfile", "memory=1024", "memswap=1024",
        "cpuquota=50000", "%22A%20B%22%3A%221%262%22", "temps.installation%22%3A%22i1%22"}) {
    EXPECT_NE(line.find(part), std::string::npos) << part << " in " << line;
  }
}

TASK_TEST_F(DockerEngineTest, ARefusedDockerfileNamesTheLine) {
  const std::string body =
      R"({"message":"dockerfile parse error line 1: unknown instruction: FLY"})";
  answers["POST /v1.41/build"] =
      fmt::format("HTTP/1.1 400 Bad Request\r\nContent-Length: {}\r\n\r\n{}", body.size(), body);
  auto built = co_await beside(build());
  EXPECT_FALSE(built);
  EXPECT_NE(built.error().detail().find("line 1 of Dockerfile: unknown instruction: FLY"),
            std::string_view::npos)
      << built.error().detail();
}

TASK_TEST_F(DockerEngineTest, TheEnginesFolderIsKnownWhereItIsOfThisMachine) {
  answers["GET /v1.41/info"] = ok(fmt::format(R"({{"DockerRootDir":"{}"}})", source.native()));
  auto storage = co_await beside(runtime.storage());
  EXPECT_TRUE(storage);
  EXPECT_EQ(*storage, source);
  answers["GET /v1.41/info"] = ok(R"({"DockerRootDir":"/nonexistent/docker"})");
  storage = co_await beside(runtime.storage());
  EXPECT_TRUE(storage);
  EXPECT_EQ(*storage, fs::path());
}

TASK_TEST_F(DockerEngineTest, AForeignContainerIsNotOurs) {
  answers["GET /v1.41/containers/c1/json"] = ok(
      R"({"Id":"c1","State":{"Status":"running"},"Config":{"Labels":{"temps.installation":"x"}}})");
  auto state = co_await beside(runtime.inspect("c1"));
  EXPECT_TRUE(state);
  EXPECT_EQ(state->status, Status::missing);
}

TASK_TEST_F(DockerEngineTest, AnImageOfAnotherInstallationStays) {
  answers["GET /v1.41/images/sha256:ab/json"] =
      ok(R"({"Id":"sha256:ab","Config":{"Labels":{"temps.installation":"x"}}})");
  auto removed = co_await beside(runtime.remove_artifact("sha256:ab"));
  EXPECT_TRUE(removed);
  for (const auto& request : requests) EXPECT_FALSE(request.starts_with("DELETE")) << request;
}

}  // namespace
}  // namespace temps::runtime

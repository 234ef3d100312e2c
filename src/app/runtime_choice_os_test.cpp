#include <gtest/gtest.h>

#include "app/layout.hpp"
#include "app/runtime_choice.hpp"
#include "core/testing.hpp"
#include "files/files.hpp"

namespace temps::app {
namespace {

struct RuntimeChoiceTest : testing::Test {
  files::TemporaryFolder folder;
  net::Loop loop;
  ServeOptions options{.data = folder.path(),
                       .program = "/bin/false",
                       .docker_socket = (folder.path() / "no.sock").string()};

  Task<std::string> chosen() {
    const auto runtime = co_await choose_runtime(loop, options, "test");
    co_return std::string(runtime->name());
  }
};

TASK_TEST_F(RuntimeChoiceTest, WithoutAnEngineAppsAreProcesses) {
  EXPECT_EQ(co_await chosen(), "process");
  EXPECT_EQ(co_await chosen(), "process");
}

// Else a machine whose engine starts late would lose sight of all its apps.
TASK_TEST_F(RuntimeChoiceTest, AnEngineThatIsAwayIsWaitedForWhereAppsWereContainers) {
  options.runtime = "docker";
  EXPECT_EQ(co_await chosen(), "docker");
  options.runtime = "auto";
  EXPECT_EQ(co_await chosen(), "docker");
  options.runtime = "process";
  EXPECT_EQ(co_await chosen(), "process");
  options.runtime = "auto";
  EXPECT_EQ(co_await chosen(), "process");
}

}  // namespace
}  // namespace temps::app

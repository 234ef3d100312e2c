// A real machine, database and server; the runtime is the one in memory.
#include <gmock/gmock.h>

#include <algorithm>

#include "builds/fake_runtime.hpp"
#include "core/testing.hpp"
#include "http/client.hpp"
#include "http/server.hpp"
#include "jobs/module.hpp"
#include "machine/machine.hpp"
#include "machine/queries.hpp"
#include "machine/routes.hpp"
#include "net/socket.hpp"
#include "testbed/database.hpp"

namespace temps::machine {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

class Admins final : public http::Authenticator {
  Task<http::Principal> authenticate(const http::Request&) override {
    co_return http::Principal{.user = 1, .role = temps::Role::admin, .kind = "key"};
  }
};

struct MachineTest : testbed::DatabaseTest {
  files::TemporaryFolder folder;
  FakeClock clock;
  runtime::FakeRuntime runtime;
  gateway::Options gateway_options{.table = folder.path() / "table.json",
                                   .control = folder.path() / "control.sock",
                                   .console = {},
                                   .console_hosts = {}};
  gateway::Gateway gateway{loop, gateway_options};
  Options options{.data_folder = folder.path(), .public_url = "http://localhost:1"};
  Machine machine{loop, clock, database, runtime, gateway, options};
};

TASK_TEST_F(MachineTest, LooksAtThisMachine) {
  const auto sight = co_await machine.look();
  EXPECT_GT(sight.cpus, 0);
  EXPECT_GT(sight.cpu_busy, 0);
  EXPECT_LE(sight.cpu_busy, 1);
  EXPECT_GT(sight.memory.total_bytes, sight.memory.available_bytes);
  EXPECT_GT(sight.up.count(), 0);
  EXPECT_GE(sight.postgresql, 140'000);
  EXPECT_GT(sight.database_bytes, 1'000'000);
  EXPECT_EQ(sight.runtime, "docker");
  EXPECT_EQ(sight.disks.size(), 1);
  EXPECT_GT(sight.disks.at(0).space.total_bytes, 0U);
}

TASK_TEST_F(MachineTest, ACounterThatIsReadTwiceInASecondKeepsItsFigure) {
  const auto first = co_await machine.look();
  const auto second = co_await machine.look();
  EXPECT_EQ(first.cpu_busy, second.cpu_busy);
}

TASK_TEST_F(MachineTest, ChecksSayWhatToMend) {
  runtime.away = true;
  const auto checks = co_await machine.checks();
  const auto found = [&](std::string_view name, Verdict verdict) {
    return std::ranges::any_of(
        checks, [&](const Check& check) { return check.name == name && check.verdict == verdict; });
  };
  EXPECT_TRUE(found("postgresql", Verdict::ok));
  EXPECT_TRUE(found("engine", Verdict::failed));
  EXPECT_TRUE(found("proxy", Verdict::failed));  // none runs
  EXPECT_TRUE(found("ports", Verdict::failed));  // nobody listens at port 1
  EXPECT_TRUE(found("address", Verdict::note));  // localhost
  for (const auto& check : checks) {
    EXPECT_FALSE(check.detail.empty()) << check.name;
    if (check.verdict == Verdict::failed) EXPECT_FALSE(check.fix.empty()) << check.name;
  }
}

TASK_TEST_F(MachineTest, StatementsFitTheDatabase) {
  EXPECT_THAT(co_await sql::check(database, statements()), IsEmpty());
}

TASK_TEST_F(MachineTest, TheApiShowsIt) {
  Admins admins;
  http::Router router;
  add_routes(router, machine);
  co_await sql::migrate(database, jobs::migrations());
  jobs::Queue queue(database, loop, clock);
  add_job_routes(router, queue);
  http::Server server(loop, router, admins);
  TaskGroup group(loop);
  auto listener = co_await net::Listener::open(loop, {.host = "127.0.0.1", .port = 0, .path = {}});
  http::Client client(loop, listener.address());
  group.start("server", server.serve(std::move(listener)));
  const auto shown = co_await client.send({.method = "GET", .target = "/api/v1/machine"});
  EXPECT_EQ(shown.status, 200);
  EXPECT_THAT(shown.body, HasSubstr("\"cpu\":{\"count\":"));
  const auto checks = co_await client.send({.method = "GET", .target = "/api/v1/machine/checks"});
  EXPECT_THAT(checks.body, HasSubstr("\"verdict\":\"failed\""));
  const auto usage = co_await client.send({.method = "GET", .target = "/api/v1/machine/instances"});
  EXPECT_THAT(usage.body, HasSubstr("\"items\":[]"));
  co_await queue.add({.kind = "test.work", .payload = R"({"secret":"hush"})"});
  const auto work =
      co_await client.send({.method = "GET", .target = "/api/v1/jobs?status=waiting"});
  EXPECT_THAT(work.body, HasSubstr("\"kind\":\"test.work\""));
  EXPECT_EQ(work.body.find("hush"), std::string::npos);
  co_await group.close();
  co_await queue.close();
}

}  // namespace
}  // namespace temps::machine

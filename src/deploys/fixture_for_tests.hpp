// Everything a deployment needs, with a runtime in memory: a real PostgreSQL, apps that answer over
// loopback, a proxy that keeps the table it was told to load.
#pragma once
#include <gmock/gmock.h>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "builds/fake_runtime.hpp"
#include "core/testing.hpp"
#include "deploys/deploys.hpp"
#include "files/files.hpp"
#include "gateway/proxy_for_tests.hpp"
#include "http/router.hpp"
#include "http/server.hpp"
#include "jobs/jobs.hpp"
#include "testbed/database.hpp"
#include "variables/variables.hpp"
#include "vault/vault.hpp"

namespace temps::deploys {

// An HTTP server that gives the same answer to everything.
class AppForTests final : http::Authenticator {
 public:
  explicit AppForTests(net::Loop& loop, int answered = 200);
  [[nodiscard]] std::uint16_t port() const { return port_; }
  Task<> close() { co_await group_.close(); }

  int status;

 private:
  Task<http::Principal> authenticate(const http::Request&) override { co_return http::Principal{}; }
  http::Router router_;
  http::Server server_;
  std::uint16_t port_ = 0;
  TaskGroup group_;
};

// What a process of `temps serve` holds of a deployment. Destroyed and made anew, it is what a
// restart is to the database and the apps.
struct DeploysTest;
struct ServeForTests {
  explicit ServeForTests(DeploysTest& test);
  builds::Builder builder;
  vault::Vault vault;
  projects::Projects projects;
  variables::Variables variables;
  domains::Domains domains;
  gateway::Gateway gateway;
  logs::Store logs;
  jobs::Queue queue;
  Deploys deploys;
};

struct DeploysTest : testbed::DatabaseTest {
  using Files = std::map<std::string, std::string>;

  files::TemporaryFolder folder;
  SystemClock clock;
  runtime::FakeRuntime runtime{"docker"};
  runtime::FakeRuntime* used = &runtime;
  builds::Options build_options{.folder = folder.path() / "builds",
                                .static_folder = folder.path() / "static",
                                .free_bytes_min = 0};
  vault::Options vault_options{.key_file = folder.path() / "keys" / "secrets.key"};
  gateway::Options gateway_options{.table = folder.path() / "routes.json",
                                   .control = folder.path() / "control.sock",
                                   .console = {.id = "console", .address = "unix:/console"}};
  // A name server that nobody is: names are not looked up.
  domains::Options domain_options{.public_addresses = {"203.0.113.7"},
                                  .name_server = "127.0.0.1:1"};
  Options options{.watch = std::chrono::seconds(0), .stop_grace = std::chrono::seconds(1)};
  AppForTests app{loop};
  std::unique_ptr<gateway::ProxyForTests> proxy;
  std::map<std::string, std::int64_t> in_flight;     // by upstream
  std::map<std::string, routing::Answers> answered;  // by upstream
  bool is_mute = false;                              // the proxy does not say what is open
  std::string refusal;                               // of the proxy, of the next table only
  std::optional<routing::Table> in_force;            // what the proxy serves
  std::function<Task<>()> before_load;
  std::unique_ptr<ServeForTests> serve;
  projects::Project project;
  projects::EnvironmentId environment;
  std::vector<std::string> said;  // what the last call of ended() was told

  static inline const Files static_tree{{"index.html", "hello"}};
  static inline const Files node_tree{
      {"package.json", R"({"name": "shop", "scripts": {"start": "node ."}})"}, {"index.js", ""}};

  void SetUp() override;
  void TearDown() override;

  // A new process, where there is none.
  Task<> start_serve();
  Task<> stop_serve();
  Task<> restart_serve() {
    co_await stop_serve();
    co_await start_serve();
  }

  Task<> change(std::function<void(projects::Settings&)> edit);
  // One variable of the project; yields its version.
  Task<std::int64_t> set_variable(std::string name, std::string value,
                                  variables::Kind kind = variables::Kind::plain);
  Task<Deployment> push(Files tree);
  // The deployment as it ended.
  Task<Deployment> ended(DeploymentId id);
  Task<Deployment> push_to_the_end(Files tree);
  Task<Deployment> rollback_to_the_end(std::optional<std::int64_t> to = std::nullopt);
  Task<Deployment> get(const Deployment& deployment) { return serve->deploys.get(deployment.id); }

  // Waits; ten seconds at most.
  Task<> until(std::function<Task<bool>()> condition);
  Task<> until_status(DeploymentId id, Status status);
  // Until the queue has nothing to do.
  Task<> until_idle();

  // The host's route that is in force at the proxy.
  [[nodiscard]] routing::Route route() const;
  [[nodiscard]] std::string live_upstream() const;
  [[nodiscard]] std::vector<std::string> running() const;  // names of the instances
  [[nodiscard]] bool was_said(const std::string& part) const;

 private:
  Task<std::string> answer(routing::ControlRequest request);
};

}  // namespace temps::deploys

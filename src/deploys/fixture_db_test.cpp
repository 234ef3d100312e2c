#include "core/text.hpp"
#include "deploys/fixture_for_tests.hpp"
#include "deploys/module.hpp"
#include "domains/module.hpp"
#include "jobs/module.hpp"
#include "projects/module.hpp"
#include "sql/migrations.hpp"
#include "variables/module.hpp"

namespace temps::deploys {

using namespace std::chrono_literals;

AppForTests::AppForTests(net::Loop& loop, int answered)
    : status(answered), server_(loop, router_, *this), group_(loop) {
  for (const auto* path : {"/", "/{rest...}"}) {
    router_.raw("GET", path, permissions::open, [this](http::Request&) -> Task<http::Response> {
      return [](int with) -> Task<http::Response> {
        co_return http::Response{.status = with, .body = "app"};
      }(status);
    });
  }
  auto listener = net::Listener::open(loop, {.host = "127.0.0.1", .port = 0, .path = {}});
  ensure(listener.has_value(), "cannot listen");
  port_ = listener->address().port;
  group_.start("app", server_.serve(std::move(*listener), 0ms));
}

ServeForTests::ServeForTests(DeploysTest& test)
    : builder(test.loop, *test.used, test.build_options),
      vault(test.vault_options),
      projects(test.database, test.clock),
      variables(test.database, vault, test.clock),
      domains(test.database, projects, test.loop, test.domain_options, test.clock),
      gateway(test.loop, test.gateway_options),
      logs(test.folder.path() / "logs", test.clock),
      queue(test.database, test.loop, test.clock, {.retry_first = 20ms}),
      deploys(test.loop, *test.used, builder, test.database, projects, variables, domains, gateway,
              logs, queue, test.options, test.clock) {}

void DeploysTest::SetUp() {
  for (const auto* name : {"builds", "static", "logs", "sources"}) {
    ASSERT_TRUE(files::make_folder(folder.path() / name).has_value());
  }
  const auto prepared = loop.run([](DeploysTest& self) -> Task<> {
    auto migrations = projects::migrations();
    for (auto& migration : variables::migrations()) migrations.push_back(migration);
    for (auto& migration : jobs::migrations()) migrations.push_back(migration);
    for (auto& migration : domains::migrations()) migrations.push_back(migration);
    for (auto& migration : deploys::migrations()) migrations.push_back(migration);
    co_await sql::migrate(self.database, migrations);
    projects::Projects projects(self.database, self.clock);
    self.project = co_await projects.create("shop");
    self.environment = (co_await projects.production(self.project.id)).id;
  }(*this));
  ASSERT_TRUE(prepared.has_value()) << prepared.error().detail();
  proxy = std::make_unique<gateway::ProxyForTests>(
      loop, gateway_options.control,
      [this](routing::ControlRequest request) { return answer(std::move(request)); });
  runtime.on_start = [this](const runtime::InstanceSpec&) -> Task<std::uint16_t> {
    return [](std::uint16_t port) -> Task<std::uint16_t> { co_return port; }(app.port());
  };
  const auto started = loop.run(start_serve());
  ASSERT_TRUE(started.has_value()) << started.error().detail();
}

void DeploysTest::TearDown() {
  const auto stopped = loop.run([](DeploysTest& self) -> Task<> {
    co_await self.stop_serve();
    co_await self.proxy->close();
    co_await self.app.close();
  }(*this));
  EXPECT_TRUE(stopped.has_value());
}

Task<std::string> DeploysTest::answer(routing::ControlRequest request) {
  routing::ControlReply reply;
  if (request.load) {
    if (before_load) co_await before_load();
    reply.error = std::exchange(refusal, {});
    if (reply.error.empty()) {
      in_force = co_await routing::decode_table(co_await files::read(gateway_options.table));
      reply.version = in_force->version;
    }
  }
  if (is_mute && !request.load) co_return "no json\n";
  if (request.upstream) {
    const auto found = answered.find(*request.upstream);
    if (found != answered.end())
      reply.upstreams.push_back({.id = found->first, .answers = found->second});
    co_return routing::encode_control(reply);
  }
  for (const auto& [id, count] : in_flight)
    reply.upstreams.push_back({.id = id, .in_flight = count});
  co_return routing::encode_control(reply);
}

Task<> DeploysTest::start_serve() {
  serve = std::make_unique<ServeForTests>(*this);
  serve->deploys.start();
  serve->domains.publish_with([&deploys = serve->deploys] { return deploys.publish(); });
  co_await serve->deploys.reconcile();
  serve->queue.start();
}

Task<> DeploysTest::stop_serve() {
  if (!serve) co_return;
  co_await serve->queue.close();
  co_await serve->deploys.close(Deploys::Apps::leave);
  serve.reset();
}

Task<> DeploysTest::change(std::function<void(projects::Settings&)> edit) {
  auto settings = (co_await serve->projects.environment(environment)).settings;
  edit(settings);
  co_await serve->projects.change(environment,
                                  [&settings](const projects::Settings&) { return settings; });
}

Task<std::int64_t> DeploysTest::set_variable(std::string name, std::string value,
                                             variables::Kind kind) {
  variables::Edit edit{.by = "ann@example.org"};
  edit.set.push_back({std::move(name), Secret(std::move(value)), kind});
  const auto version = co_await serve->variables.edit(environment, std::move(edit));
  co_return version.number;
}

Task<Deployment> DeploysTest::push(Files tree) {
  const files::TemporaryFolder source;
  for (const auto& [path, text] : tree) {
    co_await files::write_atomically(source.path() / path, text);
  }
  const auto tar = folder.path() / "pushed.tar";
  co_await files::pack_tar(source.path(), tar);
  co_return co_await serve->deploys.deploy(
      {.environment = environment, .commit = "c0ffee", .message = "a push", .branch = "main"}, tar,
      folder.path() / "sources");
}

Task<Deployment> DeploysTest::ended(DeploymentId id) {
  said.clear();
  auto hear = [this](const logs::Line& line) -> Task<> {
    said.push_back(line.text);
    return []() -> Task<> { co_return; }();
  };
  co_return co_await within(10s, serve->deploys.follow(id, hear));
}

Task<Deployment> DeploysTest::push_to_the_end(Files tree) {
  const auto pushed = co_await push(std::move(tree));
  co_return co_await ended(pushed.id);
}

Task<Deployment> DeploysTest::rollback_to_the_end(std::optional<std::int64_t> to) {
  const auto rolled = co_await serve->deploys.rollback(environment, to);
  co_return co_await ended(rolled.id);
}

Task<> DeploysTest::until(std::function<Task<bool>()> condition) {
  auto poll = [](std::function<Task<bool>()> holds) -> Task<> {
    while (!co_await holds()) co_await sleep(5ms);
  };
  co_await within(10s, poll(std::move(condition)));
}

Task<> DeploysTest::until_status(DeploymentId id, Status status) {
  co_await until([this, id, status]() -> Task<bool> {
    return [](Deploys& deploys, DeploymentId which, Status wanted) -> Task<bool> {
      co_return (co_await deploys.get(which)).status == wanted;
    }(serve->deploys, id, status);
  });
}

Task<> DeploysTest::until_idle() {
  static constexpr sql::Query<std::int64_t> unfinished{
      "test.unfinished", "select count(*) from jobs where status in ('waiting', 'running')"};
  co_await until([this]() -> Task<bool> {
    return [](sql::Database& from) -> Task<bool> {
      co_return co_await from.one(unfinished) == 0;
    }(database);
  });
}

routing::Route DeploysTest::route() const {
  if (!in_force || in_force->routes.empty()) return {};
  return in_force->routes.front();
}

std::string DeploysTest::live_upstream() const {
  const auto found = route();
  return found.upstreams.empty() ? std::string{} : found.upstreams.front().id;
}

std::vector<std::string> DeploysTest::running() const {
  std::vector<std::string> names;
  for (const auto& [id, instance] : used->instances) names.push_back(id);
  return names;
}

bool DeploysTest::was_said(const std::string& part) const {
  return std::ranges::any_of(said, [&](const auto& line) { return line.contains(part); });
}

}  // namespace temps::deploys

#include "app/serve.hpp"

#include <csignal>

#include "app/data_folder.hpp"
#include "app/layout.hpp"
#include "app/local_access.hpp"
#include "app/modules.hpp"
#include "app/runtime_choice.hpp"
#include "app/surroundings.hpp"
#include "audit/audit.hpp"
#include "certificates/certificates.hpp"
#include "certificates/issuance.hpp"
#include "certificates/stapling.hpp"
#include "commands/commands.hpp"
#include "core/log.hpp"
#include "deploys/deploys.hpp"
#include "files/files.hpp"
#include "http/server.hpp"
#include "identity/identity.hpp"
#include "jobs/jobs.hpp"
#include "net/socket.hpp"
#include "process/process.hpp"
#include "requests/requests.hpp"
#include "sql/migrations.hpp"
#include "vault/vault.hpp"

namespace temps::app {

namespace {

using namespace std::chrono_literals;

constexpr auto sweep_pause = 60s;

// For the commands that work on this machine beside us: `temps admin create`, `temps demo`.
Result<> leave_word(const Layout& layout, const ServeOptions& options) {
  auto left = files::write_atomically(layout.database_url(), options.database_url + "\n", 0600);
  if (!left) return left;
  left = files::write_atomically(layout.public_url(), options.public_url + "\n", 0600);
  if (!left) return left;
  return files::write_atomically(layout.console_url(), options.local_url + "\n", 0600);
}

// The one-time link with which the owner is made, while there is none.
Task<> offer_setup(identity::Identity& identity, const Layout& layout, std::string public_url) {
  auto token = co_await identity.setup_token();
  if (!token) {
    (void)files::remove_all(layout.setup_link());
    co_return;
  }
  co_await files::write_atomically(
      layout.setup_link(), fmt::format("{}/setup?token={}\n", public_url, token->reveal()), 0600);
}

Task<> sweep(logs::Store& logs) {
  for (;;) {
    if (auto swept = logs.sweep(); !swept) {
      log::warning("old logs could not be removed", {{"detail", swept.error().detail()}});
    }
    co_await sleep(sweep_pause);
  }
}

Task<> serve_until_told(Surroundings& around, Services& services, const Layout& layout) {
  auto& loop = around.loop;
  auto listener = co_await net::Listener::open(
      loop, {.host = {}, .path = layout.serve_socket().string()}, 0600);
  LocalAccess authenticator(services.get<http::Authenticator>());
  co_await authenticator.publish(layout.local_token());
  http::Server server(loop, around.router, authenticator, {}, &services.get<http::Journal>());
  TaskGroup background(loop);
  auto& queue = services.get<jobs::Queue>();
  queue.start();
  background.start("instances", services.get<deploys::Deploys>().supervise());
  background.start("commands", services.get<commands::Commands>().end_forgotten());
  background.start("certificates", services.get<certificates::Certificates>().watch());
  background.start("stapling", services.get<certificates::Stapling>().supervise());
  background.start("issuance", services.get<certificates::Issuance>().supervise());
  background.start("log retention", sweep(around.logs));
  background.start("access log", services.get<requests::Requests>().supervise());
  background.start("audit log", services.get<audit::Audit>().supervise());
  background.start("http", server.serve(std::move(listener)));
  log::info("serving", {{"socket", layout.serve_socket().string()}});
  auto told = co_await attempt(loop.signal({SIGTERM, SIGINT}));
  log::info("stopping");
  co_await background.close();
  co_await queue.close();
  co_await std::move(told);
}

Task<> run(net::Loop& loop, const ServeOptions& options) {
  const Layout layout{options.data};
  co_await prepare(layout);
  auto lock = co_await files::Lock::take(layout.serve_lock());
  co_await leave_word(layout, options);
  auto runtime = co_await choose_runtime(loop, options, co_await installation_id(layout));
  Surroundings around(loop, options, std::move(runtime));
  co_await sql::migrate(around.database, migrations());
  auto services = co_await build_services(around);
  start_modules(services, around);
  auto& deploys = services.get<deploys::Deploys>();
  co_await offer_setup(services.get<identity::Identity>(), layout, options.public_url);
  co_await services.get<vault::Vault>().prepare();
  co_await services.get<certificates::Certificates>().restore();
  co_await services.get<certificates::Issuance>().prepare();
  co_await deploys.reconcile();
  co_await serve_until_told(around, services, layout);
  co_await deploys.close(options.stop_apps ? deploys::Deploys::Apps::stop
                                           : deploys::Deploys::Apps::leave);
  co_await around.database.close();
}

}  // namespace

Result<> serve(const ServeOptions& options) {
  log::set_process("serve");
  // Every push, build, follower of a log and database connection takes some.
  process::raise_file_limit();
  net::Loop loop;
  return loop.run(run(loop, options));
}

}  // namespace temps::app

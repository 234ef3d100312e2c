#include "app/up.hpp"

#include <signal.h>
#include <sys/signalfd.h>

#include <array>
#include <csignal>
#include <cstdio>

#include "app/data_folder.hpp"
#include "app/errors.hpp"
#include "app/layout.hpp"
#include "app/offer.hpp"
#include "app/supervisor.hpp"
#include "core/concurrency.hpp"
#include "core/log.hpp"
#include "core/terminal.hpp"
#include "core/text.hpp"
#include "files/files.hpp"
#include "http/client.hpp"
#include "net/descriptor.hpp"
#include "net/errors.hpp"
#include "net/socket.hpp"
#include "postgres/postgres.hpp"
#include "process/process.hpp"
#include "sql/database.hpp"
#include "sql/errors.hpp"

namespace temps::app {

namespace {

using namespace std::chrono_literals;
using Moment = std::chrono::steady_clock::time_point;

void print(const std::string& text) {
  std::fputs(text.c_str(), stdout);
  std::fflush(stdout);
}

Part part(const UpOptions& options, const std::string& name, const std::string& database_url) {
  auto environment = options.variables.at(name);
  // The proxy faces the world: what builds need, credentials among it, is none of its business.
  for (const auto& [variable, value] : process::base_environment()) {
    const bool plain = variable == "PATH" || variable == "HOME" || variable == "LANG";
    if (plain || name == "serve") environment.emplace(variable, value);
  }
  if (name == "serve") environment["TEMPS_DATABASE_URL"] = database_url;
  Part made{name, {options.program.string(), name}, std::move(environment), {}};
  if (name == "serve") made.command.emplace_back("--stop-apps");
  if (name == "proxy") {
    made.command.emplace_back("--supervised");
    made.successor = made.command;
    made.successor.emplace_back("--take-over");
  }
  return made;
}

// Does the console answer through the proxy?
Task<bool> answers(net::Loop& loop, net::Address address) {
  http::Client client(loop, address);
  auto response =
      co_await attempt(client.send({.target = "/api/v1/openapi.json", .host = "localhost"}, 2s));
  co_return response && response->status == 200;
}

Task<> announce(net::Loop& loop, const UpOptions& options, Moment begin) {
  auto address = co_await net::parse_address(options.listen);
  if (address.host == "0.0.0.0" || address.host == "::") address.host = "localhost";
  while (!co_await answers(loop, address)) co_await sleep(50ms);
  const auto took = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  std::string text =
      fmt::format("\nTemps is ready at {} (after {:.1f} s)\n", options.public_url, took);
  const Layout layout{options.data};
  if (auto link = files::read(layout.setup_link())) {
    text += fmt::format("Make yourself the owner (this link works once):\n  {}\n", trimmed(*link));
  }
  text += fmt::format(
      "Then, in another terminal:\n  {0} login {1}\n  {0} demo{2}            (a first app in the "
      "browser)\nData is in {3}. Stop with Ctrl-C.\n\n",
      options.printed_program, options.public_url, options.data_words, options.data.string());
  print(text);
  co_await offer_demo(loop, options);
}

// Blocked from the start of the process on, so that it cannot come where nobody waits for it; the
// parts begin with it as usual.
sigset_t hangup() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGHUP);
  return signals;
}

// Passes SIGHUP on as a wish to reload; ends when it means that the terminal is gone.
Task<> until_hung_up(net::Loop& loop, Signal& reloads) {
  const ControllingTerminal terminal;
  const auto signals = hangup();
  net::Descriptor arrivals(loop, ::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
  std::array<char, sizeof(signalfd_siginfo)> arrival{};
  while (co_await arrivals.read_some(arrival) > 0 && !terminal.is_lost()) reloads.notify();
}

// Ends when a signal comes or a part gives up.
Task<> until_told(net::Loop& loop, const UpOptions& options, std::string database_url,
                  Moment begin) {
  Signal reloads;
  std::vector<Task<>> parts;
  parts.push_back(supervise(loop, part(options, "serve", database_url), reloads));
  parts.push_back(supervise(loop, part(options, "proxy", database_url), reloads));
  parts.push_back(announce(loop, options, begin));
  auto told = [](net::Loop& on) -> Task<> {
    const int number = co_await on.signal({SIGTERM, SIGINT});
    print(number == SIGINT ? "\nstopping\n" : "stopping\n");
  }(loop);
  co_await race(all(std::move(parts)), race(std::move(told), until_hung_up(loop, reloads)));
}

// A part that cannot reach its database would be started again for ever.
Task<> check_database(net::Loop& loop, std::string url) {
  sql::Database database(loop, {.url = std::move(url), .connections_max = 1});
  auto reached = co_await attempt(database.server_version());
  co_await shielded(database.close());
  if (reached) co_return;
  const auto& error = reached.error();
  if (error.is(sql::errors::login_refused)) {
    co_await fail(errors::no_database,
                  "the database server refuses us: {}. Correct the user, password or database in "
                  "--database-url, of the form postgres://user:password@host:port/database",
                  error.detail());
  }
  if (!error.is(sql::errors::unavailable)) co_await fail(error);
  co_await fail(errors::no_database,
                "{}. Check that the server runs and that --database-url names its host and port; "
                "without --database-url Temps runs a PostgreSQL of its own",
                error.detail());
}

Task<> run_with_own_database(net::Loop& loop, const UpOptions& options, const Layout& layout,
                             Moment begin) {
  auto cluster = co_await postgres::Cluster::start(
      loop, {.folder = layout.postgres(), .socket_folder = layout.run() / "postgres"});
  TaskGroup group(loop);
  group.start("database", cluster->supervise());
  auto ended = co_await attempt(until_told(loop, options, cluster->url(), begin));
  co_await shielded(group.close());
  co_await shielded(cluster->stop());
  co_await std::move(ended);
}

Task<> run(net::Loop& loop, const UpOptions& options) {
  const auto begin = std::chrono::steady_clock::now();
  const Layout layout{options.data};
  co_await prepare(layout);
  auto lock = co_await files::Lock::take(layout.up_lock());
  (void)files::remove_all(layout.setup_link());
  // A port in use is better said now than by a child that cannot start.
  {
    auto probe = net::Listener::open(loop, co_await net::parse_address(options.listen));
    if (!probe && probe.error().is(net::errors::address_in_use)) {
      co_await fail(net::errors::address_in_use,
                    "{} is in use by another program; stop that one, or choose another address: "
                    "temps up --listen 127.0.0.1:9000",
                    options.listen);
    }
    co_await std::move(probe);
  }
  if (options.database_url.empty())
    co_return co_await run_with_own_database(loop, options, layout, begin);
  co_await check_database(loop, options.database_url);
  co_await until_told(loop, options, options.database_url, begin);
}

}  // namespace

Result<> up(const UpOptions& options) {
  log::set_process("up");
  const auto signals = hangup();
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  net::Loop loop;
  return loop.run(run(loop, options));
}

}  // namespace temps::app

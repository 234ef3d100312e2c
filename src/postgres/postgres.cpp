#include "postgres/postgres.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <fstream>

#include "core/concurrency.hpp"
#include "core/log.hpp"
#include "core/text.hpp"
#include "files/files.hpp"
#include "files/refusal.hpp"
#include "postgres/leftovers.hpp"
#include "postgres/prepare.hpp"
#include "process/process.hpp"
#include "sql/database.hpp"

namespace temps::postgres {

namespace {

using namespace std::chrono_literals;

// A fast shutdown writes out what is in memory; after a heavy load that takes seconds.
constexpr auto fast_stop_limit = 30s;
constexpr auto immediate_stop_limit = 5s;
constexpr int attempts_max = 5;
constexpr auto first_pause = 100ms;
constexpr auto pause_between_rounds = 10s;
constexpr auto ready_poll = 10ms;
constexpr auto progress_interval = 15s;
constexpr auto log_check_interval = 60s;
constexpr std::uint64_t log_bytes_max = 8U << 20U;
constexpr std::size_t reason_bytes_max = 16384;

std::uint64_t size_of(const std::filesystem::path& file) {
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  return error ? 0 : size;
}

// The end of the log, from `offset` on.
std::string log_since(const std::filesystem::path& file, std::uint64_t offset) {
  const auto size = size_of(file);
  offset = std::max(std::min(offset, size), size - std::min<std::uint64_t>(size, reason_bytes_max));
  std::ifstream in(file, std::ios::binary);
  in.seekg(static_cast<std::streamoff>(offset));
  std::string text(size - offset, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(std::max<std::streamsize>(in.gcount(), 0)));
  return text;
}

// One folder of a list of folders, as PostgreSQL reads them.
std::string one_of_a_list(const std::filesystem::path& folder) {
  return fmt::format("\"{}\"", replaced(folder.native(), "\"", "\"\""));
}

constexpr sql::Query<bool, std::string> database_exists{
    "postgres.database_exists", "select exists (select from pg_database where datname = $1)"};

Task<> make_database(sql::Database& server) {
  if (!co_await server.one(database_exists, std::string("temps"))) {
    co_await server.script("create database temps");
  }
}

}  // namespace

struct Cluster::Impl {
  Impl(net::Loop& runs_on, Options asked, files::Lock taken)
      : loop(runs_on), options(std::move(asked)), lock(std::move(taken)) {}

  net::Loop& loop;
  Options options;
  files::Lock lock;
  Layout layout;
  Account account;
  Installation installation;
  std::optional<process::Child> server;
  bool is_stopping = false;

  [[nodiscard]] process::Spec spec() const {
    const auto setting = [](std::string_view name, std::string_view value) {
      return fmt::format("--{}={}", name, value);
    };
    return {
        .command = {(installation.programs / "postgres").native(), "-D", layout.data().native(),
                    setting("config_file", layout.settings().native()),
                    setting("hba_file", layout.access().native()),
                    setting("ident_file", layout.users().native()), setting("listen_addresses", ""),
                    setting("unix_socket_directories", one_of_a_list(layout.socket_folder)),
                    // Root passes all the same.
                    setting("unix_socket_permissions", "0700")},
        .environment = {{"LANG", "C.UTF-8"}, {"TZ", "UTC"}, {"PATH", "/usr/bin:/bin"}},
        .user = account.to_switch_to(),
        .out = process::Output::to_file,
        .merge_err_into_out = true,
        .out_file = layout.log().native(),
        .dies_with_parent = options.when_we_die == WhenWeDie::is_killed};
  }

  // False when it ended instead. Recovery after a crash may take minutes; as long as the server
  // works on it, it is waited for.
  Task<bool> becomes_ready() {
    const auto started = std::chrono::steady_clock::now();
    auto next_word = started + progress_interval;
    while (!server->has_exited()) {
      const auto file = read_pid_file(layout.data());
      if (file && file->pid == server->pid() && file->is_ready) co_return true;
      if (const auto now = std::chrono::steady_clock::now(); now >= next_word) {
        next_word += progress_interval;
        log::info(
            "PostgreSQL is still starting; recovery after a crash takes a while",
            {{"seconds", std::chrono::duration_cast<std::chrono::seconds>(now - started).count()}});
      }
      co_await sleep(ready_poll);
    }
    co_return false;
  }

  // Starts the server, several times if need be. Fails with `cannot_start`.
  Task<> bring_up() {
    std::string reason;
    std::chrono::milliseconds pause = first_pause;
    for (int attempt_number = 1; attempt_number <= attempts_max; ++attempt_number) {
      if (attempt_number > 1) {
        co_await sleep(pause);
        pause *= 2;
      }
      // The old one has been reaped by now: its zombie would count as alive.
      co_await end_leftovers(layout.data(), layout.socket_folder);
      if (is_stopping) co_await fail(temps::errors::cancelled, "PostgreSQL is being stopped");
      const auto offset = size_of(layout.log());
      server.emplace(co_await process::Child::start(loop, spec()));
      if (co_await becomes_ready()) co_return;
      reason = reason_in(log_since(layout.log(), offset));
      if (reason.empty()) reason = (co_await server->wait()).text();
      log::warning("PostgreSQL did not start", {{"attempt", attempt_number}, {"reason", reason}});
    }
    co_await fail(errors::cannot_start, "PostgreSQL does not start: {} (see {})", reason,
                  layout.log().native());
  }

  Task<> watch() {
    while (!is_stopping) {
      const auto ended = co_await server->wait();
      if (is_stopping) co_return;
      log::error("PostgreSQL has died and is started again", {{"how", ended.text()}});
      auto up = co_await attempt(bring_up());
      if (up) {
        log::info("PostgreSQL is back", {{"pid", server->pid()}});
        continue;
      }
      if (up.error().code().kind == ErrorKind::cancelled) co_await fail(up.error());
      log::error("PostgreSQL stays down for now", {{"reason", up.error().detail()}});
      co_await sleep(pause_between_rounds);
    }
  }

  // The server appends to its log, whoever empties it.
  Task<> keep_log_small() {
    for (;;) {
      co_await sleep(log_check_interval);
      if (size_of(layout.log()) <= log_bytes_max) continue;
      auto older = layout.log();
      older += ".1";
      auto copied = files::copy(layout.log(), older);
      if (!copied) log::warning("PostgreSQL's log is lost", {{"why", copied.error().detail()}});
      if (::truncate(layout.log().c_str(), 0) != 0) {
        log::warning("PostgreSQL's log grows on",
                     {{"why", files::refusal("shorten", layout.log(), errno).detail()}});
      }
    }
  }

  Task<> create_database(std::string address) {
    sql::Database postgres(loop, {.url = std::move(address), .connections_max = 1});
    auto made = co_await attempt(make_database(postgres));
    co_await shielded(postgres.close());
    co_await std::move(made);
  }
};

Cluster::Cluster(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Cluster::~Cluster() = default;

Task<std::unique_ptr<Cluster>> Cluster::start(net::Loop& loop, Options options) {
  auto layout = layout_of(options, ::geteuid());
  co_await files::make_folder(layout.folder, 0711);
  auto lock = co_await files::Lock::take(layout.lock());
  auto prepared = co_await prepare(loop, options, std::move(layout));
  auto impl = std::make_unique<Impl>(loop, std::move(options), std::move(lock));
  impl->layout = std::move(prepared.layout);
  impl->account = std::move(prepared.account);
  impl->installation = std::move(prepared.installation);
  std::unique_ptr<Cluster> cluster(new Cluster(std::move(impl)));
  auto up = co_await attempt(cluster->impl_->bring_up());
  if (up) up = co_await attempt(cluster->impl_->create_database(cluster->url("postgres")));
  if (!up) {
    co_await shielded(cluster->stop());
    co_await fail(up.error());
  }
  log::info("PostgreSQL runs", {{"pid", cluster->pid()},
                                {"version", cluster->major_version()},
                                {"user", cluster->impl_->account.name},
                                {"folder", cluster->impl_->layout.data().native()}});
  co_return cluster;
}

Task<> Cluster::supervise() { co_await race(impl_->watch(), impl_->keep_log_small()); }

Task<> Cluster::stop() {
  impl_->is_stopping = true;
  if (!impl_->server) co_return;
  auto& server = *impl_->server;
  server.signal(SIGINT);
  auto ended = co_await attempt(within(fast_stop_limit, server.wait()));
  if (!ended) {
    if (!ended.error().is(temps::errors::timed_out)) co_await fail(ended.error());
    log::warning("PostgreSQL does not stop; it will recover at its next start", {});
    co_await server.stop(immediate_stop_limit, SIGQUIT);
  }
  if (impl_->options.socket_folder.empty() &&
      impl_->layout.socket_folder.parent_path() != impl_->layout.folder) {
    ::rmdir(impl_->layout.socket_folder.c_str());
  }
}

std::string Cluster::url(std::string_view database) const {
  return connection_string(impl_->layout.socket_folder, impl_->account.name, database);
}
int Cluster::pid() const {
  return impl_->server && !impl_->server->has_exited() ? impl_->server->pid() : 0;
}
int Cluster::major_version() const { return impl_->installation.major_version; }
std::filesystem::path Cluster::log_file() const { return impl_->layout.log(); }

}  // namespace temps::postgres

#include "testbed/database.hpp"

#include <fmt/core.h>
#include <signal.h>
#include <sys/stat.h>

#include <chrono>
#include <memory>

#include "core/check.hpp"
#include "core/concurrency.hpp"
#include "core/log.hpp"
#include "files/files.hpp"
#include "postgres/postgres.hpp"

namespace temps::testbed {

namespace {

// The server of this test binary, with a loop of its own: tests begin and end outside of theirs.
class Server {
 public:
  static Server& instance() {
    static Server server;
    return server;
  }

  template <class T>
  T run(Task<T> task) {
    auto result = loop_.run(std::move(task));
    if (!result) broken(fmt::format("the test database: {}", result.error().detail()));
    if constexpr (!std::is_void_v<T>) return std::move(*result);
  }

  [[nodiscard]] std::string url(std::string_view database) const { return cluster_->url(database); }
  std::string next_name() { return fmt::format("test_{}", ++count_); }
  void statement(std::string text) { run(execute(std::move(text))); }
  void crash() { run(restart_after_a_crash()); }

  ~Server() {
    (void)loop_.run(admin_->close());
    admin_.reset();
    (void)loop_.run(cluster_->stop());
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

 private:
  Server() {
    // What the server has to say is of interest when it fails only, and then it is in the error.
    log::set_level(log::Level::warning);
    // Its user must be able to pass.
    ::chmod(folder_.path().c_str(), 0711);
    cluster_ =
        run(postgres::Cluster::start(loop_, {.folder = folder_.path() / "postgres",
                                             .durability = postgres::Durability::none,
                                             .when_we_die = postgres::WhenWeDie::is_killed}));
    log::set_level(log::Level::info);
    admin_ = std::make_unique<sql::Database>(
        loop_, sql::Options{.url = cluster_->url("postgres"), .connections_max = 1});
  }

  Task<> execute(std::string text) { co_await admin_->script(std::move(text)); }

  Task<> is_back(int old_pid) {
    using namespace std::chrono_literals;
    while (cluster_->pid() == old_pid || cluster_->pid() == 0 ||
           !(co_await attempt(admin_->server_version()))) {
      co_await sleep(10ms);
    }
  }
  Task<> restart_after_a_crash() {
    const int pid = cluster_->pid();
    ::kill(pid, SIGKILL);
    co_await race(cluster_->supervise(), is_back(pid));
  }

  files::TemporaryFolder folder_;
  net::Loop loop_;
  std::unique_ptr<postgres::Cluster> cluster_;
  std::unique_ptr<sql::Database> admin_;
  int count_ = 0;
};

}  // namespace

TestDatabase::TestDatabase()
    : name_(Server::instance().next_name()), url_(Server::instance().url(name_)) {
  Server::instance().statement(fmt::format("create database {} template template0", name_));
}

TestDatabase::~TestDatabase() {
  Server::instance().statement(fmt::format("drop database {} with (force)", name_));
}

void crash_server() { Server::instance().crash(); }

}  // namespace temps::testbed

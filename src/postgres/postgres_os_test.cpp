#include <gtest/gtest.h>
#include <linux/capability.h>
#include <pwd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>

#include "core/testing.hpp"
#include "files/files.hpp"
#include "postgres/leftovers.hpp"
#include "postgres/postgres.hpp"
#include "process/process.hpp"
#include "sql/database.hpp"
#include "sql/errors.hpp"

namespace temps::postgres {
namespace {

using namespace std::chrono_literals;

constexpr sql::Query<std::int64_t> count_rows{"test.count", "select count(*) from kept"};
constexpr sql::Query<std::string> checksums{"test.checksums", "show data_checksums"};
constexpr sql::Query<std::string> addresses{"test.addresses", "show listen_addresses"};

struct Postgres : testing::Test {
  net::Loop loop;
  files::TemporaryFolder folder;

  Postgres() { ::chmod(folder.path().c_str(), 0711); }

  [[nodiscard]] Options options() const {
    return {.folder = folder.path() / "postgres",
            .durability = Durability::none,
            .when_we_die = WhenWeDie::is_killed};
  }
  [[nodiscard]] std::filesystem::path data() const { return folder.path() / "postgres/data"; }

  Task<> script(const Cluster& cluster, std::string text) {
    co_await script_on(loop, cluster, std::move(text));
  }
  static Task<> script_on(net::Loop& on, const Cluster& cluster, std::string text) {
    sql::Database database(on, {.url = cluster.url(), .connections_max = 1});
    auto done = co_await attempt(database.script(std::move(text)));
    co_await database.close();
    co_await std::move(done);
  }
  Task<std::int64_t> rows(const Cluster& cluster) {
    sql::Database database(loop, {.url = cluster.url(), .connections_max = 1});
    auto count = co_await attempt(database.one(count_rows));
    co_await database.close();
    co_return co_await std::move(count);
  }
  Task<Error> error_of(Options wanted) {
    auto started = co_await attempt(Cluster::start(loop, std::move(wanted)));
    if (started) co_await (*started)->stop();
    co_return started ? Error(temps::errors::internal, "it started") : started.error();
  }
  // Ends once the server is another process than `pid` and answers.
  Task<> back(const Cluster& cluster, int pid) {
    while (cluster.pid() == pid || cluster.pid() == 0 ||
           !(co_await attempt(script(cluster, "select 1")))) {
      co_await sleep(10ms);
    }
  }
  Task<> appears(std::filesystem::path path) {
    while (!std::filesystem::exists(path)) co_await sleep(5ms);
  }
};

TASK_TEST_F(Postgres, KeepsItsDataOverStopAndStart) {
  {
    auto cluster = co_await Cluster::start(loop, options());
    EXPECT_GE(cluster->major_version(), 14);
    co_await script(*cluster, "create table kept (id int); insert into kept values (1)");
    co_await cluster->stop();
    EXPECT_EQ(cluster->pid(), 0);
    co_await cluster->stop();
  }
  EXPECT_TRUE(server_processes(data()).empty());
  auto cluster = co_await Cluster::start(loop, options());
  EXPECT_EQ(co_await rows(*cluster), 1);
  co_await cluster->stop();
}

TASK_TEST_F(Postgres, RunsAsAnotherUserWithChecksumsAndNoOpenPort) {
  auto cluster = co_await Cluster::start(loop, options());
  sql::Database database(loop, {.url = cluster->url(), .connections_max = 1});
  EXPECT_EQ(co_await database.one(checksums), "on");
  EXPECT_EQ(co_await database.one(addresses), "");
  co_await database.close();
  struct stat status{};
  EXPECT_EQ(::stat(data().c_str(), &status), 0);
  EXPECT_NE(status.st_uid, 0U);
  EXPECT_EQ(status.st_mode & 0777U, 0700U);
  EXPECT_EQ(*files::read(folder.path() / "postgres/pg_hba.conf"),
            "# Written by Temps at every start.\nlocal all all peer map=temps\n");
  co_await cluster->stop();
}

TASK_TEST_F(Postgres, LetsNoOtherUserIn) {
  if (::geteuid() != 0) co_return;  // needs to become somebody else
  auto cluster = co_await Cluster::start(loop, options());
  const auto connect_as = [&](std::uint32_t uid) {
    return process::Spec{.command = {"psql", cluster->url(), "-Atc", "select 1"},
                         .environment = process::base_environment(),
                         .user = process::User{.uid = uid, .gid = uid}};
  };
  EXPECT_EQ((co_await process::capture(loop, connect_as(0))).out, "1\n");
  const auto stranger = co_await process::capture(loop, connect_as(65534));
  EXPECT_FALSE(stranger.exit.is_success());
  co_await cluster->stop();
}

TASK_TEST_F(Postgres, ComesBackAfterAKillUnderLoad) {
  auto cluster = co_await Cluster::start(loop, options());
  co_await script(*cluster, "create table kept (id int); insert into kept values (1)");
  const int pid = cluster->pid();
  const auto busy = [](Postgres& test, Cluster& server) -> Task<> {
    // Busy on the processor: does not see that its server is gone, and holds its memory.
    (void)co_await attempt(
        test.script(server, "select count(*) from generate_series(1, 3000000000)"));
  };
  const auto kill_it = [](Postgres& test, Cluster& server, int old) -> Task<> {
    while (server_processes(test.data()).size() < 6) co_await sleep(10ms);
    co_await sleep(200ms);
    ::kill(old, SIGKILL);
    co_await within(60s, test.back(server, old));
  };
  co_await race(cluster->supervise(),
                race(kill_it(*this, *cluster, pid), [](Task<> load) -> Task<> {
                  co_await std::move(load);
                  co_await sleep(120s);
                }(busy(*this, *cluster))));
  EXPECT_NE(cluster->pid(), pid);
  EXPECT_EQ(co_await rows(*cluster), 1);
  co_await cluster->stop();
  EXPECT_TRUE(server_processes(data()).empty());
}

TASK_TEST_F(Postgres, SuperviseEndsWhenItIsStopped) {
  auto cluster = co_await Cluster::start(loop, options());
  std::vector<Task<>> both;
  both.push_back(cluster->supervise());
  both.push_back(cluster->stop());
  co_await within(20s, all(std::move(both)));
  EXPECT_EQ(cluster->pid(), 0);
}

TASK_TEST_F(Postgres, StopsTheServerThatADeadTempsLeftBehind) {
  // Another process starts a server and dies without a word.
  const auto ready = folder.path() / "ready";
  const int copy = ::fork();
  if (copy == 0) {
    net::Loop own;
    auto left = options();
    left.when_we_die = WhenWeDie::goes_on;
    auto cluster = own.run(Cluster::start(own, left));
    if (cluster) (void)own.run(script_on(own, **cluster, "create table kept (id int)"));
    (void)files::write_atomically(ready, cluster ? "yes" : "no");
    ::_exit(0);
  }
  co_await within(60s, appears(ready));
  EXPECT_EQ(*files::read(ready), "yes");
  ::waitpid(copy, nullptr, 0);
  const auto left = read_pid_file(data());
  EXPECT_TRUE(left && process::start_time(left->pid));
  auto cluster = co_await Cluster::start(loop, options());
  EXPECT_FALSE(process::start_time(left->pid));
  EXPECT_EQ(co_await rows(*cluster), 0);
  co_await cluster->stop();
}

TASK_TEST_F(Postgres, StartsThoughTheNumberOfAKilledServerIsTaken) {
  auto first = co_await Cluster::start(loop, options());
  co_await first->stop();
  first.reset();
  // Like a zombie: a process of the same user that is no PostgreSQL.
  struct stat owner{};
  EXPECT_EQ(::stat(data().c_str(), &owner), 0);
  process::Spec spec{.command = {"sleep", "600"}};
  if (::geteuid() == 0) spec.user = process::User{owner.st_uid, owner.st_gid};
  auto other = co_await process::Child::start(loop, std::move(spec));
  co_await files::write_atomically(
      data() / "postmaster.pid",
      fmt::format("{}\n{}\n1\n5432\n/tmp\n\n\nready\n", other.pid(), data().native()), 0644);
  auto second = co_await Cluster::start(loop, options());
  EXPECT_TRUE(server_processes(data()).size() > 1);
  co_await second->stop();
}

TASK_TEST_F(Postgres, WorksInAFolderWithAVeryLongName) {
  auto wanted = options();
  wanted.folder = folder.path() / std::string(120, 'n') / "it's a name, really" / "postgres";
  auto cluster = co_await Cluster::start(loop, wanted);
  co_await script(*cluster, "create table kept (id int)");
  EXPECT_EQ(co_await rows(*cluster), 0);
  co_await cluster->stop();
}

TASK_TEST_F(Postgres, ServesOneTempsAtATime) {
  auto cluster = co_await Cluster::start(loop, options());
  EXPECT_TRUE((co_await error_of(options())).is(files::errors::locked));
  co_await cluster->stop();
}

TASK_TEST_F(Postgres, SaysHowToInstallIt) {
  auto nowhere = options();
  nowhere.program_folders = {folder.path()};
  const auto error = co_await error_of(nowhere);
  EXPECT_TRUE(error.is(errors::not_installed));
  EXPECT_NE(error.detail().find("apt-get install postgresql"), std::string::npos);
}

TASK_TEST_F(Postgres, SaysWhichVersionTheDataNeeds) {
  co_await files::make_folder(data());
  co_await files::write_atomically(data() / "PG_VERSION", "99\n");
  const auto error = co_await error_of(options());
  EXPECT_TRUE(error.is(errors::wrong_version));
  EXPECT_NE(error.detail().find("apt-get install postgresql-99"), std::string::npos);
  co_await files::write_atomically(data() / "PG_VERSION", "9.6\n");
  EXPECT_TRUE((co_await error_of(options())).is(errors::bad_folder));
}

TASK_TEST_F(Postgres, TouchesNoFolderThatHoldsSomethingElse) {
  co_await files::make_folder(data());
  co_await files::write_atomically(data() / "photo", "precious");
  EXPECT_TRUE((co_await error_of(options())).is(errors::bad_folder));
  EXPECT_EQ(*files::read(data() / "photo"), "precious");
}

TASK_TEST_F(Postgres, NamesTheFolderThatIsClosedToItsUser) {
  if (::geteuid() != 0) co_return;  // otherwise it is our own user
  ::chmod(folder.path().c_str(), 0700);
  const auto error = co_await error_of(options());
  EXPECT_TRUE(error.is(errors::bad_folder));
  EXPECT_NE(error.detail().find("chmod o+x " + folder.path().native() + ")"), std::string::npos)
      << error.detail();
}

TASK_TEST_F(Postgres, SaysWhichUserIsMissing) {
  if (::geteuid() != 0) co_return;  // otherwise it is our own user
  auto wanted = options();
  wanted.accounts = {"no-such-user-here"};
  const auto error = co_await error_of(wanted);
  EXPECT_TRUE(error.is(errors::no_user));
  EXPECT_NE(error.detail().find("useradd --system"), std::string::npos);
}

TASK_TEST_F(Postgres, SaysWhyItDoesNotStart) {
  auto first = co_await Cluster::start(loop, options());
  co_await first->stop();
  first.reset();
  co_await files::write_atomically(data() / "postgresql.auto.conf", "shared_buffers = 'much'\n",
                                   0644);
  const auto error = co_await error_of(options());
  EXPECT_TRUE(error.is(errors::cannot_start));
  EXPECT_NE(error.detail().find("shared_buffers"), std::string::npos) << error.detail();
}

TASK_TEST_F(Postgres, BeginsAnewWhenMakingTheDataWasInterrupted) {
  const auto half = folder.path() / "postgres/data.new";
  co_await files::make_folder(half);
  co_await files::write_atomically(half / "PG_VERSION", "15\n");
  auto cluster = co_await Cluster::start(loop, options());
  EXPECT_FALSE(std::filesystem::exists(half));
  co_await cluster->stop();
}

// Takes from this thread what root needs to look at processes of other users, as containers do.
class WithoutLooking {
 public:
  WithoutLooking() {
    header_.version = _LINUX_CAPABILITY_VERSION_3;
    if (::syscall(SYS_capget, &header_, before_.data()) != 0) return;
    auto less = before_;
    less.at(0).effective &= ~(1U << CAP_SYS_PTRACE);
    works_ = ::syscall(SYS_capset, &header_, less.data()) == 0;
  }
  ~WithoutLooking() { ::syscall(SYS_capset, &header_, before_.data()); }
  WithoutLooking(const WithoutLooking&) = delete;
  WithoutLooking& operator=(const WithoutLooking&) = delete;
  [[nodiscard]] bool works() const { return works_; }

 private:
  __user_cap_header_struct header_{};
  std::array<__user_cap_data_struct, 2> before_{};
  bool works_ = false;
};

TASK_TEST_F(Postgres, AServerThatMayNotBeLookedAtKeepsItsFiles) {
  const auto* nobody = ::getpwnam("nobody");
  if (::geteuid() != 0 || nobody == nullptr) {
    std::fputs("SKIPPED: only root can make such a server\n", stderr);
    co_return;
  }
  // A program of the server's name under its own user is as good as a server here.
  const auto where = folder.path() / "kept";
  const auto program = folder.path() / "postgres";
  co_await files::make_folder(where, 0700);
  co_await files::copy("/bin/sleep", program);
  ::chmod(program.c_str(), 0755);
  co_await files::give_to(where, nobody->pw_uid, nobody->pw_gid);
  auto server =
      co_await process::Child::start(loop, {.command = {program.native(), "60"},
                                            .environment = {},
                                            .folder = where.native(),
                                            .user = process::User{nobody->pw_uid, nobody->pw_gid}});
  co_await files::write_atomically(where / "postmaster.pid", fmt::format("{}\n", server.pid()));
  {
    const WithoutLooking blind;
    if (!blind.works()) co_return;
    EXPECT_EQ(hidden_processes(where).size(), 1U);
    auto ended = co_await attempt(end_leftovers(where, folder.path()));
    EXPECT_TRUE(!ended && ended.error().is(errors::cannot_start));
    EXPECT_TRUE(std::filesystem::exists(where / "postmaster.pid"));
    EXPECT_FALSE(server.has_exited());
  }
  EXPECT_TRUE(hidden_processes(where).empty());
  co_await server.stop(5s);
}

}  // namespace
}  // namespace temps::postgres

#include "postgres/postgres.hpp"

#include <gtest/gtest.h>

#include "files/files.hpp"
#include "postgres/installation.hpp"
#include "postgres/layout.hpp"
#include "postgres/leftovers.hpp"

namespace temps::postgres {
namespace {

TEST(ServerVersion, IsReadFromWhatTheProgramSays) {
  EXPECT_EQ(parse_version("postgres (PostgreSQL) 15.8 (Debian 15.8-0+deb12u1)\n"), 15);
  EXPECT_EQ(parse_version("postgres (PostgreSQL) 17beta1\n"), 17);
  EXPECT_EQ(parse_version("mysqld 8"), 0);
  EXPECT_EQ(parse_version("postgres (PostgreSQL) "), 0);
  EXPECT_EQ(parse_version(""), 0);
}

TEST(SocketFolder, LiesBesideTheDataUnlessThePathIsTooLong) {
  EXPECT_EQ(layout_of({.folder = "/var/lib/temps/postgres"}, 0).socket_folder,
            "/var/lib/temps/postgres/run");
  const std::string long_name = "/" + std::string(120, 'x');
  const auto short_one = layout_of({.folder = long_name}, 0).socket_folder;
  EXPECT_TRUE(short_one.native().starts_with("/run/temps-0-"));
  EXPECT_EQ(layout_of({.folder = long_name + "/"}, 1000).socket_folder.parent_path(), "/tmp");
  EXPECT_NE(layout_of({.folder = long_name + "y"}, 0).socket_folder, short_one);
  EXPECT_EQ(layout_of({.folder = long_name}, 0).socket_folder, short_one);
  EXPECT_EQ(layout_of({.folder = "/a", .socket_folder = "/b"}, 0).socket_folder, "/b");
}

TEST(SocketFolder, FitsExactlyUpToTheLimit) {
  constexpr std::size_t rest = std::string_view("/run/.s.PGSQL.5432").size();
  const std::string fits = "/" + std::string(socket_path_max - rest - 1, 'x');
  EXPECT_EQ(layout_of({.folder = fits}, 0).socket_folder, fits + "/run");
  EXPECT_NE(layout_of({.folder = fits + "x"}, 0).socket_folder, fits + "x/run");
}

TEST(ConnectionString, QuotesWhatItMust) {
  EXPECT_EQ(connection_string("/a b'c\\d", "temps-db", "temps"),
            "host='/a b\\'c\\\\d' user=postgres dbname='temps' requirepeer='temps-db'");
}

TEST(Users, AreRootAndTheServersOwnOnly) {
  const Account switched{.name = "temps-db", .user = {}, .is_switched = true};
  EXPECT_EQ(users_text(switched, "root"),
            "# Written by Temps at every start.\ntemps \"root\" postgres\n"
            "temps \"temps-db\" postgres\n");
  const Account own{.name = "ann", .user = {}};
  EXPECT_EQ(users_text(own, "ann"),
            "# Written by Temps at every start.\ntemps \"root\" postgres\n"
            "temps \"ann\" postgres\n");
}

TEST(Reason, IsWhatTheServerComplainsOf) {
  EXPECT_EQ(reason_in("2026-01-01 UTC [1] LOG:  starting\n"
                      "2026-01-01 UTC [1] FATAL:  data directory has wrong ownership\n"
                      "2026-01-01 UTC [1] HINT:  fix it\n"),
            "FATAL:  data directory has wrong ownership; HINT:  fix it");
  EXPECT_EQ(reason_in("postgres: error while loading shared libraries: libssl.so.3\n"),
            "postgres: error while loading shared libraries: libssl.so.3");
  EXPECT_NE(reason_in("FATAL:  could not write: No space left on device\n").find("free some space"),
            std::string::npos);
  EXPECT_EQ(reason_in("[1] LOG:  starting PostgreSQL\n[1] LOG:  invalid value for parameter\n"
                      "[1] FATAL:  configuration file contains errors\n"),
            "LOG:  invalid value for parameter; FATAL:  configuration file contains errors");
  EXPECT_EQ(reason_in(""), "");
}

TEST(PidFile, TellsTheServerAndWhetherItIsReady) {
  const files::TemporaryFolder folder;
  const auto file = folder.path() / "postmaster.pid";
  EXPECT_FALSE(read_pid_file(folder.path()));
  ASSERT_TRUE(files::write_atomically(file, "4242\n/data\n1\n5432\n/run\n\n 1 2\nready   \n"));
  EXPECT_EQ(read_pid_file(folder.path())->pid, 4242);
  EXPECT_TRUE(read_pid_file(folder.path())->is_ready);
  ASSERT_TRUE(files::write_atomically(file, "4242\n/data\n1\n5432\n/run\n\n 1 2\nstarting\n"));
  EXPECT_FALSE(read_pid_file(folder.path())->is_ready);
  ASSERT_TRUE(files::write_atomically(file, "4242\n/data\n"));
  EXPECT_FALSE(read_pid_file(folder.path())->is_ready);
  ASSERT_TRUE(files::write_atomically(file, "-1\n"));
  EXPECT_FALSE(read_pid_file(folder.path()));
}

}  // namespace
}  // namespace temps::postgres

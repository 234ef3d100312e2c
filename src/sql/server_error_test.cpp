#include "sql/server_error.hpp"

#include <gtest/gtest.h>

#include "sql/errors.hpp"

namespace temps::sql {
namespace {

TEST(ServerError, MapsStatesToTheCatalogue) {
  EXPECT_TRUE(server_error("23505", "").is(errors::conflict));
  EXPECT_TRUE(server_error("23503", "").is(errors::refused));
  EXPECT_TRUE(server_error("40P01", "").is(errors::busy));
  EXPECT_TRUE(server_error("57014", "").is(errors::timeout));
  EXPECT_TRUE(server_error("57P01", "").is(errors::unavailable));
  EXPECT_TRUE(server_error("53100", "").is(errors::unavailable));
  EXPECT_TRUE(server_error("22021", "").is(errors::bad_value));
  EXPECT_TRUE(server_error("42P01", "").is(errors::failed));
  EXPECT_TRUE(server_error("", "").is(errors::failed));
}

TEST(ServerError, KeepsTheServersMessage) {
  EXPECT_EQ(server_error("42P01", "relation \"x\" does not exist").detail(),
            "relation \"x\" does not exist (SQLSTATE 42P01)");
}

TEST(ConnectError, TellsAWrongLoginFromAServerThatIsAway) {
  const auto wrong = connect_error(
      R"(connection to server at "db", port 5432 failed: FATAL:  28P01: password authentication )"
      R"(failed for user "ann")");
  EXPECT_TRUE(wrong.is(errors::login_refused));
  EXPECT_EQ(wrong.detail(), R"(password authentication failed for user "ann" (SQLSTATE 28P01))");
  EXPECT_TRUE(
      connect_error(R"(… FATAL:  3D000: database "x" does not exist)").is(errors::login_refused));
  EXPECT_TRUE(
      connect_error("… FATAL:  57P03: the database system is starting up").is(errors::unavailable));
  EXPECT_TRUE(connect_error("… failed: Connection refused").is(errors::unavailable));
}

}  // namespace
}  // namespace temps::sql

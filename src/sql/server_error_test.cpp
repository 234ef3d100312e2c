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

}  // namespace
}  // namespace temps::sql

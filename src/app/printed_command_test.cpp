#include "app/printed_command.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "app/commands.hpp"
#include "files/files.hpp"

namespace temps::app {
namespace {

TEST(PrintedCommand, IsQuotedWhereAShellWouldPartIt) {
  EXPECT_EQ(shell_word("/usr/bin/temps"), "/usr/bin/temps");
  EXPECT_EQ(shell_word("/my files/temps"), "'/my files/temps'");
  EXPECT_EQ(shell_word("it's"), R"('it'\''s')");
  EXPECT_EQ(shell_word(""), "''");
  EXPECT_EQ(credential_helper("/it's/temps"), R"(!'/it'\''s/temps' git-credential)");
}

TEST(PrintedCommand, NamesTheProgramByItsPathUnlessPathLeadsToIt) {
  const files::TemporaryFolder folder;
  const auto program = (folder.path() / "temps").string();
  ASSERT_TRUE(files::write_atomically(program, "", 0755));
  const std::string before = std::getenv("PATH");
  EXPECT_EQ(printed_program(program), program);
  ::setenv("PATH", (folder.path().string() + ":" + before).c_str(), 1);
  EXPECT_EQ(printed_program(program), "temps");
  ::setenv("PATH", before.c_str(), 1);
}

}  // namespace
}  // namespace temps::app

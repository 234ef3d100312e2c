#include "runtime/tree.hpp"

#include <gtest/gtest.h>

#include "files/files.hpp"

namespace temps::runtime {
namespace {

namespace fs = std::filesystem;

struct TreeTest : testing::Test {
  files::TemporaryFolder folder;
  fs::path app = folder.path() / "app";
  fs::path dist = app / "dist";
  fs::path to = folder.path() / "to";

  void SetUp() override {
    ASSERT_TRUE(files::make_folder(dist / "inner"));
    ASSERT_TRUE(files::write_atomically(dist / "index.html", "page"));
    ASSERT_TRUE(files::write_atomically(app / "shared.css", "css"));
    ASSERT_TRUE(files::write_atomically(folder.path() / "secret", "secret"));
  }
};

TEST_F(TreeTest, CopiesWhatLinksInsideTheAppPointTo) {
  fs::create_symlink("../../shared.css", dist / "inner" / "style.css");
  ASSERT_TRUE(copy_for_serving(dist, to, app));
  EXPECT_EQ(files::read(to / "inner" / "style.css").value_or(""), "css");
  EXPECT_FALSE(fs::is_symlink(to / "inner" / "style.css"));
}

TEST_F(TreeTest, LeavesOutLinksThatLeaveTheApp) {
  fs::create_symlink("../../secret", dist / "secret");
  fs::create_directory_symlink(folder.path(), dist / "up");
  ASSERT_TRUE(copy_for_serving(dist, to, app));
  EXPECT_TRUE(fs::exists(to / "index.html"));
  EXPECT_FALSE(fs::exists(fs::symlink_status(to / "secret")));
  EXPECT_FALSE(fs::exists(fs::symlink_status(to / "up")));
}

TEST_F(TreeTest, ACopyOfASourceTreeKeepsItsLinks) {
  fs::create_symlink("index.html", dist / "home.html");
  ASSERT_TRUE(copy_tree(app, to));
  EXPECT_EQ(fs::read_symlink(to / "dist" / "home.html"), "index.html");
}

TEST_F(TreeTest, KnowsWhatLiesInside) {
  EXPECT_TRUE(lies_inside(app, app));
  EXPECT_TRUE(lies_inside(dist / "not-there", app));
  EXPECT_FALSE(lies_inside(app / ".." / "secret", app));
  EXPECT_FALSE(lies_inside(folder.path() / "application", app));
}

}  // namespace
}  // namespace temps::runtime

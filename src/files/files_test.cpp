#include "files/files.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

namespace temps::files {
namespace {

unsigned mode_of(const Path& path) {
  struct stat status{};
  ::lstat(path.c_str(), &status);
  return status.st_mode & 07777U;
}

struct Files : testing::Test {
  TemporaryFolder folder;
  [[nodiscard]] Path at(const std::string& name) const { return folder.path() / name; }
};

TEST_F(Files, WritesWholeFilesWithTheModeAskedFor) {
  ASSERT_TRUE(write_atomically(at("key"), "old", 0644));
  ASSERT_TRUE(write_atomically(at("key"), "secret", 0600));
  EXPECT_EQ(*read(at("key")), "secret");
  EXPECT_EQ(mode_of(at("key")), 0600U);
}

TEST_F(Files, LeavesNoDraftBehindWhenAWriteFails) {
  ASSERT_TRUE(make_folder(at("key")));
  ASSERT_TRUE(write_atomically(at("key/inside"), "x"));
  EXPECT_FALSE(write_atomically(at("key"), "text"));
  const auto entries = std::filesystem::directory_iterator(folder.path());
  EXPECT_EQ(std::distance(begin(entries), end(entries)), 1);
}

TEST_F(Files, AppendsAndMakesTheFileFirst) {
  ASSERT_TRUE(append(at("log"), "one\n"));
  ASSERT_TRUE(append(at("log"), "two\n"));
  EXPECT_EQ(*read(at("log")), "one\ntwo\n");
}

TEST_F(Files, SaysThatAFileIsMissing) {
  EXPECT_TRUE(read(at("nothing")).error().is(errors::not_found));
  ASSERT_TRUE(write_atomically(at("file"), "x"));
  EXPECT_TRUE(read(at("file/below")).error().is(errors::not_found));
  EXPECT_TRUE(write_atomically(at("nowhere/file"), "x").error().is(errors::not_found));
}

TEST_F(Files, RefusesToReadMoreThanTheLimit) {
  ASSERT_TRUE(write_atomically(at("file"), std::string(100'000, 'x')));
  EXPECT_TRUE(read(at("file"), 99'999).error().is(errors::too_large));
  EXPECT_EQ(read(at("file"), 100'000)->size(), 100'000U);
}

TEST_F(Files, MakesTheFoldersAboveAndKeepsExistingModes) {
  ASSERT_TRUE(make_folder(at("a"), 0711));
  ASSERT_TRUE(make_folder(at("a/b/c"), 0700));
  EXPECT_EQ(mode_of(at("a")), 0711U);
  EXPECT_EQ(mode_of(at("a/b/c")), 0700U);
}

TEST_F(Files, SaysThatAFileIsInTheWayOfAFolder) {
  ASSERT_TRUE(write_atomically(at("a"), "x"));
  const auto made = make_folder(at("a/b"));
  ASSERT_FALSE(made);
  EXPECT_NE(made.error().detail().find("in the way"), std::string::npos);
}

TEST_F(Files, RemovesReadOnlyFoldersAndDoesNotFollowLinks) {
  ASSERT_TRUE(make_folder(at("tree/cache")));
  ASSERT_TRUE(make_folder(at("outside")));
  ASSERT_TRUE(write_atomically(at("outside/kept"), "x"));
  ASSERT_TRUE(write_atomically(at("tree/cache/file"), "x"));
  ASSERT_EQ(::symlink(at("outside").c_str(), at("tree/cache/link").c_str()), 0);
  ASSERT_EQ(::chmod(at("tree/cache").c_str(), 0555), 0);
  ASSERT_TRUE(files::remove_all(at("tree")));
  EXPECT_FALSE(std::filesystem::exists(at("tree")));
  EXPECT_TRUE(std::filesystem::exists(at("outside/kept")));
  EXPECT_TRUE(files::remove_all(at("tree")));
}

TEST_F(Files, SumsRegularFilesOnly) {
  ASSERT_TRUE(make_folder(at("a/b")));
  ASSERT_TRUE(write_atomically(at("a/one"), std::string(10, 'x')));
  ASSERT_TRUE(write_atomically(at("a/b/two"), std::string(5, 'x')));
  ASSERT_EQ(::symlink("one", at("a/link").c_str()), 0);
  EXPECT_EQ(tree_size(at("a")), 15U);
  EXPECT_EQ(tree_size(at("nothing")), 0U);
}

TEST_F(Files, GivesATreeAwayWithoutFollowingLinks) {
  ASSERT_TRUE(make_folder(at("tree")));
  ASSERT_TRUE(write_atomically(at("tree/file"), "x"));
  ASSERT_TRUE(write_atomically(at("mine"), "x"));
  ASSERT_EQ(::symlink(at("mine").c_str(), at("tree/link").c_str()), 0);
  if (::geteuid() != 0) {
    EXPECT_TRUE(give_to(at("tree"), ::geteuid(), ::getegid()));
    return;
  }
  ASSERT_TRUE(give_to(at("tree"), 4242, 4243));
  struct stat status{};
  ASSERT_EQ(::stat(at("tree/file").c_str(), &status), 0);
  EXPECT_EQ(status.st_uid, 4242U);
  EXPECT_EQ(status.st_gid, 4243U);
  ASSERT_EQ(::lstat(at("tree/link").c_str(), &status), 0);
  EXPECT_EQ(status.st_uid, 4242U);
  ASSERT_EQ(::stat(at("mine").c_str(), &status), 0);
  EXPECT_EQ(status.st_uid, 0U);
}

TEST_F(Files, KnowsTheSpaceOfADisk) {
  const auto here = files::space(folder.path());
  ASSERT_TRUE(here);
  EXPECT_GT(here->total_bytes, 0U);
  EXPECT_LE(here->free_bytes, here->total_bytes);
  EXPECT_FALSE(files::space(at("nothing")));
}

TEST_F(Files, LocksOnceAtATimeAndNamesTheHolder) {
  {
    auto first = Lock::take(at("lock"));
    ASSERT_TRUE(first);
    auto second = Lock::take(at("lock"));
    ASSERT_FALSE(second);
    EXPECT_TRUE(second.error().is(errors::locked));
    EXPECT_NE(second.error().detail().find(std::to_string(::getpid())), std::string::npos);
  }
  EXPECT_TRUE(Lock::take(at("lock")));
}

TEST_F(Files, TemporaryFoldersVanishWithWhatIsInThem) {
  Path path;
  {
    const TemporaryFolder inner(folder.path());
    path = inner.path();
    ASSERT_TRUE(write_atomically(path / "file", "x"));
    EXPECT_EQ(mode_of(path), 0700U);
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

}  // namespace
}  // namespace temps::files

#include "certificates/shelf.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "files/files.hpp"

namespace temps::certificates {
namespace {

unsigned mode_of(const std::filesystem::path& path) {
  struct stat status{};
  EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
  return status.st_mode & 0777U;
}

struct ShelfTest : testing::Test {
  files::TemporaryFolder folder;
  Shelf shelf{folder.path() / "certificates"};
};

TEST_F(ShelfTest, OnlyTheOwnerReadsWhatIsOnIt) {
  ASSERT_TRUE(shelf.put("1-1", "chain", Secret("key")).has_value());
  EXPECT_EQ(mode_of(folder.path() / "certificates"), 0700U);
  EXPECT_EQ(mode_of(folder.path() / "certificates/1-1"), 0700U);
  EXPECT_EQ(mode_of(shelf.chain("1-1")), 0600U);
  EXPECT_EQ(mode_of(shelf.key("1-1")), 0600U);
  EXPECT_EQ(files::read(shelf.key("1-1")).value(), "key");
}

TEST_F(ShelfTest, KnowsWhetherAllOfACertificateIsThere) {
  EXPECT_FALSE(shelf.has("1-1", "chain"));
  ASSERT_TRUE(shelf.put("1-1", "chain", Secret("key")).has_value());
  EXPECT_TRUE(shelf.has("1-1", "chain"));
  EXPECT_FALSE(shelf.has("1-1", "another"));
  ASSERT_TRUE(files::write_atomically(shelf.key("1-1"), "", 0600).has_value());
  EXPECT_FALSE(shelf.has("1-1", "chain"));
}

TEST_F(ShelfTest, KeepsOneStapleBesideACertificate) {
  ASSERT_TRUE(shelf.put("1-1", "chain", Secret("key")).has_value());
  ASSERT_TRUE(shelf.put_staple("1-1", 100, "old").has_value());
  ASSERT_TRUE(shelf.put_staple("1-1", 200, "new").has_value());
  EXPECT_TRUE(shelf.keep_staple("1-1", 200).has_value());
  EXPECT_FALSE(std::filesystem::exists(shelf.staple("1-1", 100)));
  EXPECT_EQ(files::read(shelf.staple("1-1", 200)).value(), "new");
  EXPECT_TRUE(shelf.has("1-1", "chain"));
}

TEST_F(ShelfTest, RemovesWhatNobodyNeeds) {
  EXPECT_TRUE(shelf.keep_only({}).has_value());
  for (const auto* label : {"1-1", "1-2", "2-1"}) {
    ASSERT_TRUE(shelf.put(label, "chain", Secret("key")).has_value());
  }
  ASSERT_TRUE(shelf.keep_only({"1-2"}).has_value());
  EXPECT_FALSE(shelf.has("1-1", "chain"));
  EXPECT_TRUE(shelf.has("1-2", "chain"));
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "certificates/2-1"));
}

}  // namespace
}  // namespace temps::certificates

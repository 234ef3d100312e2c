#include "proxy/compressed_files.hpp"

#include <gtest/gtest.h>

namespace temps::proxy {
namespace {

CompressedFiles::Key key(ino_t inode) { return {.inode = inode, .size = 1}; }

void keep(CompressedFiles& files, ino_t inode, std::size_t bytes) {
  const auto recording = files.record(key(inode));
  ASSERT_NE(recording, nullptr);
  recording->add(std::string(bytes, 'x'));
  recording->finish();
}

TEST(CompressedFiles, KeepsWhatIsWhole) {
  CompressedFiles files;
  EXPECT_EQ(files.find(key(1)), nullptr);
  auto recording = files.record(key(1));
  recording->add("ab");
  recording->add("c");
  EXPECT_EQ(files.find(key(1)), nullptr);
  recording->finish();
  recording.reset();
  ASSERT_NE(files.find(key(1)), nullptr);
  EXPECT_EQ(*files.find(key(1)), "abc");
  // A client that has gone away leaves nothing.
  files.record(key(2))->add("ab");
  EXPECT_EQ(files.find(key(2)), nullptr);
}

TEST(CompressedFiles, EveryPartOfTheKeyCounts) {
  CompressedFiles files;
  keep(files, 1, 10);
  auto other = key(1);
  other.coding = compress::Coding::brotli;
  EXPECT_EQ(files.find(other), nullptr);
  other = key(1);
  other.modified_ns = 1;
  EXPECT_EQ(files.find(other), nullptr);
  other = key(1);
  other.size = 2;
  EXPECT_EQ(files.find(other), nullptr);
  other = key(1);
  other.device = 1;
  EXPECT_EQ(files.find(other), nullptr);
}

TEST(CompressedFiles, ForgetsWhatWasNotUsedForLongest) {
  CompressedFiles files(3000);
  keep(files, 1, 1000);
  keep(files, 2, 1000);
  EXPECT_NE(files.find(key(1)), nullptr);
  keep(files, 3, 1000);
  EXPECT_NE(files.find(key(1)), nullptr);
  EXPECT_EQ(files.find(key(2)), nullptr);
  EXPECT_NE(files.find(key(3)), nullptr);
  EXPECT_LE(files.bytes(), 3000U);
  keep(files, 4, 3000);  // would take the place of all others
  EXPECT_EQ(files.find(key(4)), nullptr);
}

TEST(CompressedFiles, IsBoundedWhileItIsFilled) {
  CompressedFiles files;
  std::vector<std::unique_ptr<CompressedFiles::Recording>> all;
  all.push_back(files.record(key(0)));
  EXPECT_EQ(files.record(key(0)), nullptr);  // another loop is at it
  for (ino_t i = 1; i < CompressedFiles::recordings_max; ++i) all.push_back(files.record(key(i)));
  EXPECT_NE(all.back(), nullptr);
  EXPECT_EQ(files.record(key(99)), nullptr);
  all.clear();
  const auto large = files.record(key(0));
  ASSERT_NE(large, nullptr);
  large->add(std::string(CompressedFiles::file_bytes_max, 'x'));
  large->add("x");
  large->finish();
  EXPECT_EQ(files.find(key(0)), nullptr);
}

}  // namespace
}  // namespace temps::proxy

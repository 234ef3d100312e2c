#include "logs/test_logs.hpp"

namespace temps::logs {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

struct LogRetention : LogsTest {
  Swept sweep() {
    const auto swept = store().sweep();
    EXPECT_TRUE(swept.has_value());
    return swept.value_or(Swept{});
  }
  std::uint64_t bytes() { return files::tree_size(folder.path() / "logs"); }
};

TEST_F(LogRetention, KeepsEverythingThatIsYoungAndSmall) {
  fill("apps/3", 2500);
  const auto before = bytes();
  const auto swept = sweep();
  EXPECT_EQ(swept.segments_removed, 0U);
  EXPECT_EQ(swept.bytes_kept, before);
  EXPECT_EQ(lines("apps/3").size(), 2500U);
}

TEST_F(LogRetention, HasNothingToDoWithoutLogs) { EXPECT_EQ(sweep().bytes_kept, 0U); }

TEST_F(LogRetention, ClosesASegmentAfterAnHour) {
  append("apps/3", {"a"});
  clock.advance(59min);
  sweep();
  EXPECT_EQ(files("apps/3", ".log").size(), 1U);
  clock.advance(1min);
  sweep();
  EXPECT_EQ(files("apps/3", ".log").size(), 0U);
  EXPECT_EQ(files("apps/3", ".log.zst").size(), 1U);
  append("apps/3", {"b"});
  clock.advance(1h);
  append("apps/3", {"c"});  // without a sweep
  EXPECT_EQ(files("apps/3", ".log.zst").size(), 2U);
  EXPECT_THAT(texts("apps/3"), ElementsAre("a", "b", "c"));
}

TEST_F(LogRetention, RemovesWhatIsTooOld) {
  retention.age_max = std::chrono::days(7);
  append("apps/3", {"old"});
  append("builds/1", {"old"});
  clock.advance(std::chrono::days(5));
  append("apps/3", {"young"});
  clock.advance(std::chrono::days(3));
  const auto swept = sweep();
  EXPECT_EQ(swept.segments_removed, 2U);
  EXPECT_GT(swept.bytes_removed, 0U);
  EXPECT_THAT(texts("apps/3"), ElementsAre("young"));
  EXPECT_THAT(lines("builds/1"), IsEmpty());
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "logs" / "builds"));
}

TEST_F(LogRetention, RemovesWhatWasNotOpenedSinceTheStart) {
  retention.age_max = std::chrono::days(7);
  append("builds/1", {"old"});
  restart();
  clock.advance(std::chrono::days(8));
  EXPECT_EQ(sweep().segments_removed, 1U);
  EXPECT_THAT(lines("builds/1"), IsEmpty());
}

TEST_F(LogRetention, BoundsAChannelWhileItIsWritten) {
  retention.channel_bytes_max = 2'000'000;
  for (int i = 0; i < 10; ++i) {
    fill("apps/3", 1100, fmt::format("part{} ", i));
    EXPECT_LE(bytes(), 3'100'000U);
  }
  const auto left = lines("apps/3");
  EXPECT_TRUE(left.back().text.starts_with("part9 1099 "));
  EXPECT_FALSE(left.front().text.starts_with("part0 "));
  EXPECT_GT(left.size(), 1100U);
}

TEST_F(LogRetention, RemovesTheOldestOfAllChannelsFirst) {
  fill("apps/1", 1100, "one ");
  clock.advance(1min);
  fill("apps/2", 2200, "two ");
  clock.advance(1min);
  fill("apps/3", 1100, "three ");
  restart();
  retention.total_bytes_max = bytes() - 100'000;
  auto swept = sweep();
  EXPECT_EQ(swept.segments_removed, 1U);
  EXPECT_LE(swept.bytes_kept, retention.total_bytes_max);
  EXPECT_EQ(swept.bytes_kept, bytes());
  EXPECT_EQ(files("apps/1", ".log.zst").size(), 0U);
  EXPECT_EQ(files("apps/2", ".log.zst").size(), 2U);
  restart();
  retention.total_bytes_max = bytes() - 100'000;
  EXPECT_EQ(sweep().segments_removed, 1U);
  EXPECT_EQ(files("apps/2", ".log.zst").size(), 1U);
  EXPECT_EQ(files("apps/3", ".log.zst").size(), 1U);
}

TEST_F(LogRetention, NeverRemovesTheOpenSegmentForItsSize) {
  retention.channel_bytes_max = 10;
  retention.total_bytes_max = 10;
  append("apps/3", {"a line of more than ten bytes"});
  EXPECT_EQ(sweep().segments_removed, 0U);
  EXPECT_EQ(lines("apps/3").size(), 1U);
}

TEST_F(LogRetention, LeavesAloneWhatIsNoLog) {
  retention.age_max = 1s;
  append("apps/3", {"a"});
  std::ofstream(folder.path() / "logs" / "notes.txt") << "by hand";
  std::ofstream(folder.path() / "logs" / "apps" / "3" / "readme") << "by hand";
  std::filesystem::create_directory_symlink("/", folder.path() / "logs" / "link");
  clock.advance(1h);
  EXPECT_EQ(sweep().segments_removed, 1U);
  EXPECT_TRUE(std::filesystem::exists(folder.path() / "logs" / "notes.txt"));
  EXPECT_TRUE(std::filesystem::exists(folder.path() / "logs" / "apps" / "3" / "readme"));
}

}  // namespace
}  // namespace temps::logs

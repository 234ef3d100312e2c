#include "logs/logs.hpp"

#include "logs/test_logs.hpp"

namespace temps::logs {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

TEST_F(LogsTest, KeepsLinesInOrderWithRisingSequences) {
  append("builds/17", {"one", "two"});
  append("builds/17", {"three"});
  const auto read = lines("builds/17");
  ASSERT_EQ(read.size(), 3U);
  EXPECT_EQ(read[0].text, "one");
  EXPECT_EQ(read[2].text, "three");
  EXPECT_GT(read[0].sequence, 0);
  EXPECT_EQ(read[1].sequence, read[0].sequence + 1);
  EXPECT_EQ(read[2].sequence, read[1].sequence + 1);
  EXPECT_EQ(read[0].time, clock.now());
}

TEST_F(LogsTest, KeepsStreamAndTime) {
  const std::vector<Line> written{{.time = clock.now() - 5s, .stream = Stream::err, .text = "e"},
                                  {.time = {}, .stream = Stream::system, .text = "s"}};
  ASSERT_TRUE(store().append("apps/3", written).has_value());
  const auto read = lines("apps/3");
  ASSERT_EQ(read.size(), 2U);
  EXPECT_EQ(read[0].stream, Stream::err);
  EXPECT_EQ(read[0].time, clock.now() - 5s);
  EXPECT_EQ(read[1].stream, Stream::system);
  EXPECT_EQ(read[1].time, clock.now());  // a line without a time gets this one
}

TEST_F(LogsTest, HaveNoLinesBeforeTheFirst) {
  EXPECT_THAT(lines("builds/1"), IsEmpty());
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "logs"));
}

TEST_F(LogsTest, SurviveReopening) {
  append("builds/17", {"one", "two"});
  const auto before = lines("builds/17");
  restart();
  append("builds/17", {"three"});
  EXPECT_THAT(texts("builds/17"), ElementsAre("one", "two", "three"));
  EXPECT_EQ(lines("builds/17")[2].sequence, before[1].sequence + 1);
}

TEST_F(LogsTest, LoseOnlyTheTornEndOfACrash) {
  append("builds/17", {"one", "two"});
  const auto open = files("builds/17", ".log").at(0);
  for (const std::string_view torn : {"0", "0011aabb 99 1700", "\x00\x00\x00"}) {
    restart();
    std::ofstream(open, std::ios::app) << torn;
    EXPECT_THAT(texts("builds/17"), ElementsAre("one", "two"));
  }
  append("builds/17", {"three"});
  restart();
  EXPECT_THAT(texts("builds/17"), ElementsAre("one", "two", "three"));
  EXPECT_EQ(lines("builds/17")[2].sequence, lines("builds/17")[1].sequence + 1);
}

TEST_F(LogsTest, SkipDamageInTheMiddleOfTheOpenSegment) {
  append("builds/17", {"one", "two", "three"});
  const auto open = files("builds/17", ".log").at(0);
  auto content = files::read(open).value();
  content[content.find("two")] = 'X';
  std::ofstream(open, std::ios::trunc) << content;
  restart();
  EXPECT_THAT(texts("builds/17"), ElementsAre("one", "three"));
}

TEST_F(LogsTest, StartAgainWhenNothingOfAnOpenSegmentIsLeft) {
  append("builds/17", {"one"});
  std::filesystem::resize_file(files("builds/17", ".log").at(0), 5);
  restart();
  EXPECT_THAT(lines("builds/17"), IsEmpty());
  append("builds/17", {"two"});
  EXPECT_THAT(texts("builds/17"), ElementsAre("two"));
}

TEST_F(LogsTest, CloseAndCompressAFullSegment) {
  fill("apps/3/production", 3500);
  const auto closed = files("apps/3/production", ".log.zst");
  EXPECT_EQ(closed.size(), 3U);
  EXPECT_EQ(files("apps/3/production", ".log").size(), 1U);
  for (const auto& file : closed) EXPECT_LT(std::filesystem::file_size(file), 900'000U);
  const auto before = lines("apps/3/production");
  ASSERT_EQ(before.size(), 3500U);
  restart();
  const auto after = lines("apps/3/production");
  ASSERT_EQ(after.size(), 3500U);
  for (std::size_t i = 0; i < after.size(); ++i) {
    ASSERT_EQ(after[i].sequence, before[0].sequence + static_cast<std::int64_t>(i));
    ASSERT_EQ(after[i].text, before[i].text);
  }
}

TEST_F(LogsTest, FinishACloseThatACrashCutShort) {
  fill("apps/3", 900);
  const auto open = files("apps/3", ".log").at(0);
  const auto copy = folder.path() / "copy";
  std::filesystem::copy_file(open, copy);
  fill("apps/3", 300);
  ASSERT_EQ(files("apps/3", ".log.zst").size(), 1U);
  const auto written = lines("apps/3").size();
  restart();
  std::filesystem::copy_file(copy, open);  // the compressed form is there, the open one is, too
  std::ofstream(open.parent_path() / ".1_2_3_4.log.zst.Xy12ab") << "half";
  EXPECT_EQ(lines("apps/3").size(), written);
  EXPECT_FALSE(std::filesystem::exists(open));
  EXPECT_THAT(files("apps/3", "Xy12ab"), IsEmpty());
}

TEST_F(LogsTest, LeaveOutADamagedSegment) {
  fill("apps/3", 2500, "x");
  auto closed = files("apps/3", ".log.zst");
  std::ranges::sort(closed);
  std::filesystem::resize_file(closed.at(0), 1000);
  restart();
  const auto left = lines("apps/3");
  EXPECT_GT(left.size(), 1000U);
  EXPECT_LT(left.size(), 2000U);
  EXPECT_TRUE(left.back().text.starts_with("x2499 "));
}

TEST_F(LogsTest, CutLongLinesAndReplaceWhatIsNoUtf8) {
  append("builds/17", {std::string(40'000, 'a'), "b\xFF", "c\nd"});
  const auto read = texts("builds/17");
  ASSERT_EQ(read.size(), 6U);
  EXPECT_EQ(read[0].size(), line_bytes_max);
  EXPECT_EQ(read[0].size() + read[1].size() + read[2].size(), 40'000U);
  EXPECT_EQ(read[3], "b\uFFFD");
  EXPECT_EQ(read[4], "c");
}

TEST_F(LogsTest, RefuseNamesThatAreNone) {
  const std::string long_word(65, 'a');
  for (const std::string& name :
       {std::string(), std::string("/"), std::string(".."), std::string("../x"),
        std::string("builds/../../etc"), std::string("/etc/passwd"), std::string("builds/"),
        std::string("builds//17"), std::string("a/b/c/d/e"), std::string("a.log"),
        std::string("builds/17.log"), std::string("a b"), std::string("a\0b", 3), std::string("é"),
        std::string("\xFF"), std::string("a\\b"), long_word, std::string(1'000'000, '/')}) {
    EXPECT_TRUE(store().append(name, std::vector{line("x")}).error().is(errors::bad_channel));
    EXPECT_TRUE(store().read(name).error().is(errors::bad_channel)) << name.substr(0, 50);
    EXPECT_TRUE(store().remove(name).error().is(errors::bad_channel));
  }
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "logs"));
}

TEST_F(LogsTest, TakeNamesOfUpToFourWords) {
  for (const std::string name : {"a", "builds/17", "apps/3/production", "a/b/c/d", "A-b_9"}) {
    append(name, {name});
    EXPECT_THAT(texts(name), ElementsAre(name));
  }
}

TEST_F(LogsTest, RemoveAChannelAndAllBelow) {
  append("apps/3", {"a"});
  append("apps/3/production", {"b"});
  append("apps/30", {"c"});
  ASSERT_TRUE(store().remove("apps/3").has_value());
  EXPECT_THAT(lines("apps/3"), IsEmpty());
  EXPECT_THAT(lines("apps/3/production"), IsEmpty());
  EXPECT_THAT(texts("apps/30"), ElementsAre("c"));
  EXPECT_TRUE(store().remove("apps/3").has_value());  // once more does no harm
}

TEST_F(LogsTest, GiveHigherSequencesToAChannelThatStartsAnew) {
  append("apps/3", {"a", "b"});
  const auto before = lines("apps/3").back().sequence;
  ASSERT_TRUE(store().remove("apps/3").has_value());
  restart();
  clock.advance(1s);
  append("apps/3", {"c"});
  EXPECT_GT(lines("apps/3")[0].sequence, before);
}

TEST_F(LogsTest, AreSyncedOnRequest) {
  append("apps/3", {"a"});
  EXPECT_TRUE(store().sync().has_value());
  EXPECT_TRUE(store().sync().has_value());
}

TEST_F(LogsTest, SayWhenTheyCannotBeWritten) {
  std::ofstream(folder.path() / "logs") << "in the way";
  const auto refused = store().append("apps/3", std::vector{line("x")});
  ASSERT_FALSE(refused.has_value());
  EXPECT_TRUE(refused.error().is(temps::errors::system));
  std::filesystem::remove(folder.path() / "logs");
  append("apps/3", {"y"});
  EXPECT_THAT(texts("apps/3"), ElementsAre("y"));
}

TEST_F(LogsTest, ForgetWhatWasNotWritten) {
  append("apps/3", {"a"});
  const auto open = files("apps/3", ".log").at(0);
  std::filesystem::rename(open, folder.path() / "aside");
  std::filesystem::create_directory(open);  // now it cannot be opened for writing
  EXPECT_FALSE(store().append("apps/3", std::vector{line("b")}).has_value());
  std::filesystem::remove(open);
  std::filesystem::rename(folder.path() / "aside", open);
  append("apps/3", {"c"});
  EXPECT_THAT(texts("apps/3"), ElementsAre("a", "c"));
  EXPECT_EQ(lines("apps/3")[1].sequence, lines("apps/3")[0].sequence + 1);
}

}  // namespace
}  // namespace temps::logs

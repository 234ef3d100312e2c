// Writing and reading in one process.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "files/files.hpp"
#include "spool/output.hpp"
#include "spool/reader.hpp"

namespace temps::spool {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct Spool : testing::Test {
  files::TemporaryFolder temporary;
  std::filesystem::path folder = temporary.path() / "spool";
  FakeClock clock;
  Options options{.folder = folder, .segment_age = std::chrono::hours{1}};
  Reader reader{folder};

  // Of all closed segments.
  std::vector<std::string> stored() {
    std::vector<std::string> found;
    for (const auto& segment : reader.waiting().value()) {
      const auto content = Reader::read(segment).value();
      RecordReader records(content);
      while (const auto record = records.next()) found.emplace_back(*record);
    }
    return found;
  }
  // The next segment has a later id.
  void put(Output& output, std::initializer_list<std::string_view> records) {
    clock.advance(std::chrono::seconds{1});
    for (const auto record : records) ASSERT_TRUE(output.append(record));
  }
  std::vector<Segment> on_disk() { return segments(folder).value(); }
};

TEST_F(Spool, WhatWasClosedIsReadInOrderAndRemoved) {
  Output output(options, clock);
  put(output, {"a", "b"});
  ASSERT_TRUE(output.close());
  put(output, {"c"});
  ASSERT_TRUE(output.close());
  EXPECT_THAT(stored(), ElementsAre("a", "b", "c"));

  const auto first = reader.waiting().value().at(0);
  EXPECT_EQ(first.records, 2U);
  ASSERT_TRUE(Reader::remove(first));
  ASSERT_TRUE(Reader::remove(first));
  EXPECT_THAT(stored(), ElementsAre("c"));
  EXPECT_EQ(output.counts().written, 3U);
}

TEST_F(Spool, AnOpenSegmentIsLeftToItsWriter) {
  Output output(options, clock);
  put(output, {"a"});
  ASSERT_TRUE(output.sync());
  EXPECT_THAT(stored(), IsEmpty());
  ASSERT_TRUE(output.append("b"));
  ASSERT_TRUE(output.close());
  EXPECT_THAT(stored(), ElementsAre("a", "b"));
}

TEST_F(Spool, NothingIsMadeWithoutRecords) {
  Output output(options, clock);
  ASSERT_TRUE(output.sync());
  ASSERT_TRUE(output.close());
  EXPECT_FALSE(std::filesystem::exists(folder));
  EXPECT_THAT(stored(), IsEmpty());
}

TEST_F(Spool, SegmentsAreClosedBySizeAndByAge) {
  options.segment_bytes = 1000;
  options.segment_age = std::chrono::milliseconds{0};
  Output output(options, clock);
  put(output, {std::string(600, 'x'), std::string(600, 'y')});
  EXPECT_EQ(stored().size(), 2U);
  put(output, {"z"});
  ASSERT_TRUE(output.write());
  EXPECT_EQ(stored().size(), 2U);
  ASSERT_TRUE(output.close_if_old());
  EXPECT_EQ(stored().size(), 3U);
}

TEST_F(Spool, TwoWritersHaveSegmentsOfTheirOwn) {
  Output one(options, clock);
  Output two(options, clock);
  put(one, {"a"});
  put(two, {"b"});
  ASSERT_TRUE(one.write());
  ASSERT_TRUE(two.write());
  EXPECT_EQ(on_disk().size(), 2U);
  ASSERT_TRUE(two.close());
  EXPECT_THAT(stored(), ElementsAre("b"));
  ASSERT_TRUE(one.close());
  EXPECT_EQ(stored().size(), 2U);
}

TEST_F(Spool, ASegmentWhoseWriterIsGoneIsCutToWholeRecordsAndClosed) {
  {
    Output output(options, clock);
    put(output, {"a", "b"});
  }
  // As a killed writer leaves it: open, torn, without a lock.
  const auto closed = on_disk().at(0);
  const auto left = folder / open_name(closed.id);
  std::filesystem::rename(closed.path, left);
  std::filesystem::resize_file(left, closed.bytes - 1);
  EXPECT_THAT(stored(), ElementsAre("a"));
  const auto now = on_disk();
  ASSERT_EQ(now.size(), 1U);
  EXPECT_TRUE(now.at(0).is_closed);
  EXPECT_EQ(now.at(0).records, 1U);

  std::filesystem::resize_file(now.at(0).path, 3);
  std::filesystem::rename(now.at(0).path, left);
  EXPECT_THAT(stored(), IsEmpty());
  EXPECT_THAT(on_disk(), IsEmpty());
}

TEST_F(Spool, ForeignFilesInTheFolderAreLeftAlone) {
  std::filesystem::create_directories(folder);
  for (const auto* name : {"README", "1.spool", "x.open", "1700000000000000-1-0000000g.3.spool",
                           "1700000000000000-1-00000001.spool"})
    std::ofstream(folder / name) << "x";
  EXPECT_THAT(stored(), IsEmpty());
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder), {}), 5);
}

TEST_F(Spool, WhenItIsFullTheOldestGiveWay) {
  options.segment_bytes = 1000;
  options.bytes_max = 3000;
  options.when_full = Full::drop_oldest;
  Output output(options, clock);
  for (const char letter : {'a', 'b', 'c', 'd', 'e'}) put(output, {std::string(990, letter)});
  const auto left = stored();
  ASSERT_EQ(left.size(), 2U);
  EXPECT_EQ(left.at(0).front(), 'd');
  EXPECT_EQ(left.at(1).front(), 'e');
  EXPECT_EQ(output.counts().written, 5U);
  EXPECT_EQ(output.counts().dropped, 3U);
}

TEST_F(Spool, WhenItIsFullTheCallerIsRefusedUntilThereIsRoom) {
  options.segment_bytes = 1000;
  options.bytes_max = 2100;
  Output output(options, clock);
  put(output, {std::string(990, 'a')});
  put(output, {std::string(990, 'b')});
  clock.advance(std::chrono::seconds{1});
  const auto refused = output.append(std::string(990, 'c'));
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().is(errors::full));
  EXPECT_GT(refused.error().retry_after().count(), 0);
  ASSERT_TRUE(Reader::remove(reader.waiting().value().at(0)));
  EXPECT_TRUE(output.append(std::string(990, 'd')));
  const auto left = stored();
  ASSERT_EQ(left.size(), 2U);
  EXPECT_EQ(left.at(1).front(), 'd');
}

TEST_F(Spool, RecordsThatCannotBeAreRefused) {
  Output output(options, clock);
  EXPECT_TRUE(output.append("").error().is(errors::too_large));
  EXPECT_TRUE(output.append(std::string(record_bytes_max + 1, 'x')).error().is(errors::too_large));
  EXPECT_TRUE(output.append(std::string(record_bytes_max, 'x')));
}

TEST_F(Spool, AWriteThatTheDiskTakesInPartIsTakenBack) {
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit old{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &old), 0);
  Output output(options, clock);
  put(output, {"kept"});
  ASSERT_TRUE(output.write());
  // As a disk that is full would do.
  const rlimit small{.rlim_cur = 500, .rlim_max = old.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  put(output, {std::string(1000, 'x')});
  const auto failed = output.write();
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &old), 0);
  EXPECT_FALSE(failed);
  put(output, {"later"});
  ASSERT_TRUE(output.close());
  EXPECT_THAT(stored(), ElementsAre("kept", "later"));
  EXPECT_EQ(output.counts().written, 2U);
}

TEST_F(Spool, WhileSegmentsWaitNewOnesGrowOlder) {
  using std::chrono::milliseconds;
  EXPECT_EQ(age_limit(milliseconds{1000}, 0), milliseconds{1000});
  EXPECT_EQ(age_limit(milliseconds{1000}, 5), milliseconds{6000});
  EXPECT_EQ(age_limit(milliseconds{1000}, 100'000), segment_age_max);
}

}  // namespace
}  // namespace temps::spool

#include "spool/record.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "spool/checksum.hpp"

namespace temps::spool {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;

std::string segment(const std::vector<std::string>& records) {
  std::string content(segment_mark);
  for (const auto& record : records) write_record(content, record);
  return content;
}

std::vector<std::string> all(RecordReader& reader) {
  std::vector<std::string> found;
  while (const auto record = reader.next()) found.emplace_back(*record);
  return found;
}

TEST(Checksum, IsThatOfTheStandardHoweverTheTextIsCut) {
  EXPECT_EQ(crc32c("123456789"), 0xe3069283U);
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8a9136aaU);
  EXPECT_EQ(crc32c("6789", crc32c("12345")), 0xe3069283U);
  EXPECT_EQ(crc32c(""), 0U);
}

TEST(Records, AreReadAsTheyWereWritten) {
  const std::vector<std::string> records{"a", std::string("\0\n\xff", 3), std::string(70'000, 'x')};
  const auto content = segment(records);
  RecordReader reader(content);
  EXPECT_THAT(all(reader), ElementsAreArray(records));
  EXPECT_EQ(reader.records(), 3U);
  EXPECT_EQ(reader.damaged(), 0U);
  EXPECT_EQ(reader.whole_bytes(), content.size());
  EXPECT_EQ(reader.torn_bytes(), 0U);
}

TEST(Records, ATornEndLosesTheTornRecordOnly) {
  const auto whole = segment({"first", "second"});
  const auto first = segment({"first"}).size();
  for (std::size_t size = segment_mark.size(); size < whole.size(); ++size) {
    RecordReader reader(std::string_view(whole).substr(0, size));
    EXPECT_EQ(all(reader).size(), size < first ? 0U : 1U) << size;
    EXPECT_EQ(reader.whole_bytes(), size < first ? segment_mark.size() : first) << size;
    EXPECT_EQ(reader.whole_bytes() + reader.torn_bytes(), size);
  }
}

TEST(Records, ADamagedOneIsSkipped) {
  auto content = segment({"first", "second", "third"});
  content[content.find("second") + 1] ^= 1;
  RecordReader reader(content);
  EXPECT_THAT(all(reader), ElementsAre("first", "third"));
  EXPECT_EQ(reader.damaged(), 1U);
}

TEST(Records, BehindADamagedLengthNothingIsBelieved) {
  // A visitor may have put something that looks like a record into one.
  auto content = segment({"first", segment({"forged"}), "third"});
  content[segment({"first"}).size()] ^= 1;
  RecordReader reader(content);
  EXPECT_THAT(all(reader), ElementsAre("first"));
  EXPECT_EQ(reader.torn_bytes(), content.size() - segment({"first"}).size());
}

TEST(Records, ZerosAndForeignFilesHoldNone) {
  const auto zeros = segment({"first"}) + std::string(4096, '\0');
  RecordReader behind(zeros);
  EXPECT_THAT(all(behind), ElementsAre("first"));
  for (const auto* content : {"", "TSPOOL2\n", "TSPOOL1", "<html>"}) {
    RecordReader reader(content);
    EXPECT_FALSE(reader.next()) << content;
    EXPECT_EQ(reader.whole_bytes(), 0U);
  }
}

}  // namespace
}  // namespace temps::spool

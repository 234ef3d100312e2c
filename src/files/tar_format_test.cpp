#include "files/tar_format.hpp"

#include <gtest/gtest.h>

#include "files/files.hpp"

namespace temps::files::tar {
namespace {

TEST(TarRecords, ReadWhatTheyWrite) {
  for (const std::size_t size : {1U, 90U, 91U, 92U, 93U, 94U, 985U, 990U, 995U, 5000U}) {
    const std::string value(size, 'v');
    const auto records = parse_records(to_record("path", value) + to_record("size", "7"));
    ASSERT_TRUE(records) << size;
    EXPECT_EQ(records->at("path"), value);
    EXPECT_EQ(records->at("size"), "7");
  }
}

TEST(TarRecords, KeepLineEndsAndEqualSignsInValues) {
  const auto records = parse_records(to_record("path", "a=b\nc"));
  ASSERT_TRUE(records);
  EXPECT_EQ(records->at("path"), "a=b\nc");
}

TEST(TarRecords, AreRefusedWhenDamaged) {
  for (const std::string_view text :
       {"12345678", "x path=a\n", "5 a=b\n", "99 path=a\n", "0 path=a\n", "3 \n", "9 patha\n\n",
        "11 path=a\n ", " path=a\n", "-1 path=a\n", "10 =path=\n"}) {
    EXPECT_FALSE(parse_records(text)) << text;
  }
}

TEST(TarHeader, ReadsWhatItWrites) {
  const Header header{.kind = Kind::symbolic_link,
                      .name = std::string(120, 'd') + "/" + std::string(100, 'f'),
                      .link = std::string(100, 'l'),
                      .size = 1234567,
                      .mode = 0751,
                      .modified = 1'700'000'000};
  const auto block = to_block(header);
  ASSERT_TRUE(block);
  const auto back = parse_header(*block);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->kind, Kind::symbolic_link);
  EXPECT_EQ(back->name, header.name);
  EXPECT_EQ(back->link, header.link);
  EXPECT_EQ(back->size, header.size);
  EXPECT_EQ(back->mode, header.mode);
  EXPECT_EQ(back->modified, header.modified);
}

TEST(TarHeader, DoesNotPretendToHoldLongNamesAndHugeSizes) {
  EXPECT_FALSE(to_block({.name = std::string(101, 'n')}));
  EXPECT_FALSE(to_block({.name = std::string(200, 'd') + "/f"}));
  EXPECT_FALSE(to_block({.name = "n", .link = std::string(101, 'l')}));
  EXPECT_FALSE(to_block({.name = "n", .link = {}, .size = 1ULL << 33U}));
}

Block with(Header header, std::size_t offset, std::string_view bytes) {
  auto block = *to_block(header);
  std::copy(bytes.begin(), bytes.end(), block.begin() + static_cast<std::ptrdiff_t>(offset));
  std::fill_n(block.begin() + 148, 8, ' ');
  unsigned sum = 0;
  for (const char byte : block) sum += static_cast<unsigned char>(byte);
  const auto text = fmt::format("{:06o}", sum);
  std::copy(text.begin(), text.end(), block.begin() + 148);
  block[154] = '\0';
  return block;
}

TEST(TarHeader, RefusesDevicesPipesAndSparseFiles) {
  for (const std::string_view kind : {"3", "4", "6", "S", "V", "M", "\x01"}) {
    const auto header = parse_header(with({.name = "n"}, 156, kind));
    ASSERT_FALSE(header) << kind;
    EXPECT_TRUE(header.error().is(errors::bad_archive));
  }
}

TEST(TarHeader, ReadsBinarySizesAndRefusesThoseOutOfRange) {
  const std::string_view five_gigabytes("\x80\0\0\0\0\0\0\x01\x40\0\0\0", 12);
  EXPECT_EQ(parse_header(with({.name = "n"}, 124, five_gigabytes))->size, 5ULL << 30U);
  EXPECT_FALSE(parse_header(with({.name = "n"}, 124, "\xff\xff\xff\xff\xff\xff\xff\xff\xff")));
  EXPECT_FALSE(parse_header(with({.name = "n"}, 124, "0000000-001")));
  EXPECT_FALSE(parse_header(with({.name = "n"}, 124, "00000000009")));
}

TEST(TarHeader, RefusesAWrongChecksum) {
  auto block = *to_block({.name = "n"});
  block[0] = 'm';
  EXPECT_FALSE(parse_header(block));
  EXPECT_FALSE(parse_header(Block{}));
}

TEST(TarHeader, TakesAnOldFileNameWithASlashForAFolder) {
  EXPECT_EQ(parse_header(with({.name = "n/"}, 156, std::string_view("\0", 1)))->kind, Kind::folder);
}

}  // namespace
}  // namespace temps::files::tar

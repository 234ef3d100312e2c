#include "sql/value.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "sql/errors.hpp"

namespace temps::sql {
namespace {

enum class Colour : std::uint8_t { red, dark_green };
using ThingId = Id<struct ThingTag>;

// What `value` becomes on its way to a column of `type` and back.
template <class T>
std::optional<T> there_and_back(const T& value, Oid type) {
  const auto parameter = encode(value);
  T back{};
  if (!detail::decode_cell(parameter.bytes, type, back)) return std::nullopt;
  return back;
}
template <class T>
std::optional<T> there_and_back(const T& value) {
  return there_and_back(value, encode(value).type);
}

Rows rows_of(std::vector<Column> columns, std::vector<std::optional<std::string>> cells) {
  Rows rows;
  rows.columns = std::move(columns);
  for (const auto& cell : cells) rows.add_cell(cell);
  return rows;
}

TEST(Value, TextOfAnyBytesCanBeMadeStorable) {
  using namespace std::string_view_literals;
  EXPECT_EQ(storable("plain ä"), "plain ä");
  EXPECT_EQ(storable("F\0R\0"sv), "F\uFFFDR\uFFFD");
  EXPECT_EQ(storable("\xFF\xFEx"), "\uFFFD\uFFFDx");
}

TEST(Value, ComesBackAsItWasSent) {
  EXPECT_EQ(there_and_back(true), true);
  EXPECT_EQ(there_and_back(std::numeric_limits<std::int64_t>::min()),
            std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(there_and_back(std::int32_t{-7}), -7);
  EXPECT_EQ(there_and_back(std::uint16_t{65535}), 65535);
  EXPECT_EQ(there_and_back(0.1), 0.1);
  EXPECT_EQ(there_and_back(std::string("a\nü")), "a\nü");
  EXPECT_EQ(there_and_back(ThingId{9}), ThingId{9});
  EXPECT_EQ(there_and_back(std::chrono::seconds{90}), std::chrono::seconds{90});
  EXPECT_EQ(there_and_back(Colour::dark_green), Colour::dark_green);
  EXPECT_EQ(there_and_back(Json{R"({"a":1})"})->text, R"({"a":1})");
  EXPECT_EQ(there_and_back(Bytes{std::string("\0\xff", 2)})->bytes, std::string("\0\xff", 2));
  const Instant early{std::chrono::microseconds{-1}};
  EXPECT_EQ(there_and_back(early), early);
}

TEST(Value, ArraysComeBackAsTheyWereSent) {
  const std::vector<std::string> words{"", "a,b", "{\"}"};
  EXPECT_EQ(there_and_back(words), words);
  EXPECT_EQ(there_and_back(std::vector<std::string>{}), std::vector<std::string>{});
  const std::vector<ThingId> ids{{1}, {1LL << 40}};
  EXPECT_EQ(there_and_back(ids), ids);
  EXPECT_EQ(encode(ids).type, 1016U);
}

TEST(Value, IsEncodedInNetworkOrder) {
  EXPECT_EQ(encode(std::int32_t{258}).bytes, std::string("\0\0\1\2", 4));
  EXPECT_EQ(encode(std::int16_t{-2}).bytes, "\xff\xfe");
  // 2000-01-01 is the server's zero.
  EXPECT_EQ(encode(Instant{std::chrono::seconds{946'684'801}}).bytes,
            std::string("\0\0\0\0\0\x0f\x42\x40", 8));
}

TEST(Value, AnEmptyOptionalIsNull) {
  EXPECT_EQ(encode(std::optional<std::int64_t>{}).bytes, std::nullopt);
  EXPECT_EQ(encode(std::optional<std::int64_t>{}).type, 20U);
  EXPECT_EQ(there_and_back(std::optional<std::string>{"x"}).value(), "x");
  EXPECT_FALSE(there_and_back(std::optional<std::string>{}).value().has_value());
}

TEST(Value, ANarrowerColumnFitsAWiderField) {
  std::int64_t wide = 0;
  EXPECT_TRUE(detail::decode_cell(std::string_view("\xff\xff\xff\xfe", 4), 23, wide));
  EXPECT_EQ(wide, -2);
  std::int32_t narrow = 0;
  EXPECT_FALSE(detail::decode_cell(std::string_view("\0\0\0\0\0\0\0\1", 8), 20, narrow));
}

TEST(Value, RefusesWhatDoesNotFit) {
  Colour colour{};
  EXPECT_FALSE(detail::decode_cell("blue", 25, colour));
  std::uint16_t port = 0;
  EXPECT_FALSE(detail::decode_cell(std::string_view("\xff\xff\xff\xff", 4), 23, port));
  std::int64_t number = 0;
  EXPECT_FALSE(detail::decode_cell("12", 25, number));
  EXPECT_FALSE(detail::decode_cell(std::nullopt, 20, number));
}

TEST(Value, RefusesABrokenArray) {
  auto bytes = *encode(std::vector<std::string>{"abc"}).bytes;
  std::vector<std::string> words;
  EXPECT_TRUE(detail::decode_cell(bytes, 1009, words));
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    EXPECT_FALSE(detail::decode_cell(bytes.substr(0, length), 1009, words)) << length;
  }
  const auto null_element = bytes.substr(0, 20) + std::string("\xff\xff\xff\xff", 4);
  EXPECT_FALSE(detail::decode_cell(null_element, 1009, words));
}

struct Thing {
  ThingId id;
  std::string name;
  std::optional<Instant> ended;
};

TEST(DecodeRows, FillsFieldsInTheOrderOfColumns) {
  const auto rows = rows_of({{"id", 20}, {"name", 25}, {"ended", 1184}},
                            {encode(std::int64_t{1}).bytes, "one", std::nullopt,
                             encode(std::int64_t{2}).bytes, "", encode(Instant{}).bytes});
  const auto things = decode_rows<Thing>(rows, "test.things");
  ASSERT_TRUE(things);
  ASSERT_EQ(things->size(), 2U);
  EXPECT_EQ(things->at(0).name, "one");
  EXPECT_FALSE(things->at(0).ended);
  EXPECT_EQ(things->at(1).id, ThingId{2});
  EXPECT_EQ(things->at(1).ended, Instant{});
}

TEST(DecodeRows, TakesASingleColumnAsAValue) {
  const auto flags = decode_rows<bool>(rows_of({{"f", 16}}, {"\1", std::string("\0", 1)}), "t");
  EXPECT_EQ(flags, (std::vector<bool>{true, false}));
}

TEST(DecodeRows, NamesTheStatementAndColumnThatDoesNotFit) {
  const auto null = decode_rows<Thing>(
      rows_of({{"id", 20}, {"name", 25}, {"ended", 1184}}, {std::nullopt, "", std::nullopt}),
      "test.things");
  ASSERT_FALSE(null);
  EXPECT_TRUE(null.error().is(errors::failed));
  EXPECT_EQ(null.error().detail(), "test.things: column \"id\" is null, its field is not optional");
  const auto type = decode_rows<std::int64_t>(rows_of({{"n", 1700}}, {"1"}), "test.sum");
  EXPECT_EQ(type.error().detail(),
            "test.sum: column \"n\" of type 1700 does not fit a field of bigint");
  const auto width = decode_rows<Thing>(rows_of({{"id", 20}}, {}), "test.things");
  EXPECT_EQ(width.error().detail(), "test.things yields 1 columns where its row has 3 fields");
}

}  // namespace
}  // namespace temps::sql

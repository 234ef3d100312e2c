#include "core/text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace temps {
namespace {

using testing::ElementsAre;

TEST(Text, TrimsWhiteSpaceAtBothEndsOnly) {
  EXPECT_EQ(trimmed(" \t a b\r\n"), "a b");
  EXPECT_EQ(trimmed(" \n"), "");
  EXPECT_EQ(trimmed(""), "");
}

TEST(Text, SplitKeepsEmptyParts) {
  EXPECT_THAT(split("a,b,,c", ','), ElementsAre("a", "b", "", "c"));
  EXPECT_THAT(split("", ','), ElementsAre(""));
  EXPECT_THAT(split(",", ','), ElementsAre("", ""));
}

TEST(Text, CutDividesAtTheFirstSeparator) {
  EXPECT_EQ(cut("a: b: c", ": "), (std::pair<std::string_view, std::string_view>("a", "b: c")));
  EXPECT_EQ(cut("abc", ":"), (std::pair<std::string_view, std::string_view>("abc", "")));
  EXPECT_EQ(cut("abc:", ":"), (std::pair<std::string_view, std::string_view>("abc", "")));
}

TEST(Text, JoinPutsTheSeparatorBetweenParts) {
  EXPECT_EQ(join({"a", "b", "b"}, ", "), "a, b, b");
  EXPECT_EQ(join({"", ""}, "-"), "-");
  EXPECT_EQ(join({}, ", "), "");
}

TEST(Text, ComparesWithoutCaseInAsciiOnly) {
  EXPECT_EQ(lowered("Content-TYPE Ä"), "content-type Ä");
  EXPECT_TRUE(equal_ignoring_case("Host", "hOST"));
  EXPECT_FALSE(equal_ignoring_case("Host", "Hos"));
  EXPECT_FALSE(equal_ignoring_case("[", "{"));
}

TEST(Text, ReplacesEveryOccurrenceOnce) {
  EXPECT_EQ(replaced("a'b'", "'", "'\\''"), "a'\\''b'\\''");
  EXPECT_EQ(replaced("aaa", "aa", "a"), "aa");
  EXPECT_EQ(replaced("abc", "x", "y"), "abc");
}

TEST(Text, ReadsWholeNumbersOnly) {
  EXPECT_EQ(parse_number<int>("42"), 42);
  EXPECT_EQ(parse_number<int>("-42"), -42);
  EXPECT_EQ(parse_number<int>("ff", 16), 255);
  for (const auto* text : {"", "+1", " 1", "1 ", "1x", "0x1", "99999999999"}) {
    EXPECT_EQ(parse_number<int>(text), std::nullopt) << '"' << text << '"';
  }
  EXPECT_EQ(parse_number<std::uint16_t>("65535"), 65535);
  EXPECT_EQ(parse_number<std::uint16_t>("65536"), std::nullopt);
  EXPECT_EQ(parse_number<std::uint16_t>("-1"), std::nullopt);
}

TEST(Text, PercentEncodesAllButUnreservedCharacters) {
  EXPECT_EQ(percent_encoded("a-b._~Z9"), "a-b._~Z9");
  EXPECT_EQ(percent_encoded("a b/ä?"), "a%20b%2F%C3%A4%3F");
}

TEST(Text, DecodesPercentAndRefusesBrokenEscapes) {
  EXPECT_EQ(percent_decoded("a%20b%2f+"), "a b/+");
  EXPECT_EQ(percent_decoded("%00"), std::string(1, '\0'));
  for (const auto* text : {"%", "%2", "a%", "%zz", "%2g"}) {
    EXPECT_EQ(percent_decoded(text), std::nullopt) << text;
  }
}

TEST(Text, HexIsLowerCaseAndReadInEither) {
  EXPECT_EQ(to_hex(std::string("\x00\xab\xff", 3)), "00abff");
  EXPECT_EQ(from_hex("00aBFf"), std::string("\x00\xab\xff", 3));
  EXPECT_EQ(from_hex("0"), std::nullopt);
  EXPECT_EQ(from_hex("0g"), std::nullopt);
}

// The vectors of RFC 4648, section 10.
TEST(Text, Base64AgreesWithTheStandard) {
  const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : vectors) {
    EXPECT_EQ(to_base64(bytes), text);
    EXPECT_EQ(from_base64(text), bytes);
  }
}

TEST(Text, Base64UrlHasItsOwnAlphabetAndNoPadding) {
  EXPECT_EQ(to_base64("\xfb\xff"), "+/8=");
  EXPECT_EQ(to_base64url("\xfb\xff"), "-_8");
}

TEST(Text, Base64NeedsNoPaddingAndTakesNothingElse) {
  EXPECT_EQ(from_base64("Zg"), "f");
  for (const auto* text : {"Z", "Zg=g", "Z g=", "-_8", "Zm9v\n"}) {
    EXPECT_EQ(from_base64(text), std::nullopt) << text;
  }
}

TEST(Text, KnowsWellFormedUtf8) {
  for (const auto* text : {"", "plain", "ä", "€", "😀", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_TRUE(is_utf8(text)) << text;
  }
  for (const auto* text : {"\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xC3",
                           "\xE2\x82", "\x80", "\xFF", "a\xC3("}) {
    EXPECT_FALSE(is_utf8(text)) << to_hex(text);
  }
}

TEST(Text, ReplacesEachByteThatIsNoUtf8) {
  EXPECT_EQ(to_utf8("a\xFFz ä"), "a\uFFFDz ä");
  EXPECT_EQ(to_utf8("\xE2\x82"), "\uFFFD\uFFFD");
  EXPECT_TRUE(is_utf8(to_utf8("\xF0\x9F\x98")));
}

TEST(Text, BytesForPeopleHaveADecimalUnit) {
  EXPECT_EQ(human_bytes(0), "0 B");
  EXPECT_EQ(human_bytes(999), "999 B");
  EXPECT_EQ(human_bytes(1500), "1.5 kB");
  EXPECT_EQ(human_bytes(2'000'000'000), "2.0 GB");
  EXPECT_EQ(human_bytes(5'000'000'000'000'000), "5000.0 TB");
}

TEST(Text, FindsTheWordThatWasMeant) {
  EXPECT_EQ(nearest("deplyo", {"delete", "deploy"}), "deploy");
  EXPECT_EQ(nearest("branch", {"branch", "brunch"}), "branch");
  EXPECT_EQ(nearest("xyzzy", {"deploy", "delete"}), std::nullopt);
  EXPECT_EQ(nearest("a", {}), std::nullopt);
  EXPECT_EQ(nearest(std::string(10'000, 'a'), {"a"}), std::nullopt);
}

}  // namespace
}  // namespace temps

#include "toml/toml.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace temps::toml {
namespace {

struct Row {
  std::string toml;
  std::string json;
};

TEST(Toml, ReadsTablesArraysAndScalars) {
  const auto document = toml::parse(R"(
title = "a \"quoted\" name"
[tool.poetry.dependencies]
python = "^3.11"
flask = { version = "3", extras = ["async"] }
[[source]]
port = 8080
ratio = 1.5
on = true
since = 1979-05-27
)");
  ASSERT_TRUE(document.has_value()) << document.error().detail();
  EXPECT_EQ(document->text(),
            R"({"source":[{"on":true,"port":8080,"ratio":1.5,"since":"1979-05-27"}],)"
            R"("title":"a \"quoted\" name",)"
            R"("tool":{"poetry":{"dependencies":{"flask":{"extras":["async"],"version":"3"},)"
            R"("python":"^3.11"}}}})");
}

TEST(Toml, ReadsEveryKindOfValue) {
  for (const auto& [text, json] : std::vector<Row>{
           {"", "{}"},
           {"a = 0x1F\nb = 0o17\nc = 0b11\nd = -1_000\ne = +5\nf = 0",
            R"({"a":31,"b":15,"c":3,"d":-1000,"e":5,"f":0})"},
           {"a = 2e3\nb = -0.5\nc = 6.5E-1\nd = -inf\ne = nan",
            R"({"a":2000,"b":-0.5,"c":0.65,"d":null,"e":null})"},
           {"a = 1979-05-27T07:32:00.5-07:00\nb = 07:32:00\nc = 1979-05-27 07:32:00Z # x",
            R"({"a":"1979-05-27T07:32:00.5-07:00","b":"07:32:00","c":"1979-05-27 07:32:00Z"})"},
           {R"(a = 'C:\x')", R"({"a":"C:\\x"})"},
           {R"(a = "\u00e9\U0001F600\t")", "{\"a\":\"\xC3\xA9\xF0\x9F\x98\x80\\t\"}"},
           {"a = \"\"\"\n x\\\n   y\"\"\"\"", R"({"a":" xy\""})"},
           {"a = '''\r\nraw\\''''", R"({"a":"raw\\'"})"},
           {"a = [ # one\n 1,\n [2, 'x'], # two\n]\nb = []", R"({"a":[1,[2,"x"]],"b":[]})"},
           {"a.b . c = 1\na.\"b\".d = 2\n3.1 = {}", R"({"3":{"1":{}},"a":{"b":{"c":1,"d":2}}})"},
           {"[a.b]\nc = 1\n[a]\nd = 2\n[ x . 'y' ]", R"({"a":{"b":{"c":1},"d":2},"x":{"y":{}}})"},
           {"[[a]]\nb = 1\n[[a]]\n[[a.c]]\nd = 1\n[a.e]",
            R"({"a":[{"b":1},{"c":[{"d":1}],"e":{}}]})"},
           {"a = { b.c = 1, d = { e = [ {} ] } }\r\n", R"({"a":{"b":{"c":1},"d":{"e":[{}]}}})"},
           {"true = false", R"({"true":false})"},
       }) {
    const auto document = toml::parse(text);
    ASSERT_TRUE(document.has_value()) << text << "\n" << document.error().detail();
    EXPECT_EQ(document->text(), json) << text;
  }
}

TEST(Toml, RefusesWhatIsNoToml) {
  for (const std::string text : {
           "[\\]",
           "[=]",
           "[[?]]",
           "[a.?]",
           "[",
           "[a",
           "[[a]",
           "a.",
           "=",
           "a",
           // values
           "a =",
           "a = b",
           "a = 01",
           "a = 1__0",
           "a = _1",
           "a = 1.",
           "a = .5",
           "a = 0x-1",
           "a = 1e",
           "a = 99999999999999999999",
           "a = 1979-5-27",
           "a = True",
           "a = 1 b = 2",
           // texts
           "a = \"",
           "a = 'x\n'",
           "a = \"\\q\"",
           "a = \"\\uD800\"",
           "a = \"\\u12\"",
           "a = \"\"\"x\"",
           "a = \"\x01\"",
           "# \x01",
           "\"\"\"a\"\"\" = 1",
           "a = \"\xff\"",
           // arrays and tables
           "a = [1 2]",
           "a = [1,",
           "a = {b = 1,}",
           "a = {b = 1\n}",
           "a = 1\na = 2",
           "a = 1\na.b = 2",
           "[a]\n[a]",
           "[a]\n[[a]]",
           "[[a]]\n[a]",
           "a = []\n[[a]]",
           "a = {}\n[a.b]",
           "a = {}\na.b = 1",
           "a.b = 1\n[a]",
           "[a.b]\n[a]\nb.c = 1",
       }) {
    const auto document = toml::parse(text);
    ASSERT_FALSE(document.has_value()) << text << "\n" << document->text();
    EXPECT_TRUE(document.error().is(errors::syntax)) << text;
  }
}

TEST(Toml, NamesLineAndColumnOfASyntaxError) {
  const auto detail = [](const std::string& text) {
    const auto document = toml::parse(text);
    return document ? std::string(document->text()) : std::string(document.error().detail());
  };
  EXPECT_EQ(detail("a = 1\nb = = 2\n"), "line 2, column 5: expected a value");
  EXPECT_EQ(detail("a = hello\n"), "line 1, column 5: \"hello\" is no value; text needs quotes");
  EXPECT_EQ(detail("[a]\nb = 1\n\n[a]\n"), "line 4, column 4: \"a\" is there already");
}

TEST(Toml, RefusesWhatIsTooLargeOrTooDeep) {
  EXPECT_TRUE(toml::parse("a = 1", {.size_bytes_max = 4}).error().is(errors::too_large));
  EXPECT_TRUE(toml::parse("a = [[[1]]]", {.depth_max = 3}).error().is(json::errors::too_deep));
  const std::string deep = "a = " + std::string(100'000, '[') + std::string(100'000, ']');
  EXPECT_TRUE(toml::parse(deep).error().is(errors::syntax));
  std::string dotted = "a";
  for (int i = 0; i < 100'000; ++i) dotted += ".a";
  EXPECT_TRUE(toml::parse("[" + dotted + "]").error().is(errors::syntax));
  EXPECT_TRUE(toml::parse(dotted + " = 1").error().is(errors::syntax));
  std::string inlined;
  for (int i = 0; i < 100'000; ++i) inlined += "a = {";
  EXPECT_TRUE(toml::parse(inlined).error().is(errors::syntax));
}

TEST(Toml, DecodesIntoAStruct) {
  struct Server {
    std::string host;
    int port = 0;
  };
  const auto server = decode<Server>("host = \"::1\"\nport = 80\n");
  ASSERT_TRUE(server.has_value());
  EXPECT_EQ(server->port, 80);
  EXPECT_TRUE(decode<Server>("host = 1\nport = 80\n").error().is(json::errors::shape));
}

}  // namespace
}  // namespace temps::toml

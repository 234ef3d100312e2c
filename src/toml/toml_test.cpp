#include "toml/toml.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace temps::toml {
namespace {

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

TEST(Toml, NamesLineAndColumnOfASyntaxError) {
  const auto document = toml::parse("a = 1\nb = = 2\n");
  ASSERT_FALSE(document.has_value());
  EXPECT_TRUE(document.error().is(errors::syntax));
  EXPECT_TRUE(document.error().detail().starts_with("line 2, column 5"))
      << document.error().detail();
}

TEST(Toml, RefusesWhatIsTooLargeOrTooDeep) {
  EXPECT_TRUE(toml::parse("a = 1", {.size_bytes_max = 4}).error().is(errors::too_large));
  const std::string deep = "a = " + std::string(100'000, '[') + std::string(100'000, ']');
  EXPECT_TRUE(toml::parse(deep).error().is(errors::syntax));
  EXPECT_TRUE(toml::parse("a = [[[1]]]", {.depth_max = 3}).error().is(json::errors::too_deep));
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

TEST(Toml, WritesInfinityAsNullAndControlCharactersEscaped) {
  EXPECT_EQ(toml::parse("a = inf\nb = \"\\u0001\"\n").value().text(), R"({"a":null,"b":"\u0001"})");
}

}  // namespace
}  // namespace temps::toml

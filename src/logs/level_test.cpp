#include "logs/level.hpp"

#include <gtest/gtest.h>

#include <string>

namespace temps::logs {
namespace {

struct Case {
  std::string_view text;
  std::optional<Level> level;
};

struct LevelTest : testing::TestWithParam<Case> {};

TEST_P(LevelTest, IsReadFromTheLine) { EXPECT_EQ(level_of(GetParam().text), GetParam().level); }

constexpr Case json[] = {
    {R"({"level":50,"msg":"broken"})", Level::error},
    {R"({"level":40,"time":1})", Level::warning},
    {R"({"level":30,"msg":"error page sent"})", Level::info},
    {R"({"level":20})", Level::debug},
    {R"({"level":60})", Level::error},
    {R"({"time":"x", "level" : "warn", "msg":"slow"})", Level::warning},
    {R"({"severity":"CRITICAL","message":"gone"})", Level::error},
    {R"({"log.level":"error","message":"m"})", Level::error},
    {R"({"levelname":"WARNING"})", Level::warning},
    {R"({"levelno":40,"name":"py"})", Level::error},
    {R"({"levelno":20})", Level::info},
    {R"({"version":"1.1","level":3})", Level::error},
    {R"({"version":"1.1","level":6})", Level::info},
    {R"({"req":{"level":"error"},"level":"info"})", Level::info},
    {R"({"msg":"\"level\":\"error\"","level":"debug"})", Level::debug},
    {R"({"msg":"an error"})", std::nullopt},
    {R"({"level":)", std::nullopt},
    {R"({"level":"err)", Level::error},
    {R"({"level":null})", std::nullopt},
    {R"({"level":"purple"})", std::nullopt},
};
constexpr Case logfmt[] = {
    {"level=fatal msg=gone", Level::error},
    {R"(time="2026-01-15" level="warning" msg="level=error")", Level::warning},
    {"ts=1 lvl=dbg msg=x", Level::debug},
    {R"(msg="level=error" severity=notice)", Level::info},
    {"sublevel=error ok", std::nullopt},
    {"level=", std::nullopt},
};
constexpr Case text[] = {
    {"ERROR cannot connect", Level::error},
    {"2026-01-15T12:00:00Z [error] cannot connect", Level::error},
    {"[2026-01-15 12:00:00 +0000] [7] [WARNING] worker", Level::warning},
    {"TypeError: x is not a function", Level::error},
    {"java.lang.IllegalStateException: no", std::nullopt},
    {"IllegalStateException: no", Level::error},
    {"\x1b[33mwarning\x1b[0m old dependency", Level::warning},
    {"<3>disk is gone", Level::error},
    {"<30>daemon says", Level::info},
    {"<12>careful", Level::warning},
    {"<html>", std::nullopt},
    {"E0115 12:00:00.000001 1 main.go:7] no", Level::error},
    {"W0115 12:00:00.000001 1 main.go:7] hm", Level::warning},
    {"EMERG: on fire", Level::error},
    {"crit: worse", Level::error},
    {"notice: fyi", Level::info},
    {"GET /errors 200", std::nullopt},
    {"GET /error HTTP/1.1 200", std::nullopt},
    {"INFO no error was found", Level::info},
    {"a log of it", std::nullopt},
    {"no-error", std::nullopt},
    {"", std::nullopt},
    {"\"", std::nullopt},
    {"\x1b[", std::nullopt},
    {"\\", std::nullopt},
};
INSTANTIATE_TEST_SUITE_P(Json, LevelTest, testing::ValuesIn(json));
INSTANTIATE_TEST_SUITE_P(Logfmt, LevelTest, testing::ValuesIn(logfmt));
INSTANTIATE_TEST_SUITE_P(Text, LevelTest, testing::ValuesIn(text));

TEST(LevelOf, OnlyTheBeginningIsLookedAt) {
  const std::string far(level_bytes_max, 'x');
  EXPECT_EQ(level_of(R"({"a":")" + far + R"(","level":"error"})"), std::nullopt);
  EXPECT_EQ(level_of(far + " level=error"), std::nullopt);
}

}  // namespace
}  // namespace temps::logs

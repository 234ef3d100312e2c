#include "core/log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>

namespace temps::log {
namespace {

using testing::HasSubstr;
using testing::Not;

struct LogTest : testing::Test {
  void SetUp() override {
    if (::isatty(STDERR_FILENO) == 1) GTEST_SKIP() << "lines for a terminal look different";
    set_process("tested");
    testing::internal::CaptureStderr();
    capturing = true;
  }
  void TearDown() override {
    set_level(Level::info);
    set_process("");
    if (capturing) (void)testing::internal::GetCapturedStderr();
  }
  std::string written() {
    capturing = false;
    return testing::internal::GetCapturedStderr();
  }
  bool capturing = false;
};

TEST_F(LogTest, WritesOneJsonObjectPerLine) {
  info("a \"message\"", {{"count", 3}, {"path", "/tmp/a b"}, {"ratio", 0.5}});
  EXPECT_THAT(written(),
              HasSubstr(R"("level":"info","process":"tested","message":"a \"message\"","count":3,)"
                        R"("path":"/tmp/a b","ratio":0.5})"
                        "\n"));
}

TEST_F(LogTest, NothingInAValueStartsALineOfItsOwn) {
  warning("bad\nname", {{"input", "a\r\n{\"level\":\"error\"}\x01"}});
  const auto text = written();
  EXPECT_EQ(std::ranges::count(text, '\n'), 1);
  EXPECT_THAT(text, HasSubstr(R"("a\r\n{\"level\":\"error\"}\u0001")"));
}

TEST_F(LogTest, LeavesOutEmptyValues) {
  error("failed", {{"cause", ""}, {"code", "x.y"}});
  EXPECT_THAT(written(), AllOf(Not(HasSubstr("cause")), HasSubstr(R"("code":"x.y")")));
}

TEST_F(LogTest, DropsLinesBelowTheLevel) {
  debug("first");
  set_level(Level::warning);
  info("second");
  warning("third");
  set_level(Level::debug);
  debug("fourth");
  EXPECT_THAT(written(), AllOf(Not(HasSubstr("first")), Not(HasSubstr("second")),
                               HasSubstr("third"), HasSubstr("fourth")));
}

}  // namespace
}  // namespace temps::log

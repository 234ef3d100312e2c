#include "machine/meters.hpp"

#include <gtest/gtest.h>

namespace temps::machine {
namespace {

TEST(Meters, CountsWaitingForDisksAsIdle) {
  const auto ticks = parse_cpu("cpu  100 10 50 800 40 0 5 5 7 0\ncpu0 1 2 3 4\n");
  ASSERT_TRUE(ticks);
  EXPECT_EQ(ticks->all, 1010U);
  EXPECT_EQ(ticks->busy, 170U);
  EXPECT_FALSE(parse_cpu(""));
  EXPECT_FALSE(parse_cpu("cpu  1 2"));
  EXPECT_FALSE(parse_cpu("cpu  a b c d e f g h"));
}

TEST(Meters, BusyIsTheShareBetweenTwoSights) {
  EXPECT_DOUBLE_EQ(busy_share({.busy = 100, .all = 1000}, {.busy = 150, .all = 1200}), 0.25);
  EXPECT_DOUBLE_EQ(busy_share({.busy = 100, .all = 1000}, {.busy = 100, .all = 1000}), 0);
  EXPECT_DOUBLE_EQ(busy_share({.busy = 100, .all = 1000}, {.busy = 90, .all = 1100}), 0);
}

TEST(Meters, ReadsMemory) {
  const auto memory = parse_memory(
      "MemTotal:       2048 kB\nMemFree:  1 kB\nMemAvailable:   1024 kB\nSwapTotal:  512 kB\n"
      "SwapFree:   256 kB\n");
  ASSERT_TRUE(memory);
  EXPECT_EQ(memory->total_bytes, 2048U * 1024);
  EXPECT_EQ(memory->available_bytes, 1024U * 1024);
  EXPECT_EQ(memory->swap_total_bytes, 512U * 1024);
  EXPECT_EQ(memory->swap_free_bytes, 256U * 1024);
  EXPECT_FALSE(parse_memory("MemAvailable: 7 kB\n"));
  EXPECT_FALSE(parse_memory("MemTotal: many kB\n"));
}

TEST(Meters, ReadsTheLoad) {
  const auto load = parse_load("0.50 1.25 2.00 1/200 4242\n");
  ASSERT_TRUE(load);
  EXPECT_DOUBLE_EQ((*load)[1], 1.25);
  EXPECT_FALSE(parse_load("0.50 x 2.00"));
  EXPECT_FALSE(parse_load("0.50"));
}

TEST(Meters, ReadsTheNameOfTheSystem) {
  EXPECT_EQ(parse_system("NAME=x\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n"),
            "Debian GNU/Linux 12 (bookworm)");
  EXPECT_EQ(parse_system("PRETTY_NAME=Alpine\n"), "Alpine");
  EXPECT_EQ(parse_system(""), "Linux");
}

}  // namespace
}  // namespace temps::machine

#include "jobs/outcome.hpp"

#include <gtest/gtest.h>

#include "jobs/errors.hpp"

namespace temps::jobs {
namespace {

using std::chrono::milliseconds;

constexpr ErrorCode away{"test.away", ErrorKind::unavailable, "away"};
constexpr ErrorCode wrong{"test.wrong", ErrorKind::invalid, "wrong"};

TEST(Outcome, SuccessIsSuccessEvenWhenItWasToEnd) {
  EXPECT_EQ(decide({}, {}), Outcome::succeed);
  EXPECT_EQ(decide({}, {.is_closing = true, .cancel_requested = true}), Outcome::succeed);
}

TEST(Outcome, OnlyErrorsThatMayPassAreRetried) {
  for (const auto kind : {ErrorKind::unavailable, ErrorKind::timeout, ErrorKind::internal}) {
    EXPECT_TRUE(is_retryable(kind));
  }
  for (const auto kind : {ErrorKind::invalid, ErrorKind::not_found, ErrorKind::conflict,
                          ErrorKind::too_large, ErrorKind::cancelled}) {
    EXPECT_FALSE(is_retryable(kind));
  }
  EXPECT_EQ(decide(fail(away), {.attempt = 1, .attempts_max = 2}), Outcome::retry);
  EXPECT_EQ(decide(fail(away), {.attempt = 2, .attempts_max = 2}), Outcome::fail);
  EXPECT_EQ(decide(fail(wrong), {.attempt = 1, .attempts_max = 2}), Outcome::fail);
}

TEST(Outcome, AStoppedProcessReleasesWhateverTheHandlerMadeOfIt) {
  EXPECT_EQ(decide(fail(wrong), {.is_closing = true}), Outcome::release);
  EXPECT_EQ(decide(fail(temps::errors::cancelled), {.is_closing = true}), Outcome::release);
}

TEST(Outcome, ACancelledJobIsNotRetriedNorReleased) {
  const RunEnd end{.is_closing = true, .cancel_requested = true, .attempts_max = 9};
  EXPECT_EQ(decide(fail(away), end), Outcome::cancel);
}

TEST(Outcome, WhoLostTheLeaseRecordsNothing) {
  EXPECT_EQ(decide(fail(errors::lease_lost), {.is_closing = true, .cancel_requested = true}),
            Outcome::forget);
}

TEST(Pause, DoublesUpToItsLimit) {
  auto pause = [](int attempt) {
    return pause_after(attempt, milliseconds{2000}, milliseconds{300'000}, 0.5).count();
  };
  EXPECT_EQ(pause(1), 2000);
  EXPECT_EQ(pause(2), 4000);
  EXPECT_EQ(pause(5), 32'000);
  EXPECT_EQ(pause(9), 300'000);
  EXPECT_EQ(pause(2'000'000'000), 300'000);
}

TEST(Pause, DiffersByAQuarterEitherWay) {
  EXPECT_EQ(pause_after(1, milliseconds{1000}, milliseconds{9000}, 0).count(), 750);
  EXPECT_EQ(pause_after(1, milliseconds{1000}, milliseconds{9000}, 1).count(), 1250);
}

}  // namespace
}  // namespace temps::jobs

#include "net/loop.hpp"

#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "core/testing.hpp"

namespace temps::net {
namespace {

using namespace std::chrono_literals;

struct LoopTest : testing::Test {
  Loop loop;
  std::vector<std::string> events;
};

Task<> note_after(std::chrono::milliseconds time, std::vector<std::string>& events,
                  std::string name) {
  co_await sleep(time);
  events.push_back(std::move(name));
}

TASK_TEST_F(LoopTest, TimersFireInTheirOrderAndNotTooEarly) {
  const auto begin = std::chrono::steady_clock::now();
  std::vector<Task<>> tasks;
  tasks.push_back(note_after(20ms, events, "second"));
  tasks.push_back(note_after(5ms, events, "first"));
  co_await all(std::move(tasks));
  EXPECT_EQ(events, (std::vector<std::string>{"first", "second"}));
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 20ms);
}

TASK_TEST_F(LoopTest, ATimerThatWasTakenBackDoesNotFire) {
  bool fired = false;
  const auto timer = loop.after(1ms, [&fired] { fired = true; });
  loop.cancel(timer);
  co_await sleep(10ms);
  EXPECT_FALSE(fired);
  loop.cancel(timer);
}

TASK_TEST_F(LoopTest, ATimerThatIsTakenBackWhenItIsDueDoesNotFire) {
  Timers::TimerId second{};
  bool fired = false;
  loop.after(1ms, [this, &second] { loop.cancel(second); });
  second = loop.after(1ms, [&fired] { fired = true; });
  std::this_thread::sleep_for(5ms);  // so that both are due in the same turn
  co_await sleep(10ms);
  EXPECT_FALSE(fired);
}

TASK_TEST_F(LoopTest, WithinEndsAWaitThatTakesTooLong) {
  auto late = co_await attempt(within(5ms, sleep(1h)));
  EXPECT_TRUE(!late && late.error().is(temps::errors::timed_out));
}

TEST_F(LoopTest, RunsOneTaskAfterTheOther) {
  auto answer = [](int value) -> Task<int> {
    co_await yield();
    co_return value;
  };
  EXPECT_EQ(loop.run(answer(1)).value(), 1);
  EXPECT_EQ(loop.run(answer(2)).value(), 2);
}

TASK_TEST_F(LoopTest, OffloadedWorkRunsOnAnotherThreadAndComesBack) {
  const auto here = std::this_thread::get_id();
  const auto there = co_await loop.offload([] { return std::this_thread::get_id(); });
  EXPECT_NE(there, here);
  EXPECT_EQ(std::this_thread::get_id(), here);
}

TASK_TEST_F(LoopTest, TheLoopGoesOnWhileOffloadedWorkBlocks) {
  std::atomic<bool> released = false;
  TaskGroup group(loop);
  group.start("release", [](std::atomic<bool>& flag) -> Task<> {
    co_await sleep(1ms);
    flag = true;
  }(released));
  const bool seen = co_await loop.offload([&released] {
    const auto end = std::chrono::steady_clock::now() + 10s;
    while (!released && std::chrono::steady_clock::now() < end) std::this_thread::yield();
    return released.load();
  });
  EXPECT_TRUE(seen);
  co_await group.close();
}

// Its locals may be what the work uses.
TASK_TEST_F(LoopTest, ACancelledTaskWaitsForItsOffloadedWork) {
  std::atomic<bool> ended = false;
  auto result = co_await attempt(within(1ms, loop.offload([&ended] {
    std::this_thread::sleep_for(20ms);
    ended = true;
    return 7;
  })));
  EXPECT_TRUE(ended);
  EXPECT_EQ(result.value(), 7);
}

TASK_TEST_F(LoopTest, WhatOffloadedWorkThrowsIsAnInternalError) {
  auto result = co_await attempt(
      loop.offload([]() -> int { throw std::runtime_error("the disk went away"); }));
  EXPECT_TRUE(!result && result.error().is(temps::errors::internal));
  EXPECT_EQ(result.error().cause(), "the disk went away");
}

TASK_TEST_F(LoopTest, PostMayBeCalledFromAnyThread) {
  int count = 0;
  std::thread other([this, &count] {
    for (int i = 0; i < 100; ++i) loop.post([&count] { ++count; });
  });
  other.join();
  for (int i = 0; i < 1000 && count < 100; ++i) co_await yield();
  EXPECT_EQ(count, 100);
}

}  // namespace
}  // namespace temps::net

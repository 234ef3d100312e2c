#include <unistd.h>

#include <array>
#include <csignal>

#include "core/testing.hpp"
#include "net/descriptor.hpp"
#include "net/errors.hpp"

namespace temps::net {
namespace {

using namespace std::chrono_literals;

struct DescriptorTest : testing::Test {
  Loop loop;
};

TASK_TEST_F(DescriptorTest, APipeEndsWhenItsWriterCloses) {
  auto pipe = make_pipe(loop);
  EXPECT_TRUE(pipe.has_value());
  EXPECT_EQ(::write(pipe->writing, "last words", 10), 10);
  ::close(pipe->writing);
  EXPECT_EQ(co_await pipe->reading.read_to_end(100), "last words");
}

Task<std::string> read_end(Descriptor& descriptor) {
  co_return co_await descriptor.read_to_end(100);
}

TASK_TEST_F(DescriptorTest, ClosingEndsAWaitForIt) {
  auto pipe = make_pipe(loop);
  Descriptor& reading = pipe->reading;
  TaskGroup group(loop);
  Result<std::string> ended;
  group.start("read", [](Descriptor& from, Result<std::string>& result) -> Task<> {
    result = co_await attempt(read_end(from));
  }(reading, ended));
  co_await yield();
  EXPECT_EQ(group.running(), 1U);
  reading.close();
  for (int i = 0; i < 100 && group.running() > 0; ++i) co_await sleep(1ms);
  EXPECT_EQ(group.running(), 0U);
  EXPECT_FALSE(ended.has_value());
  ::close(pipe->writing);
  co_await group.close();
}

TASK_TEST_F(DescriptorTest, MovesWithItsNumber) {
  auto pipe = make_pipe(loop);
  const int number = pipe->reading.fd();
  Descriptor moved = std::move(pipe->reading);
  EXPECT_EQ(moved.fd(), number);
  EXPECT_FALSE(pipe->reading.is_open());
  ::close(pipe->writing);
  EXPECT_EQ(co_await moved.read_to_end(1), "");
}

TASK_TEST_F(DescriptorTest, WaitsForASignal) {
  TaskGroup group(loop);
  group.start("send", []() -> Task<> {
    co_await sleep(5ms);
    ::kill(::getpid(), SIGUSR2);
  }());
  const int number = co_await within(5s, loop.signal({SIGUSR1, SIGUSR2}));
  EXPECT_EQ(number, SIGUSR2);
  co_await group.close();
}

TASK_TEST_F(DescriptorTest, AWaitForASignalCanBeCancelledAndBegunAgain) {
  auto none = co_await attempt(within(5ms, loop.signal({SIGUSR1})));
  EXPECT_TRUE(!none && none.error().is(temps::errors::timed_out));
  TaskGroup group(loop);
  group.start("send", []() -> Task<> {
    co_await sleep(5ms);
    ::kill(::getpid(), SIGUSR1);
  }());
  EXPECT_EQ(co_await within(5s, loop.signal({SIGUSR1})), SIGUSR1);
  co_await group.close();
}

}  // namespace
}  // namespace temps::net

#include "core/task.hpp"

#include <memory>
#include <string>
#include <vector>

#include "core/concurrency.hpp"
#include "core/testing.hpp"

namespace temps {
namespace {

using namespace std::chrono_literals;

constexpr ErrorCode refused{"core_test.refused", ErrorKind::conflict, "Refused"};

struct TaskTest : testing::Test {
  ManualLoop loop;
  std::vector<std::string> events;
};

// Notes its own end.
struct Note {
  std::vector<std::string>* events;
  std::string name;
  Note(std::vector<std::string>& e, std::string n) : events(&e), name(std::move(n)) {}
  Note(Note&& other) noexcept
      : events(std::exchange(other.events, nullptr)), name(std::move(other.name)) {}
  Note& operator=(Note&&) = delete;
  ~Note() {
    if (events) events->push_back(name + " gone");
  }
};

Task<int> fails(Note parameter) {
  const Note local(*parameter.events, "local");
  co_await yield();
  co_await fail(refused, "no {}", "way");
  co_return 1;
}

TASK_TEST_F(TaskTest, LocalsAndParametersAreGoneBeforeTheCallerSeesTheError) {
  auto result = co_await attempt(fails(Note(events, "parameter")));
  events.push_back("caller sees");
  EXPECT_FALSE(result.has_value());
  EXPECT_EQ(result.error().detail(), "no way");
  EXPECT_EQ(events,
            (std::vector<std::string>{"local gone", "parameter gone", "caller sees"}));
}

Task<int> deep(int levels) {
  if (levels == 0) {
    co_await yield();
    co_await fail(refused);
    co_return 0;
  }
  auto task = deep(levels - 1);
  co_return 1 + co_await std::move(task);
}

TASK_TEST_F(TaskTest, AnErrorPassesThroughManyTasks) {
  auto result = co_await attempt(deep(20'000));
  EXPECT_TRUE(!result && result.error().is(refused));
}

Task<int> throws() {
  co_await yield();
  std::vector<int> none;
  co_return none.at(3);
}

TASK_TEST_F(TaskTest, AForeignExceptionBecomesAnInternalErrorWithItsTextAsCause) {
  auto result = co_await attempt(throws());
  EXPECT_TRUE(!result && result.error().is(errors::internal));
  EXPECT_NE(result.error().cause().find("range"), std::string_view::npos);
}

Task<int> answer_after(std::chrono::nanoseconds time, int value) {
  co_await sleep(time);
  co_return value;
}

TASK_TEST_F(TaskTest, WithinCancelsWhatTakesTooLong) {
  auto late = co_await attempt(within(1s, answer_after(2s, 7)));
  EXPECT_TRUE(!late && late.error().is(errors::timed_out));
  EXPECT_EQ(loop.now(), 1s);
  EXPECT_EQ(co_await within(3s, answer_after(2s, 7)), 7);
}

TASK_TEST_F(TaskTest, RaceTakesTheFirstAndCancelsTheOther) {
  EXPECT_EQ(co_await race(answer_after(5s, 1), answer_after(1s, 2)), 2);
  EXPECT_EQ(loop.now(), 1s);
}

Task<> note_after(std::chrono::nanoseconds time, std::vector<std::string>& events,
                  std::string name) {
  const Note note(events, name);
  co_await sleep(time);
  if (name == "bad") co_await fail(refused);
}

TASK_TEST_F(TaskTest, AllWaitsForEveryTaskAndCancelsTheRestAtTheFirstFailure) {
  std::vector<Task<>> tasks;
  tasks.push_back(note_after(1s, events, "quick"));
  tasks.push_back(note_after(2s, events, "bad"));
  tasks.push_back(note_after(9s, events, "slow"));
  auto result = co_await attempt(all(std::move(tasks)));
  EXPECT_TRUE(!result && result.error().is(refused));
  EXPECT_EQ(events, (std::vector<std::string>{"quick gone", "bad gone", "slow gone"}));
  EXPECT_EQ(loop.now(), 2s);
}

Task<> cleans_up(std::vector<std::string>& events) {
  auto result = co_await attempt(sleep(10s));
  co_await shielded(sleep(1s));
  events.push_back(result ? "slept" : "interrupted, then cleaned up");
}

TASK_TEST_F(TaskTest, ShieldedWorkRunsToItsEndAfterCancellation) {
  auto result = co_await attempt(within(2s, cleans_up(events)));
  EXPECT_TRUE(result.has_value());
  EXPECT_EQ(events, std::vector<std::string>{"interrupted, then cleaned up"});
  EXPECT_EQ(loop.now(), 3s);
}

TASK_TEST_F(TaskTest, AWaitThatBeginsAfterCancellationFailsAtOnce) {
  Cancellation scope(loop);
  scope.cancel(Error(refused, "already"));
  auto result = co_await attempt(in_scope(scope, answer_after(5s, 1)));
  EXPECT_TRUE(!result && result.error().is(refused));
  EXPECT_EQ(loop.now(), 0s);
}

TASK_TEST_F(TaskTest, AGroupCancelsItsTasksWhenItCloses) {
  TaskGroup group(loop);
  group.start("long", note_after(1h, events, "long"));
  co_await yield();
  EXPECT_EQ(group.running(), 1U);
  co_await group.close();
  EXPECT_EQ(group.running(), 0U);
  EXPECT_EQ(events, std::vector<std::string>{"long gone"});
  group.start("late", note_after(1h, events, "late"));
  EXPECT_EQ(group.running(), 0U);
}

Task<> hold(Mutex& mutex, std::vector<std::string>& events, std::string name) {
  auto held = co_await mutex.lock();
  events.push_back(name + " in");
  co_await sleep(1s);
  events.push_back(name + " out");
}

TASK_TEST_F(TaskTest, AMutexLetsOneInAtATimeInOrder) {
  Mutex mutex;
  std::vector<Task<>> tasks;
  tasks.push_back(hold(mutex, events, "a"));
  tasks.push_back(hold(mutex, events, "b"));
  tasks.push_back(hold(mutex, events, "c"));
  co_await all(std::move(tasks));
  EXPECT_EQ(events,
            (std::vector<std::string>{"a in", "a out", "b in", "b out", "c in", "c out"}));
}

TASK_TEST_F(TaskTest, AMutexPassesOverAWaiterThatWasCancelled) {
  Mutex mutex;
  std::vector<Task<>> tasks;
  tasks.push_back(hold(mutex, events, "a"));
  tasks.push_back([](Mutex& m, std::vector<std::string>& e) -> Task<> {
    co_await attempt(within(500ms, hold(m, e, "b")));
  }(mutex, events));
  tasks.push_back(hold(mutex, events, "c"));
  co_await all(std::move(tasks));
  EXPECT_EQ(events, (std::vector<std::string>{"a in", "a out", "c in", "c out"}));
}

}  // namespace
}  // namespace temps

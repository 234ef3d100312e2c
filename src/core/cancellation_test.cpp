#include "core/cancellation.hpp"

#include <string>
#include <vector>

#include "core/concurrency.hpp"
#include "core/testing.hpp"

namespace temps {
namespace {

using namespace std::chrono_literals;

constexpr ErrorCode stopped{"core_test.stopped", ErrorKind::cancelled, "Stopped"};
constexpr ErrorCode later{"core_test.later", ErrorKind::cancelled, "Later"};

struct CancellationTest : testing::Test {
  ManualLoop loop;
  std::vector<std::string> events;

  auto note(std::string name) {
    return [this, name](const Error& reason) {
      events.push_back(name + " " + std::string(reason.code().code));
    };
  }
};

TEST_F(CancellationTest, ReachesEveryScopeBelowAndNoOther) {
  Cancellation root(loop);
  Cancellation left(root);
  Cancellation leaf(left);
  Cancellation right(root);
  Cancellation::Hook on_leaf;
  Cancellation::Hook on_right;
  on_leaf.link(leaf, note("leaf"));
  on_right.link(right, note("right"));
  left.cancel(Error(stopped, "enough"));
  EXPECT_EQ(events, std::vector<std::string>{"leaf core_test.stopped"});
  EXPECT_TRUE(leaf.reason() && leaf.reason()->is(stopped));
  EXPECT_FALSE(root.reason());
  EXPECT_FALSE(right.reason());
}

TEST_F(CancellationTest, KeepsTheFirstReason) {
  Cancellation scope(loop);
  scope.cancel(Error(stopped, "first"));
  scope.cancel(Error(later, "second"));
  EXPECT_EQ(scope.reason()->detail(), "first");
}

TEST_F(CancellationTest, AScopeMadeBelowACancelledOneIsCancelled) {
  Cancellation root(loop);
  root.cancel(Error(stopped, "enough"));
  const Cancellation child(root);
  EXPECT_TRUE(child.reason() && child.reason()->is(stopped));
}

TEST_F(CancellationTest, AScopeThatEndedIsNotReachedAnyMore) {
  Cancellation root(loop);
  {
    const Cancellation first(root);
    const Cancellation second(root);
  }
  Cancellation third(root);
  root.cancel(Error(stopped, "enough"));
  EXPECT_TRUE(third.reason().has_value());
}

TEST_F(CancellationTest, AHookThatWasTakenOffHearsNothing) {
  Cancellation scope(loop);
  Cancellation::Hook first;
  Cancellation::Hook middle;
  Cancellation::Hook last;
  first.link(scope, note("first"));
  middle.link(scope, note("middle"));
  last.link(scope, note("last"));
  middle.unlink();
  middle.unlink();
  scope.cancel(Error(stopped, "enough"));
  EXPECT_EQ(events,
            (std::vector<std::string>{"last core_test.stopped", "first core_test.stopped"}));
}

TEST_F(CancellationTest, AHookMayTakeAnotherOffWhileItIsCalled) {
  Cancellation scope(loop);
  Cancellation::Hook first;
  Cancellation::Hook second;
  second.link(scope, note("second"));
  first.link(scope, [&](const Error&) { second.unlink(); });
  scope.cancel(Error(stopped, "enough"));
  EXPECT_TRUE(events.empty());
}

TEST_F(CancellationTest, AnOperationIsGivenUpAndItsLateAnswerIgnored) {
  std::optional<Completer<int>> answer;
  auto slow = [](std::optional<Completer<int>>& out, std::vector<std::string>& log) -> Task<int> {
    co_return co_await External<int>{.start = [&](Completer<int> done) -> External<int>::Abort {
      out.emplace(done);
      return [&log] { log.emplace_back("given up"); };
    }};
  };
  auto result = loop.run(within(1s, slow(answer, events)));
  EXPECT_TRUE(!result && result.error().is(errors::timed_out));
  EXPECT_EQ(events, std::vector<std::string>{"given up"});
  EXPECT_TRUE(answer->is_done());
  (*answer)(7);
  EXPECT_FALSE(loop.step());
}

TASK_TEST_F(CancellationTest, AnOperationMayAnswerBeforeItsStartReturns) {
  const int value = co_await External<int>{.start = [](Completer<int> done) {
    done(7);
    done(8);
    return External<int>::Abort{};
  }};
  EXPECT_EQ(value, 7);
}

Task<> wait_for(Signal& signal, std::vector<std::string>& events, std::string name) {
  co_await signal.next();
  events.push_back(std::move(name));
}

TASK_TEST_F(CancellationTest, ASignalWakesAllWhoWaitAndIsNotKeptForLaterOnes) {
  Signal signal;
  signal.notify();
  TaskGroup group(loop);
  group.start("a", wait_for(signal, events, "a"));
  group.start("b", wait_for(signal, events, "b"));
  co_await yield();
  EXPECT_TRUE(events.empty());
  signal.notify();
  co_await sleep(1ms);
  EXPECT_EQ(events, (std::vector<std::string>{"a", "b"}));
  auto late = co_await attempt(within(1s, signal.next()));
  EXPECT_FALSE(late.has_value());
  co_await group.close();
}

Task<> ignores_errors(int& rounds) {
  for (;;) {
    co_await attempt(sleep(1s));
    ++rounds;
    co_await check_cancelled();
  }
}

TASK_TEST_F(CancellationTest, ALoopThatLooksAtErrorsEndsByAskingForCancellation) {
  int rounds = 0;
  auto result = co_await attempt(within(2500ms, ignores_errors(rounds)));
  EXPECT_TRUE(!result && result.error().is(errors::timed_out));
  EXPECT_EQ(rounds, 3);
}

TASK_TEST_F(CancellationTest, TheInnerDeadlineDoesNotEndTheOuter) {
  auto nested = [](ManualLoop& on) -> Task<int> {
    auto inner = co_await attempt(within(1s, sleep(1h)));
    EXPECT_FALSE(inner.has_value());
    co_await sleep(1s);
    co_return static_cast<int>(on.now() / 1s);
  };
  EXPECT_EQ(co_await within(5s, nested(loop)), 2);
}

}  // namespace
}  // namespace temps

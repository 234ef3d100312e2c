#include "core/concurrency.hpp"
#include "logs/test_logs.hpp"

namespace temps::logs {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

struct LogFollow : LogsTest {};

Task<> append_later(LogsTest& test, std::string channel, std::string text) {
  co_await sleep(1s);
  test.append(channel, {text});
}

Task<> follow_into(Store& store, std::string channel, std::vector<std::string>& texts) {
  std::int64_t seen = 0;
  while (texts.size() < 3) {
    for (const auto& line : co_await store.follow(channel, seen)) {
      texts.push_back(line.text);
      seen = line.sequence;
    }
  }
}

TASK_TEST_F(LogFollow, GivesWhatIsThereAtOnce) {
  append("apps/3", {"a", "b"});
  const auto lines = co_await store().follow("apps/3", 0);
  EXPECT_EQ(lines.size(), 2U);
  EXPECT_EQ(loop.now(), 0s);
}

TASK_TEST_F(LogFollow, WakesWhenALineComes) {
  append("apps/3", {"a"});
  std::vector<std::string> texts;
  std::vector<Task<>> tasks;
  tasks.push_back(follow_into(store(), "apps/3", texts));
  tasks.push_back(append_later(*this, "apps/3", "b"));
  tasks.push_back(append_later(*this, "apps/3", "c"));
  co_await all(std::move(tasks));
  EXPECT_THAT(texts, ElementsAre("a", "b", "c"));
}

TASK_TEST_F(LogFollow, WaitsForTheFirstLineOfAChannel) {
  std::vector<std::string> one;
  std::vector<std::string> two;
  std::vector<Task<>> tasks;
  tasks.push_back(follow_into(store(), "builds/1", one));
  tasks.push_back(follow_into(store(), "builds/1", two));
  tasks.push_back(append_later(*this, "builds/1", "a\nb\nc"));
  co_await all(std::move(tasks));
  EXPECT_THAT(one, ElementsAre("a", "b", "c"));
  EXPECT_EQ(one, two);
}

Task<> expect_no_line(Store& store, std::string channel) {
  const auto waited = co_await attempt(within(5s, store.wait(channel, 0)));
  EXPECT_FALSE(waited.has_value());
  if (!waited) EXPECT_TRUE(waited.error().is(temps::errors::timed_out));
}

TASK_TEST_F(LogFollow, IsNotWokenByOtherChannels) {
  std::vector<Task<>> tasks;
  tasks.push_back(expect_no_line(store(), "apps/3"));
  tasks.push_back(append_later(*this, "apps/4", "other"));
  co_await all(std::move(tasks));
}

TASK_TEST_F(LogFollow, EndsWhenCancelled) {
  const auto waited = co_await attempt(within(5s, store().follow("apps/3", 0)));
  EXPECT_TRUE(waited.error().is(temps::errors::timed_out));
  append("apps/3", {"a"});
  EXPECT_EQ((co_await store().follow("apps/3", 0)).size(), 1U);
}

Task<> remove_later(Store& store, std::string channel) {
  co_await sleep(1s);
  co_await store.remove(channel);
}

Task<> expect_removed(Store& store, std::string channel, std::int64_t after) {
  const auto followed = co_await attempt(store.follow(channel, after));
  EXPECT_FALSE(followed.has_value());
  if (!followed) EXPECT_TRUE(followed.error().is(errors::removed));
}

TASK_TEST_F(LogFollow, EndsWhenTheChannelIsRemoved) {
  append("apps/3", {"a"});
  const auto last = lines("apps/3").back().sequence;
  std::vector<Task<>> tasks;
  tasks.push_back(expect_removed(store(), "apps/3", last));
  tasks.push_back(remove_later(store(), "apps"));
  co_await all(std::move(tasks));
}

TASK_TEST_F(LogFollow, RefusesABadName) {
  const auto followed = co_await attempt(store().follow("../x", 0));
  EXPECT_TRUE(followed.error().is(errors::bad_channel));
}

TASK_TEST_F(LogFollow, GoesOnOverAClosedSegment) {
  fill("apps/3", 1500);
  const auto middle = lines("apps/3")[500].sequence;
  const auto rest = co_await store().follow("apps/3", middle);
  EXPECT_EQ(rest.size(), 999U);
  const auto end = co_await store().follow("apps/3", rest[990].sequence);
  EXPECT_EQ(end.size(), 8U);
}

}  // namespace
}  // namespace temps::logs

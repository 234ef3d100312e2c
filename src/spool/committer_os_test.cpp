// Group commit, and what is left of it when its process is killed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <charconv>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "core/concurrency.hpp"
#include "core/testing.hpp"
#include "files/files.hpp"
#include "net/loop.hpp"
#include "spool/committer.hpp"
#include "spool/reader.hpp"

namespace temps::spool {
namespace {

struct Committing : testing::Test {
  files::TemporaryFolder temporary;
  SystemClock clock;
  Options options{.folder = temporary.path() / "spool"};
  net::Loop loop;

  std::multiset<std::string> stored() {
    std::multiset<std::string> found;
    Reader reader(options.folder);
    for (const auto& segment : reader.waiting().value()) {
      const auto content = Reader::read(segment).value();
      RecordReader records(content);
      while (const auto record = records.next()) found.emplace(*record);
    }
    return found;
  }
};

TEST_F(Committing, EveryRecordIsAcknowledgedOnceAndIsThere) {
  constexpr int threads = 4;
  constexpr int each = 500;
  std::atomic<int> acknowledged{0};
  {
    Committer committer(options, clock);
    std::vector<std::thread> writers;
    for (int t = 0; t < threads; ++t)
      writers.emplace_back([&, t] {
        for (int i = 0; i < each; ++i)
          committer.append(std::to_string(t * each + i), [&](Result<> result) {
            if (result) ++acknowledged;
          });
      });
    for (auto& writer : writers) writer.join();
  }
  EXPECT_EQ(acknowledged, threads * each);
  const auto found = stored();
  EXPECT_EQ(found.size(), static_cast<std::size_t>(threads * each));
  EXPECT_EQ(std::set(found.begin(), found.end()).size(), found.size());
}

TEST_F(Committing, WhatCannotBeTakenIsToldToItsCallerOnly) {
  options.bytes_max = 1;
  Committer committer(options, clock);
  std::vector<std::string> codes;
  std::mutex mutex;
  std::atomic<int> ended{0};
  const auto note = [&](Result<> result) {
    {
      const std::lock_guard lock(mutex);
      codes.emplace_back(result ? "" : result.error().code().code);
    }
    ++ended;
    ended.notify_one();
  };
  committer.append("", note);
  ended.wait(0);
  committer.append("x", note);
  ended.wait(1);
  EXPECT_THAT(codes, testing::ElementsAre("spool.too_large", "spool.full"));
}

TASK_TEST_F(Committing, ATaskGoesOnWhenItsRecordIsThere) {
  {
    Committer committer(options, clock);
    std::vector<Task<>> writers;
    for (int i = 0; i < 100; ++i) writers.push_back(committer.append(loop, std::to_string(i)));
    co_await all(std::move(writers));
    auto refused = co_await attempt(committer.append(loop, ""));
    EXPECT_TRUE(!refused && refused.error().is(errors::too_large));
    EXPECT_EQ(committer.counts().written, 100U);
  }
  EXPECT_EQ(stored().size(), 100U);
}

// What the child has acknowledged, one number a line.
std::set<std::string> lines_of(int fd) {
  std::string text;
  char bytes[4096];
  for (ssize_t got = 0; (got = ::read(fd, bytes, sizeof bytes)) > 0;)
    text.append(bytes, static_cast<std::size_t>(got));
  std::set<std::string> lines;
  for (std::size_t end = 0; (end = text.find('\n')) != std::string::npos; text.erase(0, end + 1))
    lines.insert(text.substr(0, end));
  return lines;
}

TEST_F(Committing, WhatWasAcknowledgedOutlivesAKill) {
  options.segment_bytes = 4096;  // several segments, one of them open when the end comes
  for (int round = 0; round < 5; ++round) {
    int pipe[2];
    ASSERT_EQ(::pipe(pipe), 0);
    const auto child = ::fork();
    if (child == 0) {
      Committer committer(options, clock);
      for (int i = 0;; ++i) {
        const auto text = std::to_string(round) + "-" + std::to_string(i);
        committer.append(text, [text, out = pipe[1]](Result<> result) {
          const auto line = text + "\n";
          if (result) static_cast<void>(::write(out, line.data(), line.size()));
        });
        if (i % 50 == 0) std::this_thread::yield();
      }
    }
    ::close(pipe[1]);
    char first = 0;
    ASSERT_EQ(::read(pipe[0], &first, 1), 1);
    // Somewhere in the middle of it.
    std::string ignored(2000UL * static_cast<std::size_t>(round + 1), '\0');
    std::size_t taken = 0;
    while (taken < ignored.size()) {
      const auto got = ::read(pipe[0], ignored.data() + taken, ignored.size() - taken);
      if (got <= 0) break;
      taken += static_cast<std::size_t>(got);
    }
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    auto lines = lines_of(pipe[0]);
    ::close(pipe[0]);
    if (!lines.empty()) lines.erase(lines.begin());  // one may have been read in part
    for (std::size_t at = 0, end = 0; (end = ignored.find('\n', at)) != std::string::npos;
         at = end + 1)
      if (at > 0) lines.insert(ignored.substr(at, end - at));
    const auto found = stored();
    for (const auto& line : lines)
      if (line.starts_with(std::to_string(round) + "-")) ASSERT_EQ(found.count(line), 1U) << line;
    EXPECT_GT(lines.size(), 10U);
  }
}

}  // namespace
}  // namespace temps::spool

#include "app/supervisor.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <optional>

#include "app/errors.hpp"
#include "core/log.hpp"
#include "process/process.hpp"

namespace temps::app {

namespace {

using namespace std::chrono_literals;
using process::Child;
using process::Exit;

constexpr auto stop_grace = 40s;        // longer than the proxy's own draining
constexpr auto counts_as_running = 5s;  // what ran so long has started well
constexpr int failed_starts_max = 3;
constexpr auto pause_max = 5s;
constexpr auto succession_limit = 40s;  // longer than the one that runs waits for it
constexpr auto exit_limit = 5s;

process::Spec spec(const Part& part, const std::vector<std::string>& command) {
  return {.command = command,
          .environment = part.environment,
          .out = process::Output::inherit,
          .err = process::Output::inherit,
          .dies_with_parent = true};
}

Task<> wait_or_stop(Child child) {
  auto ended = co_await attempt(child.wait());
  if (!ended) co_await shielded(child.stop(stop_grace));
}

// The processes of one part: one that serves, and those before it that finish what they have.
struct Processes {
  net::Loop& loop;
  const Part& part;
  Child serving;
  TaskGroup& former;
};

// Waits until the successor says that it serves. Fails with `app.child_ended`.
Task<> until_serving(Child& successor) {
  std::array<char, 256> word{};
  const auto said = co_await within(succession_limit, successor.out()->read_some(word));
  if (said > 0) co_return;
  const auto exit = co_await within(exit_limit, successor.wait());
  co_await fail(errors::child_ended, "its successor does not start ({}); the reason stands above",
                exit.text());
}

Task<> try_to_succeed(Processes& processes) {
  auto wanted = spec(processes.part, processes.part.successor);
  wanted.out = process::Output::pipe;
  auto successor = co_await Child::start(processes.loop, std::move(wanted));
  co_await until_serving(successor);
  processes.former.start("former " + processes.part.name,
                         wait_or_stop(std::exchange(processes.serving, std::move(successor))));
}

// Whatever goes wrong, the one that serves goes on.
Task<> succeed(Processes& processes) {
  auto done = co_await attempt(try_to_succeed(processes));
  co_await check_cancelled();
  if (done) {
    log::info("a part of Temps was reloaded", {{"part", processes.part.name}});
  } else {
    log::error("a part of Temps was not reloaded; it goes on as it was",
               {{"part", processes.part.name}, {"reason", done.error().detail()}});
    processes.serving.signal(SIGUSR2);
  }
}

Task<std::optional<Exit>> until_ended(Child& child) { co_return co_await child.wait(); }

Task<std::optional<Exit>> until_asked(Signal& reloads) {
  co_await reloads.next();
  co_return std::nullopt;
}

Task<Exit> follow(Processes& processes, Signal& reloads) {
  if (processes.part.successor.empty()) co_return co_await processes.serving.wait();
  for (;;) {
    const auto end = co_await race(until_ended(processes.serving), until_asked(reloads));
    if (end) co_return *end;
    co_await succeed(processes);
  }
}

// One life of the part. When cancelled it is stopped first.
Task<Exit> run_once(net::Loop& loop, const Part& part, Signal& reloads, TaskGroup& former) {
  auto child = co_await Child::start(loop, spec(part, part.command));
  Processes processes{loop, part, std::move(child), former};
  auto ended = co_await attempt(follow(processes, reloads));
  if (!ended) {
    std::vector<Task<>> ends;
    ends.push_back(former.close());
    ends.push_back(
        [](Child& serving) -> Task<> { co_await serving.stop(stop_grace); }(processes.serving));
    co_await shielded(all(std::move(ends)));
  }
  co_return co_await std::move(ended);
}

Task<> keep_running(net::Loop& loop, const Part& part, Signal& reloads, TaskGroup& former) {
  int failed_starts = 0;
  std::chrono::milliseconds pause = 100ms;
  for (;;) {
    const auto begin = std::chrono::steady_clock::now();
    const auto exit = co_await run_once(loop, part, reloads, former);
    const bool ran = std::chrono::steady_clock::now() - begin > counts_as_running;
    failed_starts = ran ? 0 : failed_starts + 1;
    pause = ran ? 100ms : std::min<std::chrono::milliseconds>(pause * 2, pause_max);
    if (failed_starts >= failed_starts_max && exit.signal == 0) {
      co_await fail(errors::child_ended, "{} does not start ({}); the reason stands above",
                    part.name, exit.text());
    }
    log::warning("a part of Temps ended and is started again",
                 {{"part", part.name}, {"end", exit.text()}});
    co_await sleep(pause);
  }
}

}  // namespace

Task<> supervise(net::Loop& loop, Part part, Signal& reloads) {
  TaskGroup former(loop);
  auto ended = co_await attempt(keep_running(loop, part, reloads, former));
  co_await shielded(former.close());
  co_await std::move(ended);
}

}  // namespace temps::app

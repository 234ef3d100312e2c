#include "app/supervisor.hpp"

#include <algorithm>

#include "app/errors.hpp"
#include "core/concurrency.hpp"
#include "core/log.hpp"
#include "process/process.hpp"

namespace temps::app {

namespace {

using namespace std::chrono_literals;

constexpr auto stop_grace = 40s;        // longer than the proxy's own draining
constexpr auto counts_as_running = 5s;  // what ran so long has started well
constexpr int failed_starts_max = 3;
constexpr auto pause_max = 5s;

// One life of the part. When cancelled it is stopped first.
Task<process::Exit> run_once(net::Loop& loop, Part part) {
  auto child = co_await process::Child::start(loop, {.command = part.command,
                                                     .environment = part.environment,
                                                     .out = process::Output::inherit,
                                                     .err = process::Output::inherit,
                                                     .dies_with_parent = true});
  auto ended = co_await attempt(child.wait());
  if (!ended) co_await shielded(child.stop(stop_grace));
  co_return co_await std::move(ended);
}

}  // namespace

Task<> supervise(net::Loop& loop, Part part) {
  int failed_starts = 0;
  std::chrono::milliseconds pause = 100ms;
  for (;;) {
    const auto begin = std::chrono::steady_clock::now();
    const auto exit = co_await run_once(loop, part);
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

}  // namespace temps::app

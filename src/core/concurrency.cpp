#include "core/concurrency.hpp"

#include "core/log.hpp"

namespace temps {

Task<> sleep(std::chrono::nanoseconds duration) {
  Cancellation& scope = co_await current_scope();
  Timers& timers = scope.timers();
  co_await External<void>{
      .start = [&timers, duration](Completer<void> done) -> External<void>::Abort {
        auto id = timers.after(duration, [done] { done({}); });
        return [&timers, id] { timers.cancel(id); };
      }};
}

Task<> yield() {
  Cancellation& scope = co_await current_scope();
  Timers& timers = scope.timers();
  co_await External<void>{.start = [&timers](Completer<void> done) -> External<void>::Abort {
    timers.post([done] { done({}); });
    return {};
  }};
}

Task<> check_cancelled() {
  Cancellation& scope = co_await current_scope();
  if (scope.reason()) co_await fail(*scope.reason());
}

Task<> all(std::vector<Task<>> tasks) {
  Cancellation& parent = co_await current_scope();
  Cancellation scope(parent);
  detail::Latch latch(tasks.size());
  std::optional<Error> first;
  auto ended = [&first, &scope, &latch](Result<void> result) {
    if (!result && !first) {
      first = result.error();
      scope.cancel(Error(errors::cancelled, "a task beside it failed"));
    }
    latch.count_down();
  };
  for (auto& task : tasks) detail::drive(scope, std::move(task), ended);
  if (!tasks.empty()) co_await latch.zero();
  if (first) co_await fail(*first);
}

namespace detail {

Timeout::Timeout(Cancellation& scope, std::chrono::nanoseconds limit)
    : timers_(scope.timers()), id_(timers_.after(limit, [&scope, limit] {
        auto seconds = std::chrono::duration<double>(limit).count();
        scope.cancel(Error(errors::timed_out, fmt::format("no answer within {:g} s", seconds)));
      })) {}

Timeout::~Timeout() { timers_.cancel(id_); }

}  // namespace detail

void TaskGroup::start(std::string name, Task<> task) {
  if (closed_) return;
  ++running_;
  detail::drive(scope_, std::move(task), [this, name = std::move(name)](Result<void> result) {
    if (!result && result.error().code().kind != ErrorKind::cancelled) {
      log::error("background task failed", {{"task", name},
                                            {"code", result.error().code().code},
                                            {"detail", result.error().detail()},
                                            {"cause", result.error().cause()}});
    }
    if (--running_ > 0) return;
    for (auto& closer : std::exchange(closers_, {})) closer({});
  });
}

Task<> TaskGroup::close() {
  closed_ = true;
  scope_.cancel(Error(errors::cancelled, "the process stops"));
  if (running_ == 0) co_return;
  co_await External<void>{.start = [this](Completer<void> done) -> External<void>::Abort {
                            closers_.push_back(done);
                            return {};
                          },
                          .cancellable = false};
}

void Signal::notify() {
  for (auto& waiter : std::exchange(waiters_, {})) waiter({});
}

Task<> Signal::next() {
  std::erase_if(waiters_, [](const auto& waiter) { return waiter.is_done(); });
  co_await External<void>{.start = [this](Completer<void> done) -> External<void>::Abort {
    waiters_.push_back(done);
    return {};
  }};
}

Task<Mutex::Held> Mutex::lock() {
  if (held_) {
    // A waiter that is cancelled between being handed the lock and resuming must hand it on.
    co_await External<void>{.start = [this](Completer<void> done) -> External<void>::Abort {
      waiters_.push_back(done);
      return {};
    }};
  }
  held_ = true;
  co_return Held(*this);
}

void Mutex::unlock() {
  std::erase_if(waiters_, [](const auto& waiter) { return waiter.is_done(); });
  if (waiters_.empty()) {
    held_ = false;
    return;
  }
  auto next = waiters_.front();
  waiters_.erase(waiters_.begin());
  next({});  // held_ stays true: the lock passes on without a gap
}

}  // namespace temps

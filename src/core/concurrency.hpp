// Structured concurrency: whatever starts tasks waits for all of them.
#pragma once
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/task.hpp"

namespace temps {

// Waits; ends early with the reason when the task is cancelled.
Task<> sleep(std::chrono::nanoseconds duration);
// Lets everything else that is ready run first.
Task<> yield();
// Fails with the reason when the task has been cancelled; for loops that look at the errors of what
// they await.
Task<> check_cancelled();

namespace detail {

// A coroutine without an owner: starts at once, frees itself at its end. Only this file's functions
// use it, and they wait for it.
struct Detached {
  struct promise_type {
    Detached get_return_object() { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
    Cancellation* scope = nullptr;
    template <class U>
    auto await_transform(std::pair<Cancellation*, Task<U>>&& job) {
      return Join<U, true>{std::move(job.second), job.first};
    }
  };
};

template <class T, class Done>
Detached drive(Cancellation& scope, Task<T> task, Done done) {
  auto result = co_await std::pair<Cancellation*, Task<T>>(&scope, std::move(task));
  done(std::move(result));
}

// Counts to zero and wakes one waiter.
class Latch {
 public:
  explicit Latch(std::size_t count) : count_(count) {}
  void count_down() {
    if (--count_ == 0 && wake_) (*wake_)({});
  }
  External<void> zero() {
    return {.start = [this](Completer<void> done) -> External<void>::Abort {
              if (count_ == 0) {
                done({});
              } else {
                wake_.emplace(done);
              }
              return {};
            },
            .cancellable = false};
  }

 private:
  std::size_t count_;
  std::optional<Completer<void>> wake_;
};

}  // namespace detail

// Starts a task from outside any task; `done` gets the result on the loop's thread. The scope must
// outlive it.
template <class T>
void start(Cancellation& scope, Task<T> task, std::move_only_function<void(Result<T>)> done) {
  detail::drive(scope, std::move(task), std::move(done));
}

// Runs all at the same time. The first failure cancels the others; when all have ended, it is the
// failure of the whole.
Task<> all(std::vector<Task<>> tasks);

// Runs both at the same time and takes the result, good or bad, of the one that ends first; the
// other is cancelled and waited for.
template <class T>
Task<T> race(Task<T> left, Task<T> right) {
  Cancellation& parent = co_await current_scope();
  Cancellation scope(parent);
  detail::Latch latch(2);
  std::optional<Result<T>> first;
  auto ended = [&first, &scope, &latch](Result<T> result) {
    if (!first) {
      first.emplace(std::move(result));
      scope.cancel(Error(errors::cancelled, "another task was faster"));
    }
    latch.count_down();
  };
  detail::drive(scope, std::move(left), ended);
  detail::drive(scope, std::move(right), ended);
  co_await latch.zero();
  co_return co_await std::move(*first);
}

namespace detail {
// Cancels a scope after a time, unless destroyed before.
class Timeout {
 public:
  Timeout(Cancellation& scope, std::chrono::nanoseconds limit);
  ~Timeout();
  Timeout(const Timeout&) = delete;
  Timeout& operator=(const Timeout&) = delete;

 private:
  Timers& timers_;
  Timers::TimerId id_;
};
}  // namespace detail

// Gives `task` at most `limit`; past that it is cancelled and fails with `core.timed_out`.
template <class T>
Task<T> within(std::chrono::nanoseconds limit, Task<T> task) {
  Cancellation& parent = co_await current_scope();
  Cancellation scope(parent);
  detail::Timeout timeout(scope, limit);
  co_return co_await in_scope(scope, std::move(task));
}

// Runs `task` to its end even if the caller is cancelled meanwhile: for clean-up. Keep it short;
// nothing can stop it.
template <class T>
Task<T> shielded(Task<T> task) {
  Cancellation& parent = co_await current_scope();
  Cancellation scope(parent.timers());
  co_return co_await in_scope(scope, std::move(task));
}

// Background tasks of one owner. A resource; close() must have ended before it is destroyed.
class TaskGroup {
 public:
  explicit TaskGroup(Timers& timers) : scope_(timers) {}
  ~TaskGroup() { ensure(running_ == 0, "a task group ends while its tasks run"); }
  TaskGroup(const TaskGroup&) = delete;
  TaskGroup& operator=(const TaskGroup&) = delete;

  // Starts `task`; a failure other than cancellation is logged under `name`. After close() nothing
  // starts any more. Arguments of the task must be values or things that outlive the group.
  void start(std::string name, Task<> task);
  // Cancels what runs and waits for its end.
  Task<> close();
  [[nodiscard]] std::size_t running() const { return running_; }

 private:
  Cancellation scope_;
  std::size_t running_ = 0;
  bool closed_ = false;
  std::vector<Completer<void>> closers_;
};

// Something that happens again and again: waiters wake at the next `notify`.
class Signal {
 public:
  void notify();
  Task<> next();

 private:
  std::vector<Completer<void>> waiters_;
};

// One holder at a time, in the order of asking. `auto held = co_await mutex.lock();`
class Mutex {
 public:
  class [[nodiscard]] Held {
   public:
    explicit Held(Mutex& mutex) : mutex_(&mutex) {}
    Held(Held&& other) noexcept : mutex_(std::exchange(other.mutex_, nullptr)) {}
    Held& operator=(Held&&) = delete;
    ~Held() {
      if (mutex_) mutex_->unlock();
    }

   private:
    Mutex* mutex_;
  };
  Task<Held> lock();

 private:
  void unlock();
  bool held_ = false;
  std::vector<Completer<void>> waiters_;
};

}  // namespace temps

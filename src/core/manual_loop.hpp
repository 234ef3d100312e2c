// An event loop without an outside world: time moves only when nothing else is left to do. For
// tests.
#pragma once
#include <deque>
#include <map>
#include <optional>

#include "core/concurrency.hpp"

namespace temps {

class ManualLoop final : public Timers {
 public:
  TimerId after(std::chrono::nanoseconds delay, Callback fire) override;
  void cancel(TimerId id) override;
  void post(Callback work) override { ready_.push_back(std::move(work)); }

  // Runs one piece of work, moving time forward if only timers are left. False when there is
  // nothing at all.
  bool step();
  // The time that has passed since the loop was made.
  [[nodiscard]] std::chrono::nanoseconds now() const { return now_; }

  // Runs `task` to its end. Aborts when it waits for something that never comes.
  template <class T>
  Result<T> run(Task<T> task) {
    Cancellation scope(*this);
    return run_in(scope, std::move(task));
  }
  template <class T>
  Result<T> run_in(Cancellation& scope, Task<T> task) {
    std::optional<Result<T>> result;
    start<T>(scope, std::move(task), [&result](Result<T> r) { result.emplace(std::move(r)); });
    while (!result) ensure(step(), "the task waits for something that never comes");
    return std::move(*result);
  }

 private:
  std::chrono::nanoseconds now_{};
  std::uint64_t next_id_ = 1;
  std::deque<Callback> ready_;
  std::map<std::pair<std::chrono::nanoseconds, std::uint64_t>, Callback> timers_;
};

}  // namespace temps

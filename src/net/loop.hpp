// The event loop of a control-plane process: one thread that runs all tasks, and a small pool for
// what blocks.
#pragma once
#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "core/concurrency.hpp"

namespace temps::net {

class Loop final : public Timers {
 public:
  Loop();
  ~Loop() override;
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  TimerId after(std::chrono::nanoseconds delay, Callback fire) override;
  void cancel(TimerId id) override;
  void post(Callback work) override;

  // Runs `task` and everything else of this loop until `task` has ended.
  template <class T>
  Result<T> run(Task<T> task) {
    Cancellation scope(*this);
    std::optional<Result<T>> result;
    temps::start<T>(scope, std::move(task), [this, &result](Result<T> ended) {
      result.emplace(std::move(ended));
      wake();
    });
    run_while([&result] { return !result.has_value(); });
    return std::move(*result);
  }

  // Ends with the number of the first of `signals` that arrives. They are blocked for the process
  // meanwhile.
  Task<int> signal(std::vector<int> signals);

  // Runs `work` on a pool thread; for what blocks or computes long. `work` must own or
  // outlive-borrow what it uses: it runs to its end even if the task is cancelled, and the task
  // waits for it. What it throws becomes `core.internal`, as in a task.
  template <class F, class T = std::invoke_result_t<F>>
  Task<T> offload(F work) {
    struct Shared {
      std::optional<T> value;
      std::exception_ptr thrown;
    };
    auto shared = std::make_shared<Shared>();
    auto& self = *this;
    co_await External<void>{
        .start = [&self, shared, &work](Completer<void> done) -> External<void>::Abort {
          self.on_pool([&self, shared, &work, done] {
            try {
              shared->value.emplace(work());
            } catch (...) {
              shared->thrown = std::current_exception();
            }
            self.post([done] { done({}); });
          });
          return {};
        },
        .cancellable = false};
    if (shared->thrown) std::rethrow_exception(shared->thrown);
    co_return std::move(*shared->value);
  }

 private:
  friend class Descriptor;
  void run_while(const std::function<bool()>& more);
  void wake();
  void on_pool(std::function<void()> work);
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace temps::net

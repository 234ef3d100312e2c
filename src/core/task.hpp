// Task<T>: a coroutine that waits and propagates errors with one word, co_await.
//
//   co_await task            the value, or this task ends with the same error
//   co_await attempt(task)   a Result, for who wants to look at the error
//   co_await fail(code, …)   ends this task
//   co_await result          unwraps a Result the same way
//
// A Task is lazy (it starts when awaited), has a single owner and runs on one loop's thread. When a
// task fails, its locals and parameters are gone before its caller sees the error. An exception of
// foreign code that leaves a task becomes `core.internal` with the exception's text as cause.
//
// How an error travels inside (an exception of a private type) is nobody's business outside this
// file.
#pragma once
#include <coroutine>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "core/cancellation.hpp"
#include "core/check.hpp"
#include "core/result.hpp"

namespace temps {

template <class T = void>
class Task;

// Finishes an operation that a task waits for (see `External`). The first call wins; later ones,
// and calls after the waiting task has gone, do nothing. Copyable; loop thread only.
template <class T>
class Completer {
 public:
  void operator()(Result<T> result) const {
    if (!state_->waiter || state_->result) return;
    state_->result.emplace(std::move(result));
    state_->hook.unlink();
    if (state_->starting) return;
    state_->timers->post([state = state_] {
      if (state->waiter) state->waiter.resume();
    });
  }
  [[nodiscard]] bool is_done() const { return !state_->waiter || state_->result; }

 private:
  template <class>
  friend struct ExternalAwaiter;
  struct State {
    std::coroutine_handle<> waiter;
    std::optional<Result<T>> result;
    Timers* timers = nullptr;
    Cancellation::Hook hook;
    bool starting = true;
  };
  explicit Completer(std::shared_ptr<State> state) : state_(std::move(state)) {}
  std::shared_ptr<State> state_;
};

// An operation of the outside world. `start` begins it and may return a function that gives it up;
// that one is called when the waiting task is cancelled, which ends the wait at once. Await it in
// the expression that makes it.
template <class T>
struct External {
  using Abort = std::move_only_function<void()>;
  std::move_only_function<Abort(Completer<T>)> start;
  bool cancellable = true;
};

namespace detail {

struct Failure {
  Error error;
};
Error foreign_exception(std::exception_ptr exception);

template <class T>
T unwrap(Result<T> result) {
  if (!result) throw Failure{std::move(result.error())};
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

}  // namespace detail

template <class T>
struct ExternalAwaiter {
  External<T> operation;
  Cancellation* scope;
  std::shared_ptr<typename Completer<T>::State> state{};
  typename External<T>::Abort abort{};

  ~ExternalAwaiter() {
    if (!state) return;
    state->waiter = {};
    state->hook.unlink();
  }
  bool await_ready() noexcept { return false; }
  bool await_suspend(std::coroutine_handle<> waiter) {
    state = std::make_shared<typename Completer<T>::State>();
    if (operation.cancellable && scope->reason()) {
      state->result.emplace(std::unexpect, *scope->reason());
      return false;
    }
    state->waiter = waiter;
    state->timers = &scope->timers();
    Completer<T> done(state);
    abort = operation.start(done);
    state->starting = false;
    if (state->result) return false;
    if (operation.cancellable) {
      state->hook.link(*scope, [this, done](const Error& reason) {
        if (abort) abort();
        done(Result<T>(std::unexpect, reason));
      });
    }
    return true;
  }
  T await_resume() { return detail::unwrap<T>(std::move(*state->result)); }
};

namespace detail {

struct PromiseBase {
  std::coroutine_handle<> continuation;
  Cancellation* scope = nullptr;
};

struct CurrentScope {};

template <class T>
struct Attempted {
  Task<T> task;
};

template <class T>
struct InScope {
  Cancellation* scope;
  Task<T> task;
};

template <class T>
struct Store : PromiseBase {
  std::optional<Result<T>> result;
  template <class U>
    requires std::constructible_from<Result<T>, U&&>
  void return_value(U&& value) {
    result.emplace(std::forward<U>(value));
  }
};
template <>
struct Store<void> : PromiseBase {
  std::optional<Result<void>> result;
  void return_void() { result.emplace(); }
};

template <class T, bool captured>
struct Join;

template <class T>
struct Promise final : Store<T> {
  Task<T> get_return_object();
  std::suspend_always initial_suspend() noexcept { return {}; }
  auto final_suspend() noexcept {
    struct Final {
      bool await_ready() noexcept { return false; }
      std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> self) noexcept {
        return self.promise().continuation;
      }
      void await_resume() noexcept {}
    };
    return Final{};
  }
  void unhandled_exception() noexcept {
    try {
      throw;
    } catch (Failure& failure) {
      this->result.emplace(std::unexpect, std::move(failure.error));
    } catch (...) {
      this->result.emplace(std::unexpect, foreign_exception(std::current_exception()));
    }
  }

  template <class U>
  auto await_transform(Task<U>&& task) {
    return Join<U, false>{std::move(task), this->scope};
  }
  template <class U>
  auto await_transform(Attempted<U>&& attempted) {
    return Join<U, true>{std::move(attempted.task), this->scope};
  }
  template <class U>
  auto await_transform(InScope<U>&& in) {
    return Join<U, false>{std::move(in.task), in.scope};
  }
  template <class U>
  auto await_transform(External<U>&& operation) {
    return ExternalAwaiter<U>{std::move(operation), this->scope};
  }
  template <class U>
  auto await_transform(Result<U> result) {
    struct Ready : std::suspend_never {
      Result<U> result;
      U await_resume() { return unwrap<U>(std::move(result)); }
    };
    return Ready{{}, std::move(result)};
  }
  auto await_transform(std::unexpected<Error> failure) {
    return await_transform(Result<void>(std::move(failure)));
  }
  auto await_transform(CurrentScope) {
    struct Ready : std::suspend_never {
      Cancellation& scope;
      Cancellation& await_resume() { return scope; }
    };
    return Ready{{}, *this->scope};
  }
};

}  // namespace detail

template <class T>
class [[nodiscard]] Task {
 public:
  using promise_type = detail::Promise<T>;
  using value_type = T;
  explicit Task(std::coroutine_handle<promise_type> handle) : handle_(handle) {}
  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}
  Task& operator=(Task&&) = delete;
  ~Task() { destroy(); }

 private:
  template <class, bool>
  friend struct detail::Join;
  void destroy() {
    if (auto handle = std::exchange(handle_, {})) handle.destroy();
  }
  std::coroutine_handle<promise_type> handle_;
};

namespace detail {

template <class T>
Task<T> Promise<T>::get_return_object() {
  return Task<T>(std::coroutine_handle<Promise>::from_promise(*this));
}

template <class T, bool captured>
struct Join {
  Task<T> task;
  Cancellation* scope;
  bool await_ready() noexcept { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> parent) noexcept {
    auto& child = task.handle_.promise();
    child.continuation = parent;
    child.scope = scope;
    return task.handle_;
  }
  auto await_resume() {
    Result<T> result = std::move(*task.handle_.promise().result);
    task.destroy();  // parameters included, before anybody sees the result
    if constexpr (captured) {
      return result;
    } else {
      return unwrap<T>(std::move(result));
    }
  }
};

}  // namespace detail

// `co_await attempt(task)` yields the task's Result and does not end the awaiting task.
template <class T>
detail::Attempted<T> attempt(Task<T> task) {
  return {std::move(task)};
}

// Runs `task` with `scope` as its cancellation scope; the scope must outlive the await.
template <class T>
Task<T> in_scope(Cancellation& scope, Task<T> task) {
  co_return co_await detail::InScope<T>{&scope, std::move(task)};
}

// `Cancellation& scope = co_await current_scope();`
inline detail::CurrentScope current_scope() { return {}; }

}  // namespace temps

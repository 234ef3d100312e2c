// Calling off work: a tree of scopes that follows the tree of running tasks.
#pragma once
#include <functional>
#include <optional>

#include "core/result.hpp"
#include "core/timers.hpp"

namespace temps {

// One node of the tree. Cancelling it reaches every wait below it, each of which ends with
// `reason`. A resource: it must outlive the tasks that run in it. Loop thread only.
class Cancellation {
 public:
  explicit Cancellation(Timers& timers) : timers_(timers) {}
  explicit Cancellation(Cancellation& parent);
  ~Cancellation();
  Cancellation(const Cancellation&) = delete;
  Cancellation& operator=(const Cancellation&) = delete;

  void cancel(const Error& reason);
  // Why it was cancelled; nothing while it was not.
  [[nodiscard]] const std::optional<Error>& reason() const { return reason_; }
  [[nodiscard]] Timers& timers() const { return timers_; }

  // A wait that wants to hear of cancellation; called at most once, never after destruction.
  class Hook {
   public:
    Hook() = default;
    ~Hook() { unlink(); }
    Hook(const Hook&) = delete;
    Hook& operator=(const Hook&) = delete;
    void link(Cancellation& scope, std::move_only_function<void(const Error&)> wake);
    void unlink();

   private:
    friend class Cancellation;
    Cancellation* scope_ = nullptr;
    Hook* next_ = nullptr;
    Hook* previous_ = nullptr;
    std::move_only_function<void(const Error&)> wake_;
  };

 private:
  Timers& timers_;
  Cancellation* parent_ = nullptr;
  Cancellation* first_child_ = nullptr;
  Cancellation* next_sibling_ = nullptr;
  Cancellation* previous_sibling_ = nullptr;
  Hook* first_hook_ = nullptr;
  std::optional<Error> reason_;
};

}  // namespace temps

#include "core/cancellation.hpp"

#include <utility>

#include "core/check.hpp"

namespace temps {

Cancellation::Cancellation(Cancellation& parent)
    : timers_(parent.timers_), parent_(&parent), reason_(parent.reason_) {
  next_sibling_ = parent.first_child_;
  if (next_sibling_) next_sibling_->previous_sibling_ = this;
  parent.first_child_ = this;
}

Cancellation::~Cancellation() {
  ensure(!first_child_ && !first_hook_, "a cancellation scope ends while work still runs in it");
  if (!parent_) return;
  if (previous_sibling_) {
    previous_sibling_->next_sibling_ = next_sibling_;
  } else {
    parent_->first_child_ = next_sibling_;
  }
  if (next_sibling_) next_sibling_->previous_sibling_ = previous_sibling_;
}

void Cancellation::cancel(const Error& reason) {
  if (reason_) return;
  reason_ = reason;
  // A woken wait only posts its continuation, so no scope or hook is born or dies in these loops.
  for (auto* child = first_child_; child; child = child->next_sibling_) child->cancel(reason);
  while (first_hook_) {
    Hook* hook = first_hook_;
    auto wake = std::move(hook->wake_);
    hook->unlink();
    wake(reason);
  }
}

void Cancellation::Hook::link(Cancellation& scope,
                              std::move_only_function<void(const Error&)> wake) {
  ensure(!scope_, "a cancellation hook is linked twice");
  scope_ = &scope;
  wake_ = std::move(wake);
  next_ = scope.first_hook_;
  if (next_) next_->previous_ = this;
  scope.first_hook_ = this;
}

void Cancellation::Hook::unlink() {
  if (!scope_) return;
  if (previous_) {
    previous_->next_ = next_;
  } else {
    scope_->first_hook_ = next_;
  }
  if (next_) next_->previous_ = previous_;
  scope_ = nullptr;
  next_ = previous_ = nullptr;
  // It may own what the hook lives in; that goes when nothing here is touched any more.
  const auto dropped = std::exchange(wake_, {});
}

}  // namespace temps

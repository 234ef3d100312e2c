#include "core/manual_loop.hpp"

namespace temps {

Timers::TimerId ManualLoop::after(std::chrono::nanoseconds delay, Callback fire) {
  auto id = next_id_++;
  timers_.emplace(std::pair(now_ + delay, id), std::move(fire));
  return TimerId{id};
}

void ManualLoop::cancel(TimerId id) {
  std::erase_if(timers_, [id](const auto& timer) { return TimerId{timer.first.second} == id; });
}

bool ManualLoop::step() {
  Callback work;
  if (!ready_.empty()) {
    work = std::move(ready_.front());
    ready_.pop_front();
  } else if (!timers_.empty()) {
    auto first = timers_.begin();
    now_ = first->first.first;
    work = std::move(first->second);
    timers_.erase(first);
  } else {
    return false;
  }
  work();
  return true;
}

}  // namespace temps

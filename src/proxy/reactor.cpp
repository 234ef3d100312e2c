#include "proxy/reactor.hpp"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "core/check.hpp"

namespace temps::proxy {

void Timer::cancel() {
  armed_ = false;
  unlink();
}

void Timer::unlink() {
  if (previous_ == nullptr) return;
  *previous_ = next_;
  if (next_ != nullptr) next_->previous_ = previous_;
  next_ = nullptr;
  previous_ = nullptr;
}

Reactor::Reactor()
    : epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      wakeup_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      start_(std::chrono::steady_clock::now()),
      now_(start_),
      scratch_(std::make_unique<std::array<char, scratch_bytes>>()) {
  ensure(epoll_ >= 0 && wakeup_ >= 0, "the proxy gets no epoll or eventfd descriptor");
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.ptr = nullptr;
  ensure(::epoll_ctl(epoll_, EPOLL_CTL_ADD, wakeup_, &event) == 0, "cannot watch an eventfd");
}

Reactor::~Reactor() {
  retired_.clear();
  for (auto* timer : wheel_)
    while (timer != nullptr) {
      auto* next = timer->next_;
      timer->cancel();
      timer = next;
    }
  ::close(wakeup_);
  ::close(epoll_);
}

bool Reactor::watch(int fd, EventTarget& target) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.ptr = &target;
  return ::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event) == 0;
}

bool Reactor::rewatch(int fd, EventTarget& target) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.ptr = &target;
  return ::epoll_ctl(epoll_, EPOLL_CTL_MOD, fd, &event) == 0;
}

bool Reactor::watch_level(int fd, EventTarget& target) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.ptr = &target;
  return ::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event) == 0;
}

void Reactor::unwatch(int fd) { ::epoll_ctl(epoll_, EPOLL_CTL_DEL, fd, nullptr); }

void Reactor::soon(EventTarget& target) {
  if (target.queued_ || target.retired_) return;
  target.queued_ = true;
  queued_.push_back(&target);
}

void Reactor::retire(std::unique_ptr<EventTarget> target) {
  target->retired_ = true;
  if (target->queued_) std::erase(queued_, target.get());
  retired_.push_back(std::move(target));
}

void Reactor::post(std::move_only_function<void()> work) {
  {
    const std::lock_guard lock(posted_mutex_);
    if (has_ended_) return;
    posted_.push_back(std::move(work));
  }
  const std::uint64_t one = 1;
  static_cast<void>(::write(wakeup_, &one, sizeof one));
}

void Reactor::run() {
  while (running_) {
    wait();
    run_queued();
    run_timers();
    retired_.clear();
  }
  std::vector<std::move_only_function<void()>> left;
  const std::lock_guard lock(posted_mutex_);
  has_ended_ = true;
  left.swap(posted_);
}

void Reactor::dispatch(std::uint32_t events, EventTarget* target) {
  if (target == nullptr) {
    std::uint64_t count = 0;
    static_cast<void>(::read(wakeup_, &count, sizeof count));
    run_posted();
  } else if (!target->retired_) {
    target->on_events(events);
  }
}

void Reactor::wait() {
  constexpr int batch = 256;
  std::array<epoll_event, batch> events;
  const int count = ::epoll_wait(epoll_, events.data(), batch, wait_milliseconds());
  now_ = std::chrono::steady_clock::now();
  for (int i = 0; i < count; ++i) {
    const auto& event = events[static_cast<std::size_t>(i)];
    dispatch(event.events, static_cast<EventTarget*>(event.data.ptr));
  }
}

void Reactor::run_posted() {
  std::vector<std::move_only_function<void()>> works;
  {
    const std::lock_guard lock(posted_mutex_);
    works.swap(posted_);
  }
  for (auto& work : works) work();
}

// Only those queued before: what asks for another turn gets it after the next wait.
void Reactor::run_queued() {
  if (queued_.empty()) return;
  std::vector<EventTarget*> turn;
  turn.swap(queued_);
  for (auto* target : turn) {
    target->queued_ = false;
    if (!target->retired_) target->on_turn();
  }
}

std::uint64_t Reactor::tick_of(TimePoint time) const {
  return static_cast<std::uint64_t>((time - start_) / tick);
}

void Reactor::arm(Timer& timer, milliseconds from_now) {
  timer.armed_ = true;
  timer.deadline_ = tick_of(now_ + from_now) + 1;
  if (timer.previous_ != nullptr && timer.linked_tick_ <= timer.deadline_) return;
  timer.unlink();
  link(timer, timer.deadline_);
}

void Reactor::link(Timer& timer, std::uint64_t tick_number) {
  // Deadlines beyond the wheel's turn hang in its last slot and are linked again from there.
  const auto slot_tick = std::min(tick_number, done_tick_ + slots - 1);
  timer.linked_tick_ = std::max(slot_tick, done_tick_ + 1);
  auto*& head = wheel_[timer.linked_tick_ % slots];
  timer.next_ = head;
  timer.previous_ = &head;
  if (head != nullptr) head->previous_ = &timer.next_;
  head = &timer;
  next_wake_ = std::min(next_wake_, timer.linked_tick_);
}

int Reactor::wait_milliseconds() const {
  if (!queued_.empty()) return 0;
  if (next_wake_ == ~0ULL) return -1;
  const auto due = start_ + tick * static_cast<std::int64_t>(next_wake_);
  const auto left = std::chrono::ceil<milliseconds>(due - now_).count();
  return static_cast<int>(std::max<std::int64_t>(left, 0));
}

void Reactor::run_timers() {
  const auto present = tick_of(now_);
  if (present < next_wake_) return;
  // After a long pause every slot is looked at once, not once for each turn that was missed.
  const auto first = done_tick_ + 1;
  const auto last = std::min(present, done_tick_ + slots);
  done_tick_ = present;
  for (auto number = first; number <= last; ++number) fire_slot(number);
  find_next_wake();
}

void Reactor::fire_slot(std::uint64_t tick_number) {
  const auto present = tick_of(now_);
  auto* timer = std::exchange(wheel_[tick_number % slots], nullptr);
  // The list gets a head of its own, so that timers fired may cancel each other.
  Timer* rest = timer;
  if (rest != nullptr) rest->previous_ = &rest;
  while (rest != nullptr) {
    auto& first = *rest;
    first.unlink();
    if (!first.armed_) continue;
    if (first.deadline_ > present) {
      link(first, first.deadline_);
    } else {
      first.armed_ = false;
      first.on_time();
    }
  }
}

void Reactor::find_next_wake() {
  next_wake_ = ~0ULL;
  for (std::uint64_t number = done_tick_ + 1; number <= done_tick_ + slots; ++number)
    if (wheel_[number % slots] != nullptr) {
      next_wake_ = number;
      return;
    }
}

}  // namespace temps::proxy

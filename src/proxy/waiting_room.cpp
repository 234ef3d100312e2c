#include "proxy/waiting_room.hpp"

#include <utility>

namespace temps::proxy {
namespace {

constexpr milliseconds pace{100};

}  // namespace

void WaitingPlace::leave() {
  previous_->next_ = next_;
  next_->previous_ = previous_;
  previous_ = next_ = this;
}

void WaitingPlace::enter_before(WaitingPlace& other) {
  leave();
  previous_ = other.previous_;
  next_ = &other;
  previous_->next_ = this;
  other.previous_ = this;
}

void WaitingRoom::enter(WaitingRequest& request) {
  request.enter_before(all_);
  if (!is_armed()) reactor_.arm(*this, pace);
}

// Whoever is called may come back at once, or make others leave.
void WaitingRoom::look() {
  WaitingPlace called;
  for (auto* place = all_.next(); place != &all_;) {
    auto* const next = place->next();
    if (static_cast<WaitingRequest*>(place)->is_called()) place->enter_before(called);
    place = next;
  }
  while (!called.is_alone()) {
    auto* const request = static_cast<WaitingRequest*>(called.next());
    request->leave();
    request->on_called();
  }
}

void WaitingRoom::on_time() {
  look();
  if (!all_.is_alone()) reactor_.arm(*this, pace);
}

}  // namespace temps::proxy

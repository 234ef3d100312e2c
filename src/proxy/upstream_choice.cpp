#include "proxy/upstream_choice.hpp"

#include <algorithm>
#include <utility>

#include "proxy/branches.hpp"
#include "proxy/upstream_probe.hpp"

namespace temps::proxy {
namespace {

// For so long an upstream that could not be reached is only used when all others cannot, either.
constexpr std::chrono::seconds avoid_time{1};
constexpr std::size_t marks = 64;
// At a time, on one loop, for an upstream.
constexpr std::uint32_t waiting_max = 256;

using State = UpstreamHealth::State;

}  // namespace

void UpstreamChoice::begin(const Target& target, const http1::RequestHead& head) {
  table_ = worker_.table;
  target_ = &target;
  if (!target.sticky_tokens.empty()) cookie_ = sticky_cookie(head.fields);
}

void UpstreamChoice::begin(const UpstreamChoice& other) {
  table_ = other.table_;
  target_ = other.target_;
  cookie_ = other.cookie_;
}

void UpstreamChoice::clear() {
  leave_room();
  end_trial();
  lease_.end();
  target_ = nullptr;
  table_.reset();
  cookie_.clear();
  tried_ = 0;
  until_ = {};
  exhausted_ = was_called_ = has_failed_ = false;
}

bool UpstreamChoice::take_next() {
  if (was_called_) begin_again();
  end_trial();
  if (exhausted_) return false;
  const auto found = find();
  if (found) take(*found);
  return found.has_value();
}

std::optional<std::size_t> UpstreamChoice::find() {
  if (!target_->sticky_tokens.empty()) {
    if (const auto at = of_cookie(); at && is_usable(*at)) return at;
  }
  return target_->groups.empty() ? least_loaded(0, target_->upstreams.size()) : find_in_groups();
}

bool UpstreamChoice::is_tried(std::size_t at) const {
  return at < marks && (tried_ >> at & 1U) != 0;
}

bool UpstreamChoice::is_usable(std::size_t at) const {
  return !is_tried(at) && target_->upstreams[at]->health.is_in();
}

std::optional<std::size_t> UpstreamChoice::of_cookie() const {
  const auto& tokens = target_->sticky_tokens;
  const auto found = std::ranges::find(tokens, cookie_);
  if (cookie_.empty() || found == tokens.end()) return std::nullopt;
  return static_cast<std::size_t>(found - tokens.begin());
}

std::optional<std::size_t> UpstreamChoice::least_loaded(std::size_t first, std::size_t count) {
  const auto start = target_->upstreams[first]->share(worker_.index).rotation++;
  std::optional<std::size_t> best;
  std::pair<bool, std::int64_t> best_load{};
  for (std::size_t i = 0; i < count; ++i) {
    const auto at = first + (start + i) % count;
    if (is_tried(at)) continue;
    auto& upstream = *target_->upstreams[at];
    if (!upstream.health.is_in()) [[unlikely]] {
      UpstreamProbe::start(worker_, upstream);
      if (upstream.health.begin_trial(now())) return at;
      continue;
    }
    const auto& share = upstream.share(worker_.index);
    const std::pair load{share.avoid_until > now(), share.in_flight.get()};
    if (best && load >= best_load) continue;
    best = at;
    best_load = load;
  }
  return best;
}

// Smooth weighted turns: each release saves up its weight with every request, the richest one is
// taken and pays for all. Every loop keeps exactly to the weights, so all of them together do.
std::optional<std::size_t> UpstreamChoice::find_in_groups() {
  if (const auto trial = find_trial()) return trial;
  const ReleaseGroup* best = nullptr;
  std::int64_t total = 0;
  const auto credit = [&](const ReleaseGroup& group) -> std::int64_t& {
    return target_->upstreams[group.first]->share(worker_.index).credit;
  };
  for (const auto& group : target_->groups) {
    bool has_usable = false;
    for (std::size_t i = 0; i < group.count; ++i) has_usable |= is_usable(group.first + i);
    if (group.weight == 0 || !has_usable) continue;
    credit(group) += group.weight;
    total += group.weight;
    if (best == nullptr || credit(group) > credit(*best)) best = &group;
  }
  if (best == nullptr) return std::nullopt;
  credit(*best) -= total;
  return least_loaded(best->first, best->count);
}

std::optional<std::size_t> UpstreamChoice::find_trial() {
  for (const auto& group : target_->groups) {
    if (group.weight == 0) continue;
    for (std::size_t at = group.first; at < group.first + group.count; ++at) {
      auto& upstream = *target_->upstreams[at];
      if (upstream.health.is_in() || is_tried(at)) continue;
      UpstreamProbe::start(worker_, upstream);
      if (upstream.health.begin_trial(now())) return at;
    }
  }
  return std::nullopt;
}

void UpstreamChoice::take(std::size_t at) {
  const auto& upstream = target_->upstreams[at];
  at_ = at;
  if (!upstream->health.is_in()) trial_ = upstream.get();
  lease_ = Lease(upstream, worker_.index);
  taken_at_ = now();
}

// The trial has an outcome, if this was one.
UpstreamHealth::Asked UpstreamChoice::take_trial() {
  return std::exchange(trial_, nullptr) == nullptr ? UpstreamHealth::Asked::as_usual
                                                   : UpstreamHealth::Asked::as_trial;
}

void UpstreamChoice::end_trial() {
  if (trial_ != nullptr) std::exchange(trial_, nullptr)->health.end_trial();
}

void UpstreamChoice::mark_tried() {
  if (at_ < marks) tried_ |= 1ULL << at_;
}

TimePoint::duration UpstreamChoice::note_answer(int status) {
  const auto time = now();
  lease_.share().answers.count(status, time - taken_at_);
  lease_.upstream().health.note_answer(take_trial(), time);
  return time - taken_at_;
}

void UpstreamChoice::note_failure(Fault fault) {
  lease_.share().failures.add();
  has_failed_ = true;
  if (fault == Fault::perhaps_not) return;
  auto& upstream = lease_.upstream();
  if (upstream.health.note_failure(take_trial(), now())) UpstreamProbe::start(worker_, upstream);
}

void UpstreamChoice::note_unreachable(Unreached how) {
  lease_.share().avoid_until = now() + avoid_time;
  if (how == Unreached::late) return note_failure();
  if (how == Unreached::not_greeted) return note_failure(Fault::perhaps_not);
  lease_.share().failures.add();
  has_failed_ = true;
  trial_ = nullptr;
  auto& upstream = lease_.upstream();
  if (upstream.health.note_refusal(now())) UpstreamProbe::start(worker_, upstream);
}

void UpstreamChoice::give_up(Unreached how) {
  note_unreachable(how);
  mark_tried();
  exhausted_ = at_ >= marks;
  lease_.end();
}

bool UpstreamChoice::wait(UpstreamUser& user, std::string_view host) {
  if (!may_wait()) return false;
  if (until_ == TimePoint{}) until_ = now() + patience();
  user_ = &user;
  host_ = host;
  count_waiting(1);
  worker_.waiting_room.enter(*this);
  return true;
}

// One that is down for longer than requests wait is answered for at once: it is not being started
// again.
bool UpstreamChoice::may_wait() const {
  const auto& all = target_->upstreams;
  if (patience() == milliseconds(0) || all.front()->share(worker_.index).waiting >= waiting_max)
    return false;
  const auto time = now();
  const bool has_waited = until_ != TimePoint{};
  if (has_waited && time >= until_) return false;
  return std::ranges::any_of(all, [&](const auto& upstream) {
    const auto& health = upstream->health;
    const auto state = health.state();
    return state == State::in ||
           (state == State::unreachable && (has_waited || time - health.since() < patience()));
  });
}

void UpstreamChoice::count_waiting(int change) {
  for (const auto& upstream : target_->upstreams) {
    auto& waiting = upstream->share(worker_.index).waiting;
    waiting += static_cast<std::uint32_t>(change);
    if (change > 0 && !upstream->health.is_in()) UpstreamProbe::start(worker_, *upstream);
  }
}

bool UpstreamChoice::is_called() const {
  if (now() >= until_ || worker_.table != table_) return true;
  bool has_hope = false;
  for (const auto& upstream : target_->upstreams) {
    const auto state = upstream->health.state();
    if (state == State::in) return true;
    has_hope |= state == State::unreachable;
  }
  return !has_hope;
}

void UpstreamChoice::on_called() {
  count_waiting(-1);
  was_called_ = true;
  std::exchange(user_, nullptr)->on_upstream_events();
}

void UpstreamChoice::leave_room() {
  if (!is_waiting()) return;
  stop_waiting();
  count_waiting(-1);
}

// What is started again may come back at another address, with a table that says so.
void UpstreamChoice::begin_again() {
  was_called_ = false;
  tried_ = 0;
  exhausted_ = false;
  if (worker_.table == table_) return;
  const auto& snapshot = *worker_.table->snapshot;
  // The console may be asked on an app's host.
  const auto* target =
      target_->kind == Target::Kind::console ? snapshot.console() : snapshot.find(host_);
  if (target != nullptr) target = &app_of(*target, target_->release);
  if (target == nullptr || target->upstreams.empty()) {
    exhausted_ = true;
    until_ = now();
    return;
  }
  end_trial();
  table_ = worker_.table;
  target_ = target;
}

std::optional<std::string> UpstreamChoice::cookie(CookieScope scope) const {
  const auto& tokens = target_->sticky_tokens;
  if (tokens.empty() || tokens[at_] == cookie_) return std::nullopt;
  return set_sticky_cookie(tokens[at_], scope);
}

Notice UpstreamChoice::unreachable(std::string_view host) const {
  return target_->kind == Target::Kind::console ? notices::console_down()
                                                : notices::bad_gateway(host);
}

Notice UpstreamChoice::unavailable(std::string_view host) {
  constexpr std::chrono::seconds usual{5};
  auto pause = usual;
  for (const auto& upstream : target_->upstreams) {
    if (upstream->health.state() != State::out) continue;
    const auto left = std::chrono::ceil<std::chrono::seconds>(upstream->health.out_until() - now());
    pause = std::clamp(left, std::chrono::seconds(1), pause);
  }
  if (!std::exchange(has_failed_, true))
    target_->upstreams.front()->share(worker_.index).failures.add();
  return target_->kind == Target::Kind::console ? notices::console_unavailable(pause)
                                                : notices::app_unavailable(host, pause);
}

}  // namespace temps::proxy

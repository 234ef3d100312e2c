#include "proxy/upstream_choice.hpp"

#include <utility>

namespace temps::proxy {
namespace {

// For so long an upstream that refused a connection is only used when all others have, too.
constexpr std::chrono::seconds avoid_time{1};
constexpr std::size_t marks = 64;

}  // namespace

void UpstreamChoice::begin(const Target& target) {
  table_ = worker_.table;
  target_ = &target;
}

void UpstreamChoice::begin(const UpstreamChoice& other) {
  table_ = other.table_;
  target_ = other.target_;
}

void UpstreamChoice::clear() {
  lease_.end();
  target_ = nullptr;
  table_.reset();
  tried_ = 0;
  exhausted_ = false;
}

bool UpstreamChoice::take_next() {
  if (exhausted_) return false;
  const auto& all = target_->upstreams;
  const auto start = worker_.rotation++;
  const std::shared_ptr<Upstream>* best = nullptr;
  std::pair<bool, std::int64_t> best_load{};
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto at = (start + i) % all.size();
    if (at < marks && (tried_ >> at & 1U) != 0) continue;
    const auto& share = all[at]->share(worker_.index);
    const std::pair load{share.avoid_until > worker_.reactor.now(), share.in_flight.get()};
    if (best != nullptr && load >= best_load) continue;
    best = &all[at];
    best_load = load;
    at_ = at;
  }
  if (best == nullptr) return false;
  lease_ = Lease(*best, worker_.index);
  taken_at_ = now();
  return true;
}

void UpstreamChoice::mark_tried() {
  if (at_ < marks) tried_ |= 1ULL << at_;
}

void UpstreamChoice::note_unreachable() {
  note_failure();
  lease_.share().avoid_until = worker_.reactor.now() + avoid_time;
}

void UpstreamChoice::give_up() {
  note_unreachable();
  mark_tried();
  exhausted_ = at_ >= marks;
  lease_.end();
}

Notice UpstreamChoice::unreachable(std::string_view host) const {
  return target_->kind == Target::Kind::console ? notices::console_down()
                                                : notices::bad_gateway(host);
}

}  // namespace temps::proxy

#include "proxy/branches.hpp"

#include <algorithm>

#include "proxy/stickiness.hpp"
#include "proxy/upstream_probe.hpp"

namespace temps::proxy {
namespace {

// One that is out gets a request once it may be tried again.
bool takes_requests(Worker& worker, const Branch& branch) {
  if (branch.target.kind == Target::Kind::tree) return true;
  const auto now = worker.reactor.now();
  bool takes = false;
  for (const auto& upstream : branch.target.upstreams) {
    const auto& health = upstream->health;
    if (!health.is_in()) [[unlikely]]
      UpstreamProbe::start(worker, *upstream);
    takes |= health.is_in() ||
             (health.state() == UpstreamHealth::State::out && now >= health.out_until());
  }
  return takes;
}

bool is_named(const Branch& branch, std::string_view cookie) {
  return branch.sticky_token == cookie || std::ranges::find(branch.target.sticky_tokens, cookie) !=
                                              branch.target.sticky_tokens.end();
}

}  // namespace

// Smooth weighted turns, as among the releases of an app (UpstreamChoice).
const Branch& next_branch(Worker& worker, const Target& split, const http1::RequestHead& head) {
  const auto cookie = sticky_cookie(head.fields);
  const Branch* best = nullptr;
  std::int64_t total = 0;
  const auto credit = [&](const Branch& branch) -> std::int64_t& {
    return branch.turns->share(worker.index).credit;
  };
  for (const auto& branch : split.branches) {
    if (!takes_requests(worker, branch)) continue;
    if (!cookie.empty() && is_named(branch, cookie)) return branch;
  }
  for (const auto& branch : split.branches) {
    if (branch.weight == 0 || !takes_requests(worker, branch)) continue;
    credit(branch) += branch.weight;
    total += branch.weight;
    if (best == nullptr || credit(branch) > credit(*best)) best = &branch;
  }
  // Nobody can answer, or only who shall get nobody new: the first, whose visitors may wait.
  if (best == nullptr) {
    const auto wanted = std::ranges::find_if(
        split.branches, [](const Branch& branch) { return branch.weight > 0; });
    return wanted == split.branches.end() ? split.branches.front() : *wanted;
  }
  credit(*best) -= total;
  return *best;
}

std::string cookie_of(const Branch& branch, const Exchange& exchange,
                      const http1::RequestHead& head) {
  if (branch.sticky_token.empty() || sticky_cookie(head.fields) == branch.sticky_token) return {};
  return set_sticky_cookie(branch.sticky_token,
                           exchange.is_https() ? CookieScope::https : CookieScope::any);
}

const Target& app_of(const Target& target, std::string_view release) {
  const Target* found = &target;
  for (const auto& branch : target.branches) {
    if (branch.target.kind != Target::Kind::app) continue;
    if (found == &target || branch.target.release == release) found = &branch.target;
  }
  return *found;
}

}  // namespace temps::proxy

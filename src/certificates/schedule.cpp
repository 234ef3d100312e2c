#include "certificates/schedule.hpp"

#include <algorithm>

#include "acme/errors.hpp"

namespace temps::certificates {
namespace {

using std::chrono::seconds;

constexpr seconds dns_pause_min{10};
constexpr seconds dns_pause_max{15 * 60};
constexpr seconds cheap_pause{60};
constexpr seconds costly_pause{15 * 60};
constexpr seconds doubled_pause_max{12 * 3600};
constexpr std::chrono::hours rest_max{24};
constexpr seconds staple_pause_min{5 * 60};
constexpr seconds staple_pause_max{6 * 3600};

// Did the authority hold an attempt against us?
bool is_costly(const Error& error) {
  namespace e = acme::errors;
  for (const auto& cheap : {e::unreachable, e::bad_answer, e::failed}) {
    if (error.is(cheap)) return false;
  }
  return error.code().code.starts_with("acme.");
}

Instant part_of(Instant from, Instant to, double part) {
  const auto length = static_cast<double>((to - from).count());
  return from + std::chrono::microseconds(static_cast<std::int64_t>(length * part));
}

}  // namespace

seconds pause_for_dns(seconds waited) {
  return std::clamp(waited / 4, dns_pause_min, dns_pause_max);
}

seconds pause_after(std::int32_t failures, const Error& error, double chance) {
  auto pause = is_costly(error) ? costly_pause : cheap_pause;
  for (std::int32_t i = 1; i < failures && pause < doubled_pause_max; ++i) pause *= 2;
  pause = std::min(pause, doubled_pause_max);
  const double factor = 0.75 + 0.5 * chance;
  const seconds parted{static_cast<std::int64_t>(static_cast<double>(pause.count()) * factor)};
  return std::max(parted, std::min(error.retry_after(), seconds(pause_max)));
}

Instant next_question(Instant now, Instant this_update, Instant next_update) {
  const auto half = part_of(this_update, next_update, 0.5);
  if (half > now) return half;
  // Some responders hand out answers that are older than that.
  const auto rest = std::max<std::chrono::microseconds>(next_update - now, {});
  return now + std::clamp<std::chrono::microseconds>(rest / 2, staple_pause_min, staple_pause_max);
}

seconds pause_for_staple(std::int32_t failures) {
  auto pause = staple_pause_min;
  for (std::int32_t i = 1; i < failures && pause < staple_pause_max; ++i) pause *= 2;
  return std::min(pause, staple_pause_max);
}

Instant next_renewal(const Renewal& renewal) {
  const auto& [not_before, not_after, window, planned, issued_at, chance] = renewal;
  // Whatever is advised, a sixth of the life is left for failures.
  const auto last = part_of(not_before, not_after, 5.0 / 6);
  auto from = part_of(not_before, not_after, 0.63);
  auto to = part_of(not_before, not_after, 2.0 / 3);
  if (window && window->start < window->end) {
    from = std::min(window->start, last);
    to = std::min(window->end, last);
  }
  const Instant chosen =
      planned && *planned >= from && *planned <= to ? *planned : part_of(from, to, chance);
  const auto rest = std::min<std::chrono::microseconds>(rest_max, (not_after - not_before) / 2);
  return std::max(chosen, issued_at + rest);
}

}  // namespace temps::certificates

// When to renew, when to try again: pure decisions.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>

#include "acme/values.hpp"
#include "core/clock.hpp"
#include "core/result.hpp"

namespace temps::certificates {

// Between two looks at DNS that does not lead here yet, after `waited` so far: often while
// somebody is likely to be at it, rarely when nobody cares.
std::chrono::seconds pause_for_dns(std::chrono::seconds waited);

// After `failures` in a row, the last of them `error`. Proofs that fail count against the limits of
// authorities (five an hour for a name at Let's Encrypt), so those pause longest; the authority's
// own word on when to come again is never undercut. `chance` from 0 to 1 parts orders that failed
// together.
std::chrono::seconds pause_after(std::int32_t failures, const Error& error, double chance);
inline constexpr std::chrono::hours pause_max{7 * 24};

// When an issuer is asked again what it has said to hold from `this_update` to `next_update`: when
// half of that is over.
Instant next_question(Instant now, Instant this_update, Instant next_update);
// After `failures` in a row.
std::chrono::seconds pause_for_staple(std::int32_t failures);

struct Renewal {
  Instant not_before{};
  Instant not_after{};
  std::optional<acme::RenewalWindow> window{};  // the authority's advice
  std::optional<Instant> planned{};             // what was chosen before
  Instant issued_at{};                          // as our own clock says
  double chance = 0;                            // from 0 to 1
};
// A moment inside the window where there is one, else at two thirds of the certificate's life or a
// little before. What was chosen before stays while it fits. Never soon after it was issued: a
// clock that is wrong must not order without end.
Instant next_renewal(const Renewal& renewal);

}  // namespace temps::certificates

// Wall-clock time as a service, so that tests decide what time it is.
#pragma once
#include <chrono>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace temps {

// Microseconds since 1970 UTC, the resolution of PostgreSQL's timestamptz.
using Instant = std::chrono::sys_time<std::chrono::microseconds>;

class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual Instant now() const = 0;
};

class SystemClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const override;
};

class FakeClock final : public Clock {
 public:
  explicit FakeClock(Instant now = Instant{std::chrono::seconds{1'700'000'000}}) : now_(now) {}
  [[nodiscard]] Instant now() const override { return now_; }
  void advance(std::chrono::microseconds by) { now_ += by; }

 private:
  Instant now_;
};

// RFC 3339 in UTC with milliseconds: 2026-03-01T12:00:00.000Z.
std::string to_rfc3339(Instant time);
// Accepts any RFC 3339 date-time. Fails with `core.bad_time`.
Result<Instant> parse_rfc3339(std::string_view text);

namespace errors {
inline constexpr ErrorCode bad_time{"core.bad_time", ErrorKind::invalid, "Not an RFC 3339 time"};
}

}  // namespace temps

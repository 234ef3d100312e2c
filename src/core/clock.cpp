#include "core/clock.hpp"

#include "core/text.hpp"

namespace temps {

using std::chrono::microseconds;

Instant SystemClock::now() const {
  return std::chrono::time_point_cast<microseconds>(std::chrono::system_clock::now());
}

std::string to_rfc3339(Instant time) {
  const auto days = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{days};
  const std::chrono::hh_mm_ss clock{std::chrono::floor<std::chrono::milliseconds>(time - days)};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                     clock.subseconds().count());
}

namespace {

// The digits [at, at + count) as a number.
std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
  if (text.size() < at + count) return std::nullopt;
  const auto part = text.substr(at, count);
  if (part.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  return parse_number<int>(part);
}

std::optional<microseconds> fraction(std::string_view& rest) {
  microseconds value{};
  if (!rest.starts_with('.')) return value;
  rest.remove_prefix(1);
  std::int64_t scale = 100'000;
  std::size_t used = 0;
  while (used < rest.size() && rest[used] >= '0' && rest[used] <= '9') {
    value += microseconds{scale * (rest[used] - '0')};
    scale /= 10;
    ++used;
  }
  if (used == 0) return std::nullopt;
  rest.remove_prefix(used);
  return value;
}

std::optional<std::chrono::minutes> offset(std::string_view rest) {
  if (rest == "Z" || rest == "z") return std::chrono::minutes{0};
  if (rest.size() != 6 || (rest[0] != '+' && rest[0] != '-') || rest[3] != ':') return std::nullopt;
  const auto hours = digits(rest, 1, 2);
  const auto minutes = digits(rest, 4, 2);
  if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  const std::chrono::minutes size{*hours * 60 + *minutes};
  return rest[0] == '-' ? -size : size;
}

}  // namespace

Result<Instant> parse_rfc3339(std::string_view text) {
  const auto bad = [text] {
    return fail(errors::bad_time, "\"{}\" is not an RFC 3339 time such as 2026-03-01T12:00:00Z",
                text.substr(0, 64));
  };
  const auto year = digits(text, 0, 4);
  const auto month = digits(text, 5, 2);
  const auto day = digits(text, 8, 2);
  const auto hour = digits(text, 11, 2);
  const auto minute = digits(text, 14, 2);
  const auto second = digits(text, 17, 2);
  if (!year || !month || !day || !hour || !minute || !second || text[4] != '-' || text[7] != '-' ||
      (text[10] != 'T' && text[10] != 't' && text[10] != ' ') || text[13] != ':' ||
      text[16] != ':') {
    return bad();
  }
  const std::chrono::year_month_day date{std::chrono::year{*year},
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok() || *hour > 23 || *minute > 59 || *second > 60) return bad();
  auto rest = text.substr(19);
  const auto part = fraction(rest);
  if (!part) return bad();
  const auto zone = offset(rest);
  if (!zone) return bad();
  return Instant{std::chrono::sys_days{date}} + std::chrono::hours{*hour} +
         std::chrono::minutes{*minute} + std::chrono::seconds{*second} + *part - *zone;
}

}  // namespace temps

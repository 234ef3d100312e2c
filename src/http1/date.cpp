#include "http1/date.hpp"

#include <cstddef>
#include <cstdint>

#include "core/text.hpp"

namespace temps::http1 {
namespace {

constexpr std::string_view day_names = "SunMonTueWedThuFriSat";
constexpr std::string_view month_names = "JanFebMarAprMayJunJulAugSepOctNovDec";

}  // namespace

Date http_date(std::chrono::sys_seconds time) {
  using namespace std::chrono;
  const auto day = floor<days>(time);
  const year_month_day date{day};
  const hh_mm_ss clock{time - day};
  Date text;
  std::size_t at = 0;
  const auto put = [&](std::string_view part) { at += part.copy(text.data() + at, part.size()); };
  const auto put_number = [&](std::int64_t number, std::size_t digits) {
    for (std::size_t i = digits; i-- > 0; number /= 10)
      text[at + i] = static_cast<char>('0' + number % 10);
    at += digits;
  };
  put(day_names.substr(weekday{day}.c_encoding() * 3, 3));
  put(", ");
  put_number(static_cast<unsigned>(date.day()), 2);
  put(" ");
  put(month_names.substr((static_cast<unsigned>(date.month()) - 1) * 3, 3));
  put(" ");
  put_number(static_cast<int>(date.year()), 4);
  put(" ");
  put_number(clock.hours().count(), 2);
  put(":");
  put_number(clock.minutes().count(), 2);
  put(":");
  put_number(clock.seconds().count(), 2);
  put(" GMT");
  return text;
}

std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view text) {
  using namespace std::chrono;
  if (text.size() != 29 || !text.ends_with(" GMT") || text.substr(3, 2) != ", ") return {};
  const auto month_at = month_names.find(text.substr(8, 3));
  const auto d = parse_number<unsigned>(text.substr(5, 2));
  const auto y = parse_number<unsigned>(text.substr(12, 4));
  const auto h = parse_number<unsigned>(text.substr(17, 2));
  const auto m = parse_number<unsigned>(text.substr(20, 2));
  const auto s = parse_number<unsigned>(text.substr(23, 2));
  if (month_at == std::string_view::npos || month_at % 3 != 0) return {};
  if (!d || !y || !h || !m || !s || *h > 23 || *m > 59 || *s > 60) return {};
  if (text[19] != ':' || text[22] != ':') return {};
  const year_month_day date{year(static_cast<int>(*y)),
                            month(static_cast<unsigned>(month_at / 3 + 1)), day(*d)};
  if (!date.ok()) return {};
  return sys_days{date} + hours{*h} + minutes{*m} + seconds{*s};
}

}  // namespace temps::http1

#include "app/time_filter.hpp"

#include <utility>

#include "app/errors.hpp"
#include "core/clock.hpp"
#include "core/text.hpp"
#include "settings/units.hpp"

namespace temps::app {
namespace {

// "1h" is an hour ago.
Result<std::string> to_time(std::string_view text) {
  if (const auto ago = settings::parse_duration(text)) {
    return to_rfc3339(SystemClock().now() - *ago);
  }
  auto time = parse_rfc3339(text);
  if (!time) {
    return fail(errors::usage, "{} is no time: such as 1h, or 2026-03-01T12:00:00Z", text);
  }
  return to_rfc3339(*time);
}

}  // namespace

Result<std::string> time_filter(const std::string& since, const std::string& until) {
  std::string text;
  for (const auto& [name, value] : {std::pair("since", &since), std::pair("until", &until)}) {
    if (value->empty()) continue;
    auto time = to_time(*value);
    if (!time) return time;
    text += fmt::format("&{}={}", name, percent_encoded(*time));
  }
  return text;
}

}  // namespace temps::app

#include "app/expiry.hpp"

#include "app/errors.hpp"
#include "core/clock.hpp"
#include "core/text.hpp"
#include "settings/units.hpp"

namespace temps::app {

Result<std::optional<std::string>> expiry(const std::string& lifetime) {
  if (lifetime.empty()) return std::nullopt;
  const auto length = settings::parse_duration(lifetime);
  if (!length) return fail(errors::usage, "\"{}\" is no time, such as 90d or 12h", lifetime);
  return to_rfc3339(SystemClock().now() + *length);
}

}  // namespace temps::app

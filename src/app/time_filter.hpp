// The part of a listing's query that says of which time.
#pragma once
#include <string>

#include "core/result.hpp"

namespace temps::app {

// "&since=…&until=…" of what the user wrote: "1h", which is an hour ago, or an RFC 3339 time; an
// empty text asks for nothing. Fails with `app.usage`.
Result<std::string> time_filter(const std::string& since, const std::string& until);

}  // namespace temps::app

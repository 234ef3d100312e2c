// "90d" on the command line as the time that the API takes.
#pragma once
#include <optional>
#include <string>

#include "core/result.hpp"

namespace temps::app {

// That long from now; nothing for empty text. Fails with `app.usage`.
Result<std::optional<std::string>> expiry(const std::string& lifetime);

}  // namespace temps::app

// What teams, tokens and the like may be called.
#pragma once
#include <string_view>

#include "core/result.hpp"

namespace temps::access {

// 1 to 100 bytes of UTF-8 without control characters. Fails with `bad_name`.
Result<> check_name(std::string_view name);

}  // namespace temps::access

// Invariants that stay on in every build.
#pragma once
#include <source_location>
#include <string_view>

namespace temps {

// Ends the process with the place and the reason when `condition` does not hold. For what no input
// can cause; what a user can trigger is an Error instead.
[[noreturn]] void broken(std::string_view reason,
                         std::source_location where = std::source_location::current());
inline void ensure(bool condition, std::string_view reason,
                   std::source_location where = std::source_location::current()) {
  if (!condition) [[unlikely]]
    broken(reason, where);
}

}  // namespace temps

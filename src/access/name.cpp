#include "access/name.hpp"

#include <algorithm>

#include "access/errors.hpp"
#include "core/text.hpp"

namespace temps::access {

Result<> check_name(std::string_view name) {
  constexpr std::size_t name_bytes_max = 100;
  const bool has_control = std::ranges::any_of(
      name, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
  const bool is_usable = !trimmed(name).empty() && name.size() <= name_bytes_max && !has_control;
  if (is_usable && is_utf8(name)) return {};
  return fail(Error(errors::bad_name, "a name has 1 to 100 characters",
                    {{"/name", "must have 1 to 100 characters"}}));
}

}  // namespace temps::access

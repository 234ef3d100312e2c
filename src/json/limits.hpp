// How much and how strictly JSON is read.
#pragma once
#include <cstddef>
#include <cstdint>

namespace temps::json {

// What happens to members that the type has no field for.
enum class Unknown : std::uint8_t { ignore, refuse };
// What happens to fields that the text has no member for. std::optional, std::vector and std::map
// may always be absent.
enum class Missing : std::uint8_t { refuse, default_value };

struct Limits {
  std::size_t size_bytes_max = 1024UL * 1024;
  std::size_t depth_max = 32;
  Unknown unknown = Unknown::ignore;
  Missing missing = Missing::refuse;
};

}  // namespace temps::json

// Typed keys: ids of different tables do not mix.
#pragma once
#include <compare>
#include <cstdint>
#include <functional>

namespace temps {

template <class Tag>
struct Id {
  std::int64_t value = 0;
  friend auto operator<=>(Id, Id) = default;
};

}  // namespace temps

template <class Tag>
struct std::hash<temps::Id<Tag>> {
  std::size_t operator()(temps::Id<Tag> id) const noexcept {
    return std::hash<std::int64_t>{}(id.value);
  }
};

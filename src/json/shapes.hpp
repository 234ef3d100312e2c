// Which C++ types stand for which JSON; shared by reading, writing and schemas.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "core/id.hpp"
#include "core/reflect.hpp"

namespace temps::json::detail {

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

template <class T>
inline constexpr bool is_vector = false;
template <class T>
inline constexpr bool is_vector<std::vector<T>> = true;

template <class T>
inline constexpr bool is_map = false;
template <class T, class Compare>
inline constexpr bool is_map<std::map<std::string, T, Compare>> = true;

template <class T>
inline constexpr bool is_id = false;
template <class Tag>
inline constexpr bool is_id<Id<Tag>> = true;

template <class T>
concept Integer = std::is_integral_v<T> && !std::is_same_v<T, bool> && !std::is_same_v<T, char>;

// Fields of these types may be absent.
template <class T>
inline constexpr bool may_be_absent = is_optional<T> || is_vector<T> || is_map<T>;

template <class T>
inline constexpr bool unsupported = false;

constexpr std::string_view wire_name(std::string_view name) {
  if (name.ends_with('_')) name.remove_suffix(1);
  return name;
}

// Calls `visit(name, field)` for each field in order; an aggregate may also have none.
template <class T, class Visit>
constexpr void for_each_field(T& value, Visit&& visit) {
  if constexpr (reflect::field_count<std::remove_const_t<T>> > 0) {
    reflect::for_each_field(
        value, [&visit](std::string_view name, auto& field) { visit(wire_name(name), field); });
  }
}

template <class E>
  requires std::is_enum_v<E>
std::vector<std::string_view> enum_names() {
  std::vector<std::string_view> names;
  for (std::size_t i = 0; i < reflect::detail::enumerators_max; ++i) {
    const auto name = reflect::enum_name(static_cast<E>(i));
    if (!name.empty()) names.push_back(wire_name(name));
  }
  return names;
}

}  // namespace temps::json::detail

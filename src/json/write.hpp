// The writing half of json.hpp.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

#include "core/clock.hpp"
#include "core/secret.hpp"
#include "json/shapes.hpp"
#include "json/value.hpp"

namespace temps::json {

// The text in double quotes, with what JSON wants escaped; U+FFFD for what is no UTF-8.
std::string quote(std::string_view text);

namespace detail {

void write_string(std::string& out, std::string_view text);
void write_integer(std::string& out, std::int64_t value);
void write_large_integer(std::string& out, std::uint64_t value);
// The shortest text that reads back as the same number; "null" for infinities and NaN, which JSON
// has not.
void write_number(std::string& out, double value);
// `"name":`, after a comma where something stands before it.
void write_key(std::string& out, std::string_view name);

template <class T>
void write(std::string& out, const T& value);

template <class T>
void write_array(std::string& out, const std::vector<T>& items) {
  out += '[';
  bool first = true;
  for (const auto& item : items) {
    if (!first) out += ',';
    first = false;
    write<T>(out, item);
  }
  out += ']';
}

template <class Map>
void write_map(std::string& out, const Map& members) {
  out += '{';
  for (const auto& [name, value] : members) {
    write_key(out, name);
    write(out, value);
  }
  out += '}';
}

template <class T>
void write_object(std::string& out, const T& value) {
  out += '{';
  for_each_field(value, [&out](std::string_view name, const auto& field) {
    using Field = std::remove_cvref_t<decltype(field)>;
    if constexpr (is_optional<Field>) {
      if (!field) return;
    }
    write_key(out, name);
    write(out, field);
  });
  out += '}';
}

template <class T>
void write(std::string& out, const T& value) {
  if constexpr (std::is_same_v<T, bool>) {
    out += value ? "true" : "false";
  } else if constexpr (std::is_convertible_v<const T&, std::string_view>) {
    write_string(out, value);
  } else if constexpr (std::is_same_v<T, Disclosed>) {
    write_string(out, value.text);
  } else if constexpr (std::is_enum_v<T>) {
    write_string(out, wire_name(reflect::enum_name(value)));
  } else if constexpr (Integer<T> && std::is_signed_v<T>) {
    write_integer(out, value);
  } else if constexpr (Integer<T>) {
    write_large_integer(out, value);
  } else if constexpr (std::is_floating_point_v<T>) {
    write_number(out, value);
  } else if constexpr (is_id<T>) {
    write_integer(out, value.value);
  } else if constexpr (std::is_same_v<T, Instant>) {
    write_string(out, to_rfc3339(value));
  } else if constexpr (std::is_same_v<T, Raw> || std::is_same_v<T, Value>) {
    out += value.text();
  } else if constexpr (is_optional<T>) {
    if (value) {
      write(out, *value);
    } else {
      out += "null";
    }
  } else if constexpr (is_vector<T>) {
    write_array(out, value);
  } else if constexpr (is_map<T>) {
    write_map(out, value);
  } else if constexpr (reflect::Aggregate<T>) {
    write_object(out, value);
  } else {
    static_assert(unsupported<T>, "no JSON stands for this type; json.hpp lists those it knows");
  }
}

}  // namespace detail
}  // namespace temps::json

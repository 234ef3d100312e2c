// The schema half of json.hpp.
#pragma once
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>

#include "core/clock.hpp"
#include "core/secret.hpp"
#include "json/shapes.hpp"
#include "json/value.hpp"
#include "json/write.hpp"

namespace temps::json {

enum class Direction : std::uint8_t { input, output };

namespace detail {

// The types around the one being described, so that a type that holds itself ends.
struct Around {
  const Around* outer = nullptr;
  const void* type = nullptr;
  [[nodiscard]] bool holds(const void* wanted) const {
    return type == wanted || (outer != nullptr && outer->holds(wanted));
  }
};
template <class T>
inline constexpr char type_mark = 0;

template <class T>
void write_schema(std::string& out, Direction direction, const Around& around);

template <class T>
void write_integer_schema(std::string& out) {
  if constexpr (sizeof(T) == 8) {
    out += R"({"type":"integer","format":"int64"})";
  } else {
    out += R"({"type":"integer","minimum":)";
    write_integer(out, std::numeric_limits<T>::min());
    out += R"(,"maximum":)";
    write_integer(out, std::numeric_limits<T>::max());
    out += '}';
  }
}

template <class T>
void write_object_schema(std::string& out, Direction direction, const Around& outer) {
  const Around around{&outer, &type_mark<T>};
  std::string required;
  out += R"({"type":"object","properties":{)";
  T value{};
  for_each_field(value, [&](std::string_view name, auto& field) {
    using Field = std::remove_cvref_t<decltype(field)>;
    write_key(out, name);
    write_schema<Field>(out, direction, around);
    const bool optional = direction == Direction::input ? may_be_absent<Field> : is_optional<Field>;
    if (optional) return;
    required += required.empty() ? "" : ",";
    write_string(required, name);
  });
  out += '}';
  if (!required.empty()) out += R"(,"required":[)" + required + ']';
  out += '}';
}

template <class T>
void write_schema(std::string& out, Direction direction, const Around& around) {
  if constexpr (std::is_same_v<T, bool>) {
    out += R"({"type":"boolean"})";
  } else if constexpr (std::is_convertible_v<const T&, std::string_view>) {
    out += R"({"type":"string"})";
  } else if constexpr (std::is_same_v<T, Secret> || std::is_same_v<T, Disclosed>) {
    out += R"({"type":"string","format":"password"})";
  } else if constexpr (std::is_enum_v<T>) {
    out += R"({"type":"string","enum":)";
    write_array(out, enum_names<T>());
    out += '}';
  } else if constexpr (Integer<T>) {
    write_integer_schema<T>(out);
  } else if constexpr (std::is_floating_point_v<T>) {
    out += R"({"type":"number"})";
  } else if constexpr (is_id<T>) {
    write_integer_schema<std::int64_t>(out);
  } else if constexpr (std::is_same_v<T, Instant>) {
    out += R"({"type":"string","format":"date-time"})";
  } else if constexpr (std::is_same_v<T, Raw> || std::is_same_v<T, Value>) {
    out += "{}";
  } else if constexpr (is_optional<T>) {
    write_schema<typename T::value_type>(out, direction, around);
  } else if constexpr (is_vector<T>) {
    out += R"({"type":"array","items":)";
    write_schema<typename T::value_type>(out, direction, around);
    out += '}';
  } else if constexpr (is_map<T>) {
    out += R"({"type":"object","additionalProperties":)";
    write_schema<typename T::mapped_type>(out, direction, around);
    out += '}';
  } else if constexpr (reflect::Aggregate<T>) {
    if (around.holds(&type_mark<T>)) {
      out += R"({"type":"object"})";
    } else {
      write_object_schema<T>(out, direction, around);
    }
  } else {
    static_assert(unsupported<T>, "no JSON stands for this type; json.hpp lists those it knows");
  }
}

}  // namespace detail
}  // namespace temps::json

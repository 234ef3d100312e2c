// The reading half of json.hpp.
#pragma once
#include <concepts>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/clock.hpp"
#include "core/result.hpp"
#include "core/secret.hpp"
#include "json/limits.hpp"
#include "json/shapes.hpp"
#include "json/value.hpp"

namespace temps::json::detail {

// Where in the document a value stands: a chain of stack frames, made into a pointer only for an
// error.
struct Place {
  const Place* outer = nullptr;
  std::string_view key;
  std::optional<std::size_t> index;

  [[nodiscard]] Place member(std::string_view name) const { return {this, name, std::nullopt}; }
  [[nodiscard]] Place item(std::size_t at) const { return {this, {}, at}; }
  [[nodiscard]] std::string pointer() const;
};

// One decode: what it may do and what it found wrong.
class Reading {
 public:
  Reading(std::shared_ptr<const Document> document, const Limits& limits)
      : document_(std::move(document)), limits_(limits) {}

  [[nodiscard]] const std::shared_ptr<const Document>& document() const { return document_; }
  [[nodiscard]] const Limits& limits() const { return limits_; }
  [[nodiscard]] bool fits() const { return fields_.empty(); }
  [[nodiscard]] Error error() const;

  void wrong(const Place& place, std::string detail);
  // "expected a string, got a number"
  void expected(const Place& place, std::string_view wanted, const Node& got);
  void unknown(const Place& place, const std::vector<std::string_view>& known);

 private:
  std::shared_ptr<const Document> document_;
  const Limits& limits_;
  std::vector<FieldError> fields_;
};

std::optional<std::int64_t> read_integer(const Node& node, const Place& place, Reading& reading,
                                         std::pair<std::int64_t, std::int64_t> range);
std::optional<std::uint64_t> read_large_integer(const Node& node, const Place& place,
                                                Reading& reading, std::uint64_t max);
std::optional<std::string_view> read_string(const Node& node, const Place& place, Reading& reading);
std::optional<Instant> read_instant(const Node& node, const Place& place, Reading& reading);
// An index into `names`.
std::optional<std::size_t> read_choice(const Node& node, const Place& place, Reading& reading,
                                       const std::vector<std::string_view>& names);

template <class T>
void read(const Node& node, T& to, const Place& place, Reading& reading);

template <class T>
void read_number(const Node& node, T& to, const Place& place, Reading& reading) {
  if constexpr (std::is_floating_point_v<T>) {
    if (node.kind() < Kind::integer || node.kind() > Kind::number) {
      return reading.expected(place, "a number", node);
    }
    to = static_cast<T>(node.number());
  } else if constexpr (std::is_signed_v<T>) {
    using Range = std::numeric_limits<T>;
    if (auto value = read_integer(node, place, reading, {Range::min(), Range::max()})) {
      to = static_cast<T>(*value);
    }
  } else {
    if (auto value = read_large_integer(node, place, reading, std::numeric_limits<T>::max())) {
      to = static_cast<T>(*value);
    }
  }
}

template <class E>
void read_enum(const Node& node, E& to, const Place& place, Reading& reading) {
  const auto names = enum_names<E>();
  const auto choice = read_choice(node, place, reading, names);
  if (!choice) return;
  for (std::size_t i = 0; i < reflect::detail::enumerators_max; ++i) {
    if (wire_name(reflect::enum_name(static_cast<E>(i))) == names[*choice]) to = static_cast<E>(i);
  }
}

template <class T>
void read_array(const Node& node, std::vector<T>& to, const Place& place, Reading& reading) {
  if (node.kind() != Kind::array) return reading.expected(place, "an array", node);
  to.clear();
  to.reserve(node.size());
  std::size_t index = 0;
  for (auto child = node.first(); child; child = child.next()) {
    T item{};
    read(child, item, place.item(index++), reading);
    to.push_back(std::move(item));
  }
}

template <class Map>
void read_map(const Node& node, Map& to, const Place& place, Reading& reading) {
  if (node.kind() != Kind::object) return reading.expected(place, "an object", node);
  to.clear();
  for (auto child = node.first(); child; child = child.next()) {
    typename Map::mapped_type value{};
    read(child, value, place.member(child.key()), reading);
    to.emplace(child.key(), std::move(value));
  }
}

template <class T>
void read_object(const Node& node, T& to, const Place& place, Reading& reading) {
  if (node.kind() != Kind::object) return reading.expected(place, "an object", node);
  std::vector<std::string_view> known;
  std::size_t found = 0;
  for_each_field(to, [&](std::string_view name, auto& field) {
    using Field = std::remove_cvref_t<decltype(field)>;
    known.push_back(name);
    if (const auto member = node.find(name)) {
      ++found;
      read(member, field, place.member(name), reading);
    } else if (!may_be_absent<Field> && reading.limits().missing == Missing::refuse) {
      reading.wrong(place.member(name), "is required");
    }
  });
  if (reading.limits().unknown == Unknown::ignore || found == node.size()) return;
  for (auto child = node.first(); child; child = child.next()) {
    reading.unknown(place.member(child.key()), known);
  }
}

template <class T>
void read(const Node& node, T& to, const Place& place, Reading& reading) {
  if constexpr (std::is_same_v<T, bool>) {
    if (node.kind() != Kind::boolean) return reading.expected(place, "true or false", node);
    to = node.boolean();
  } else if constexpr (std::is_same_v<T, std::string>) {
    if (auto text = read_string(node, place, reading)) to = *text;
  } else if constexpr (std::is_same_v<T, Secret>) {
    if (auto text = read_string(node, place, reading)) to = Secret(std::string(*text));
  } else if constexpr (std::is_enum_v<T>) {
    read_enum(node, to, place, reading);
  } else if constexpr (Integer<T> || std::is_floating_point_v<T>) {
    read_number(node, to, place, reading);
  } else if constexpr (is_id<T>) {
    read_number(node, to.value, place, reading);
  } else if constexpr (std::is_same_v<T, Instant>) {
    if (auto time = read_instant(node, place, reading)) to = *time;
  } else if constexpr (std::is_same_v<T, Raw>) {
    to = Raw::trusted(std::string(node.source()));
  } else if constexpr (std::is_same_v<T, Value>) {
    to = Value(reading.document(), node);
  } else if constexpr (is_optional<T>) {
    if (node.kind() == Kind::null) return to.reset();
    read(node, to.emplace(), place, reading);
  } else if constexpr (is_vector<T>) {
    read_array(node, to, place, reading);
  } else if constexpr (is_map<T>) {
    read_map(node, to, place, reading);
  } else if constexpr (reflect::Aggregate<T>) {
    read_object(node, to, place, reading);
  } else {
    static_assert(unsupported<T>, "no JSON stands for this type; json.hpp lists those it knows");
  }
}

}  // namespace temps::json::detail

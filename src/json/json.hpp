// JSON by reflection: plain aggregates to text and back, and their JSON Schema.
//
// A field's name is its wire name; a trailing underscore, which C++ keywords need, is left out
// (`default_` is "default"). What fields may be:
//
//   bool, integers, double          true, 12, 1.5; an integer out of the type's range is an error
//   std::string                     a string; text that is no UTF-8 is written with U+FFFD
//   enums                           the enumerator's name
//   Id<Tag>, Instant                a number; an RFC 3339 string
//   std::optional<T>                absent or null when it holds nothing; written without null
//   std::vector<T>, std::map<std::string, T>, aggregates
//   json::Value, json::Raw          anything
//   Secret                          a string; read only
//   Disclosed                       a string; written only
#pragma once
#include <string>
#include <string_view>
#include <utility>

#include "core/result.hpp"
#include "json/errors.hpp"
#include "json/limits.hpp"
#include "json/read.hpp"
#include "json/schema.hpp"
#include "json/value.hpp"
#include "json/write.hpp"

namespace temps::json {

// Compact text, fields in the order of declaration.
template <class T>
std::string encode(const T& value) {
  std::string text;
  detail::write(text, value);
  return text;
}

// Fails with `syntax` (line and column), `too_deep`, `too_large`, or with `shape` and a FieldError
// for each place that does not fit (the first 100).
template <class T>
Result<T> decode(std::string_view text, const Limits& limits = {}) {
  auto document = parse(text, limits);
  if (!document) return std::unexpected(std::move(document.error()));
  detail::Reading reading(*document, limits);
  T value{};
  detail::read(root(**document), value, detail::Place{}, reading);
  if (!reading.fits()) return std::unexpected(reading.error());
  return value;
}

// `value` as Raw, to put a document of one shape into another.
template <class T>
Raw raw(const T& value) {
  return Raw::trusted(encode(value));
}

// The JSON Schema (draft 2020-12) of T, as text. `Direction::input` requires what `decode`
// requires, `Direction::output` what `encode` always writes.
template <class T>
std::string schema(Direction direction = Direction::input) {
  std::string text;
  detail::write_schema<T>(text, direction, {});
  return text;
}

}  // namespace temps::json

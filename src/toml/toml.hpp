// TOML, read as the JSON document that says the same: settings files and foreign manifests.
#pragma once
#include <string_view>

#include "core/result.hpp"
#include "json/json.hpp"

namespace temps::toml {

// Dates and times become strings, infinities and NaN null. Fails with `toml.syntax` (line and
// column) or `toml.too_large`.
Result<json::Value> parse(std::string_view text, const json::Limits& limits = {});

// As json::decode; the pointers of its errors name the TOML keys.
template <class T>
Result<T> decode(std::string_view text, const json::Limits& limits = {}) {
  auto document = toml::parse(text, limits);
  if (!document) return std::unexpected(std::move(document.error()));
  return json::decode<T>(document->text(), limits);
}

namespace errors {
inline constexpr ErrorCode syntax{"toml.syntax", ErrorKind::invalid, "Not valid TOML"};
inline constexpr ErrorCode too_large{"toml.too_large", ErrorKind::too_large,
                                     "The TOML is too large"};
}  // namespace errors

}  // namespace temps::toml

// Numbers, booleans, dates and times; private to this module.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace temps::toml {

// The JSON of a value without quotes: "0x1F" is 31, "1979-05-27" a string. Nothing for what is no
// such value or does not fit 64 bits.
std::optional<std::string> bare_value(std::string_view text);

// Appends the code point of "\uXXXX" digits as UTF-8; false for surrogates and what is no number.
bool append_code_point(std::string_view digits, std::string& out);

}  // namespace temps::toml

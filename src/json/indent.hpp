// JSON for people: one member or element a line.
#pragma once
#include <string>
#include <string_view>

namespace temps::json {

// `text` is a valid document; two spaces for each level, empty arrays and objects in one line.
std::string indented(std::string_view text);

}  // namespace temps::json

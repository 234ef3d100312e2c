// Looking programs up. Private to process.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace temps::process {

// The first program `name` in the folders of `path`, which colons separate.
std::optional<std::string> find_in(std::string_view path, const std::string& name);

}  // namespace temps::process

// Names of folders that come from settings and manifests.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace temps::detect {

// "./a//b/" -> "a/b"; "" and "." -> ".". Nothing for what is absolute, leads out of the tree or
// holds control characters.
std::optional<std::string> folder_name(std::string_view text);
// `name` seen from `folder`: ("client", "../dist") -> "dist". Nothing when that is outside.
std::optional<std::string> folder_name_in(std::string_view folder, std::string_view name);
// The text as one word for /bin/sh, in quotes where it needs them.
std::string shell_word(std::string_view text);

}  // namespace temps::detect

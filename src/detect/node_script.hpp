// Reading package.json scripts and JavaScript configuration as text; nothing is run.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "detect/package_json.hpp"
#include "detect/tree.hpp"

namespace temps::detect {

// Does this script only start a development server (vite, next dev, nodemon, …)? Follows
// `npm run other` and looks at each part of `a && b`.
bool is_development_script(const PackageJson& package, std::string_view script_name);

// The value of `--flag value` or `--flag=value` in a command line; nothing when it is not literal.
std::optional<std::string> flag_value(std::string_view command,
                                      const std::vector<std::string_view>& flags);

// The text of the first of <name>.js, .mjs, .ts, .cjs, .mts, .cts that is there, without comments.
std::string config_text(const Tree& tree, std::string_view name);
// The string literal after `key:`, the first there is; nothing for computed values.
std::optional<std::string> literal_of(std::string_view config, std::string_view key);
// Does the text hold `key: value` with any spacing? `value` as written, quotes included.
bool has_setting(std::string_view config, std::string_view key, std::string_view value);

}  // namespace temps::detect

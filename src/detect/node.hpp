// What other languages need of Node.
#pragma once
#include <optional>

#include "detect/provider.hpp"

namespace temps::detect {

// The front end that Node builds in a tree of another language: nothing without a package.json that
// has a build script.
Result<std::optional<Assets>> find_node_assets(const Source& source,
                                               std::vector<std::string>& warnings);

// Is the package.json of the tree an app of its own: does it start something?
Result<bool> is_node_app(const Tree& tree);

}  // namespace temps::detect

// Copying folders that users filled.
#pragma once
#include <filesystem>

#include "core/result.hpp"

namespace temps::runtime {

// As it is: modes and links are kept, nothing is followed. `to` must not exist.
Result<> copy_tree(const std::filesystem::path& from, const std::filesystem::path& to);

// For files that will be served to anybody: a link becomes what it points to if that lies inside
// `boundary`, and is left out otherwise. Special files are left out.
Result<> copy_for_serving(const std::filesystem::path& from, const std::filesystem::path& to,
                          const std::filesystem::path& boundary);

// Is `path`, with its links resolved, `folder` or below it?
bool lies_inside(const std::filesystem::path& path, const std::filesystem::path& folder);

}  // namespace temps::runtime

// Which names a project may have: they become DNS labels, folders and repository names.
#pragma once
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace temps::projects {

// Lower-case letters, digits and single hyphens, 1 to 40 characters, beginning with a letter. Fails
// with `projects.bad_name`, with a usable name in the detail where one can be made.
Result<> check_name(std::string_view name);

// Of an environment: the same letters, 1 to 22 characters, so that "<project>-<environment>" is a
// DNS label. Nothing that ends like production's instances. Fails with
// `projects.bad_environment_name`.
Result<> check_environment_name(std::string_view name);

// The nearest usable name; empty when nothing of it can be used.
std::string usable_name(std::string_view name);

}  // namespace temps::projects

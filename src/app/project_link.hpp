// Which project a folder belongs to: .temps/project.json in it.
#pragma once
#include <filesystem>
#include <optional>
#include <string>

#include "core/result.hpp"

namespace temps::app {

struct ProjectLink {
  std::string server;  // its URL
  std::string project;
};

// That of the folder itself; nothing where it has none.
Result<std::optional<ProjectLink>> read_link(const std::filesystem::path& folder);
// Git leaves the file alone: it says what one person deploys to.
Result<> write_link(const std::filesystem::path& folder, const ProjectLink& link);

}  // namespace temps::app

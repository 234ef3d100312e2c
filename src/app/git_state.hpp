// What git says of a folder.
#pragma once
#include <filesystem>
#include <optional>
#include <string>

#include "core/task.hpp"
#include "net/loop.hpp"

namespace temps::app {

struct GitState {
  std::string commit;
  std::string message;  // its first line
  std::string branch;   // empty: none is checked out
  bool is_dirty = false;
};

// Nothing where there is no git, no work tree or no commit yet.
Task<std::optional<GitState>> git_state(net::Loop& loop, std::filesystem::path folder);

}  // namespace temps::app

// `temps exec` and `temps run`.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "app/commands.hpp"

namespace temps::app {

struct ExecOptions {
  Common common;
  std::string kind = "exec";  // or "run"
  std::string project{};
  std::string environment{};  // empty: production
  std::optional<int> instance{};
  bool no_terminal = false;
  std::vector<std::string> words{};  // none: a shell
};
// The command's exit code. Fails with `app.connection_lost`, `app.command_not_started` and as all
// commands do.
Result<int> execute(const ExecOptions& options);

}  // namespace temps::app

// Private to the process runtime: where a release lies, and how what it left running is ended.
#pragma once
#include <filesystem>

#include "core/task.hpp"
#include "runtime/control_group.hpp"
#include "runtime/process_runtime.hpp"
#include "runtime/process_table.hpp"

namespace temps::runtime {

struct ProcessRuntime::Release {
  std::filesystem::path root;
  [[nodiscard]] std::filesystem::path app() const { return root / "app"; }
  [[nodiscard]] std::filesystem::path home() const { return root / "home"; }
  // Names the build's processes while it runs, so that a later `serve` can end what a killed one
  // left.
  [[nodiscard]] std::filesystem::path build_mark() const { return root / "build.json"; }
};

struct BuildMark {
  ProcessMark leader;
  ControlGroup group;
};

// Kills the group's processes and those of the leader's session, and waits until they are gone, at
// most two seconds.
Task<> kill_leftovers(ProcessMark leader, ControlGroup group);

// A name that becomes part of a path: letters, digits, '-', '_' and '.', not at the beginning.
bool is_safe_name(std::string_view name);

}  // namespace temps::runtime

// Memory, CPU and process limits by the kernel's control groups, version 1 and 2. Best effort:
// where we may not make groups there are none, and everything works without limits.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "runtime/runtime.hpp"

namespace temps::runtime {

// The folders that make up one group: one in version 2, one per controller in version 1. Empty
// where there is no group.
using ControlGroup = std::vector<std::string>;

inline const std::filesystem::path control_groups_root = "/sys/fs/cgroup";

// Makes the group `temps/<name>` with these limits, or sets them anew.
ControlGroup make_group(const std::string& name, const Limits& limits,
                        const std::filesystem::path& root = control_groups_root);
// Puts a process, with all that it will start, into the group.
void join_group(const ControlGroup& group, int pid);
std::vector<int> members_of(const ControlGroup& group);
// How many processes of the group the kernel has killed for want of memory.
std::uint64_t memory_kills(const ControlGroup& group);
// Only an empty group goes away.
void remove_group(const ControlGroup& group);

}  // namespace temps::runtime

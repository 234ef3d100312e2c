// What the kernel tells of other processes (proc_pid_stat(5)). Private to process.
#pragma once
#include <cstdint>
#include <optional>

namespace temps::process {

struct Status {
  int group = 0;
  std::uint64_t start_time = 0;  // clock ticks since the machine started
};
// Nothing for a process that is gone or a zombie.
std::optional<Status> status_of(int pid);
// Zombies do not count.
bool is_anyone_in_group(int group);

}  // namespace temps::process

// What the kernel says of the whole machine (proc(5)). All take the text of a file.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace temps::machine {

// Clock ticks of all processors since the start of the machine.
struct CpuTicks {
  std::uint64_t busy = 0;
  std::uint64_t all = 0;
};
// /proc/stat. Nothing for any other text.
std::optional<CpuTicks> parse_cpu(std::string_view stat);
// From 0 to 1, of all processors together, between two sights; 0 where no time has passed.
double busy_share(const CpuTicks& before, const CpuTicks& now);

struct Memory {
  std::uint64_t total_bytes = 0;
  std::uint64_t available_bytes = 0;  // what programs could still get without swapping
  std::uint64_t swap_total_bytes = 0;
  std::uint64_t swap_free_bytes = 0;
};
// /proc/meminfo. Nothing for any other text.
std::optional<Memory> parse_memory(std::string_view meminfo);

// /proc/loadavg: over 1, 5 and 15 minutes. Nothing for any other text.
std::optional<std::array<double, 3>> parse_load(std::string_view loadavg);

// PRETTY_NAME of /etc/os-release: "Debian GNU/Linux 12 (bookworm)"; "Linux" where there is none.
std::string_view parse_system(std::string_view os_release);

}  // namespace temps::machine

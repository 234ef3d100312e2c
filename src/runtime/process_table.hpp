// What /proc says of processes: who lives, who belongs to whom.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace temps::runtime {

struct ProcessEntry {
  int pid = 0;
  int parent = 0;
  int session = 0;
  char state = '?';
  std::uint64_t start_time = 0;  // clock ticks since the machine's start
  std::uint64_t cpu_ticks = 0;   // of its own and of the children that it has waited for
  std::uint64_t memory_pages = 0;

  [[nodiscard]] bool is_dead() const { return state == 'Z' || state == 'X'; }
};

// The text of /proc/PID/stat. Nothing for any other text.
std::optional<ProcessEntry> parse_process_entry(std::string_view stat);
std::optional<ProcessEntry> find_process(int pid);
std::vector<ProcessEntry> all_processes();

// A process that a later one cannot be taken for, even after the machine was started again.
struct ProcessMark {
  int pid = 0;
  std::uint64_t start_time = 0;
  std::string boot{};
};
ProcessMark mark_of(int pid);
bool is_alive(const ProcessMark& mark);

// The processes of the session that `leader` began, whether or not it is alive itself. Empty when
// its number has gone to another process since.
std::vector<int> members_of_session(const ProcessMark& leader);

// Does the process belong to this container, by the name of its control group?
bool is_in_container(int pid, std::string_view container_id);

}  // namespace temps::runtime

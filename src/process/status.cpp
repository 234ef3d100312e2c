#include "process/status.hpp"

#include <csignal>
#include <filesystem>

#include "core/text.hpp"
#include "files/files.hpp"
#include "process/process.hpp"

namespace temps::process {

std::optional<Status> status_of(int pid) {
  const auto text = files::read(fmt::format("/proc/{}/stat", pid), 4096);
  if (!text) return std::nullopt;
  // The second field is the program's name in brackets and may hold anything, brackets too.
  const auto name_end = text->rfind(')');
  if (name_end == std::string::npos || name_end + 2 >= text->size()) return std::nullopt;
  const auto fields = split(std::string_view(*text).substr(name_end + 2), ' ');
  constexpr std::size_t state = 0;   // the third field
  constexpr std::size_t group = 2;   // the fifth
  constexpr std::size_t start = 19;  // the 22nd
  if (fields.size() <= start || fields[state] == "Z" || fields[state] == "X") return std::nullopt;
  const auto group_id = parse_number<int>(fields[group]);
  const auto started = parse_number<std::uint64_t>(fields[start]);
  if (!group_id || !started) return std::nullopt;
  return Status{.group = *group_id, .start_time = *started};
}

bool is_anyone_in_group(int group) {
  if (::kill(-group, 0) != 0) return false;
  std::error_code error;
  for (std::filesystem::directory_iterator entry("/proc", error), end; entry != end && !error;
       entry.increment(error)) {
    const auto pid = parse_number<int>(entry->path().filename().native());
    if (!pid) continue;
    const auto status = status_of(*pid);
    if (status && status->group == group) return true;
  }
  return false;
}

std::optional<std::uint64_t> start_time(int pid) {
  const auto status = status_of(pid);
  if (!status) return std::nullopt;
  return status->start_time;
}

}  // namespace temps::process

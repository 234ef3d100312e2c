#include "core/text.hpp"
#include "files/files.hpp"
#include "process/process.hpp"

namespace temps::process {

std::optional<std::uint64_t> start_time(int pid) {
  const auto text = files::read(fmt::format("/proc/{}/stat", pid), 4096);
  if (!text) return std::nullopt;
  // The second field is the program's name in brackets and may hold anything, brackets too.
  const auto name_end = text->rfind(')');
  if (name_end == std::string::npos || name_end + 2 >= text->size()) return std::nullopt;
  const auto fields = split(std::string_view(*text).substr(name_end + 2), ' ');
  constexpr std::size_t state = 0;   // the third field, proc_pid_stat(5)
  constexpr std::size_t start = 19;  // the 22nd
  if (fields.size() <= start || fields[state] == "Z" || fields[state] == "X") return std::nullopt;
  return parse_number<std::uint64_t>(fields[start]);
}

}  // namespace temps::process

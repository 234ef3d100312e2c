#include "system/processes.hpp"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "core/text.hpp"
#include "system/program.hpp"

namespace temps::e2e {

namespace {

namespace fs = std::filesystem;

// Parent and state of "PID (name) S PARENT …"; the name may hold anything.
Process read_process(const fs::path& folder, int pid) {
  Process process{.pid = pid};
  const auto stat = content(folder / "stat");
  const auto end = stat.rfind(')');
  if (end == std::string::npos) return process;
  const auto fields = split(std::string_view(stat).substr(std::min(end + 2, stat.size())), ' ');
  if (fields.size() > 1) process.parent = parse_number<int>(fields[1]).value_or(0);
  process.command = content(folder / "cmdline");
  std::ranges::replace(process.command, '\0', ' ');
  return process;
}

}  // namespace

std::vector<Process> processes() {
  std::vector<Process> found;
  std::error_code error;
  for (fs::directory_iterator entry("/proc", error), end; !error && entry != end;
       entry.increment(error)) {
    const auto pid = parse_number<int>(entry->path().filename().string());
    if (pid) found.push_back(read_process(entry->path(), *pid));
  }
  return found;
}

std::vector<Process> descendants(int pid) {
  const auto all = processes();
  std::vector<Process> found;
  std::vector<int> parents{pid};
  for (std::size_t next = 0; next < parents.size(); ++next) {
    for (const auto& process : all) {
      if (process.parent != parents[next]) continue;
      found.push_back(process);
      parents.push_back(process.pid);
    }
  }
  return found;
}

int descendant(int pid, std::string_view words) {
  for (const auto& process : descendants(pid)) {
    if (process.command.find(words) != std::string::npos) return process.pid;
  }
  return 0;
}

std::vector<Process> processes_in(std::string_view folder) {
  std::vector<Process> found;
  for (auto& process : processes()) {
    if (process.pid == ::getpid()) continue;
    const auto place = fs::path("/proc") / std::to_string(process.pid);
    std::error_code ignored;
    const auto names = [&](std::string_view text) {
      return text.find(folder) != std::string_view::npos;
    };
    if (names(process.command) || names(fs::read_symlink(place / "cwd", ignored).string()) ||
        names(content(place / "environ"))) {
      found.push_back(std::move(process));
    }
  }
  return found;
}

bool is_running(int pid) {
  const auto stat = content(fs::path("/proc") / std::to_string(pid) / "stat");
  const auto end = stat.rfind(')');
  return end != std::string::npos && stat.size() > end + 2 && stat[end + 2] != 'Z';
}

}  // namespace temps::e2e

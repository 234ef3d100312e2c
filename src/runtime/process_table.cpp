#include "runtime/process_table.hpp"

#include <fmt/core.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "core/text.hpp"

namespace temps::runtime {
namespace {

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

const std::string& this_boot() {
  static const std::string id = std::string(trimmed(content_of("/proc/sys/kernel/random/boot_id")));
  return id;
}

}  // namespace

std::optional<ProcessEntry> parse_process_entry(std::string_view stat) {
  // proc(5): "pid (name) state ppid pgrp session …"; the name may hold spaces and parentheses, and
  // field 22 is the start time, 24 the pages in memory.
  const auto open = stat.find(" (");
  const auto close = stat.rfind(") ");
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) {
    return std::nullopt;
  }
  const auto fields = split(trimmed(stat.substr(close + 2)), ' ');
  if (fields.size() < 22 || fields[0].size() != 1) return std::nullopt;
  const auto pid = parse_number<int>(stat.substr(0, open));
  const auto parent = parse_number<int>(fields[1]);
  const auto session = parse_number<int>(fields[3]);
  const auto start_time = parse_number<std::uint64_t>(fields[19]);
  if (!pid || !parent || !session || !start_time) return std::nullopt;
  ProcessEntry entry{*pid, *parent, *session, fields[0][0], *start_time};
  for (const auto column : {11U, 12U, 13U, 14U}) {  // utime, stime, cutime, cstime
    entry.cpu_ticks += parse_number<std::uint64_t>(fields[column]).value_or(0);
  }
  entry.memory_pages = parse_number<std::uint64_t>(fields[21]).value_or(0);
  return entry;
}

std::optional<ProcessEntry> find_process(int pid) {
  if (pid <= 0) return std::nullopt;
  return parse_process_entry(content_of(fmt::format("/proc/{}/stat", pid)));
}

std::vector<ProcessEntry> all_processes() {
  std::vector<ProcessEntry> found;
  std::error_code error;
  for (std::filesystem::directory_iterator entry("/proc", error), end; !error && entry != end;
       entry.increment(error)) {
    const auto pid = parse_number<int>(entry->path().filename().native());
    if (!pid) continue;
    if (auto process = find_process(*pid)) found.push_back(*process);
  }
  return found;
}

ProcessMark mark_of(int pid) {
  const auto process = find_process(pid);
  return {pid, process ? process->start_time : 0, this_boot()};
}

bool is_alive(const ProcessMark& mark) {
  if (mark.pid <= 0 || mark.boot != this_boot()) return false;
  const auto process = find_process(mark.pid);
  return process && !process->is_dead() && process->start_time == mark.start_time;
}

std::vector<int> members_of_session(const ProcessMark& leader) {
  std::vector<int> members;
  if (leader.pid <= 1 || leader.boot != this_boot()) return members;
  for (const auto& process : all_processes()) {
    // The kernel gives a number to nobody else while a session bears it.
    if (process.pid == leader.pid && process.start_time != leader.start_time) return {};
    if (process.session != leader.pid || process.is_dead()) continue;
    if (process.start_time >= leader.start_time) members.push_back(process.pid);
  }
  return members;
}

bool is_in_container(int pid, std::string_view container_id) {
  return !container_id.empty() &&
         content_of(fmt::format("/proc/{}/cgroup", pid)).find(container_id) != std::string::npos;
}

}  // namespace temps::runtime

#include "runtime/control_group.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <string_view>

#include "core/text.hpp"

namespace temps::runtime {
namespace {

namespace fs = std::filesystem;

// The length of one accounting period of the CPU limit, the kernel's own default.
constexpr std::uint64_t period_us = 100'000;

bool put(const fs::path& file, const std::string& text) {
  std::ofstream out(file);
  out << text;
  return static_cast<bool>(out.flush());
}

std::string content_of(const fs::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::uint64_t quota_us(double cpus) {
  return std::max<std::uint64_t>(1000, static_cast<std::uint64_t>(cpus * double{period_us}));
}

ControlGroup make_version_2(const std::string& name, const Limits& limits, const fs::path& root) {
  std::error_code error;
  const auto folder = root / "temps" / name;
  fs::create_directories(folder, error);
  if (error) return {};
  // A controller is there only where every folder above hands it down.
  fs::path above = root;
  for (const auto& step : (fs::path("temps") / name)) {
    put(above / "cgroup.subtree_control", "+memory +cpu +pids");
    above /= step;
  }
  if (limits.memory_bytes > 0) {
    put(folder / "memory.max", fmt::format("{}", limits.memory_bytes));
    put(folder / "memory.swap.max", "0");
  }
  if (limits.cpus > 0) {
    put(folder / "cpu.max", fmt::format("{} {}", quota_us(limits.cpus), period_us));
  }
  if (limits.pids > 0) put(folder / "pids.max", fmt::format("{}", limits.pids));
  return {folder.native()};
}

ControlGroup make_version_1(const std::string& name, const Limits& limits, const fs::path& root) {
  ControlGroup group;
  for (const std::string_view controller : {"memory", "cpu", "pids"}) {
    std::error_code error;
    if (!fs::is_directory(root / controller, error)) continue;
    const auto folder = root / controller / "temps" / name;
    fs::create_directories(folder, error);
    if (error) continue;
    group.push_back(folder.native());
    if (controller == "memory" && limits.memory_bytes > 0) {
      const auto bytes = fmt::format("{}", limits.memory_bytes);
      put(folder / "memory.limit_in_bytes", bytes);
      put(folder / "memory.memsw.limit_in_bytes", bytes);
    }
    if (controller == "cpu" && limits.cpus > 0) {
      put(folder / "cpu.cfs_period_us", fmt::format("{}", period_us));
      put(folder / "cpu.cfs_quota_us", fmt::format("{}", quota_us(limits.cpus)));
    }
    if (controller == "pids" && limits.pids > 0) {
      put(folder / "pids.max", fmt::format("{}", limits.pids));
    }
  }
  return group;
}

}  // namespace

ControlGroup make_group(const std::string& name, const Limits& limits, const fs::path& root) {
  std::error_code error;
  if (fs::exists(root / "cgroup.controllers", error)) return make_version_2(name, limits, root);
  return make_version_1(name, limits, root);
}

void join_group(const ControlGroup& group, int pid) {
  for (const auto& folder : group) put(fs::path(folder) / "cgroup.procs", fmt::format("{}", pid));
}

std::vector<int> members_of(const ControlGroup& group) {
  std::set<int> members;
  for (const auto& folder : group) {
    const auto text = content_of(fs::path(folder) / "cgroup.procs");
    for (const auto line : split(text, '\n')) {
      const auto pid = parse_number<int>(trimmed(line));
      if (pid && *pid > 1) members.insert(*pid);
    }
  }
  return {members.begin(), members.end()};
}

std::uint64_t memory_kills(const ControlGroup& group) {
  for (const auto& folder : group) {
    for (const auto* file : {"memory.events", "memory.oom_control"}) {
      const auto text = content_of(fs::path(folder) / file);
      for (const auto line : split(text, '\n')) {
        const auto [key, value] = cut(line, " ");
        if (key == "oom_kill") return parse_number<std::uint64_t>(value).value_or(0);
      }
    }
  }
  return 0;
}

void remove_group(const ControlGroup& group) {
  for (const auto& folder : group) {
    std::error_code error;
    fs::remove(folder, error);
    // The installation's folder, when this was the last group in it.
    const auto above = fs::path(folder).parent_path();
    if (above.filename() != "temps") fs::remove(above, error);
  }
}

}  // namespace temps::runtime

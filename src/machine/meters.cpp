#include "machine/meters.hpp"

#include <charconv>

#include "core/text.hpp"

namespace temps::machine {
namespace {

std::optional<double> parse_decimal(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// "MemTotal:  24576 kB"
std::optional<std::uint64_t> kilobytes(std::string_view line, std::string_view name) {
  const auto [key, value] = cut(line, ":");
  if (key != name) return std::nullopt;
  const auto number = parse_number<std::uint64_t>(cut(trimmed(value), " ").first);
  if (!number) return std::nullopt;
  return *number * 1024;
}

}  // namespace

std::optional<CpuTicks> parse_cpu(std::string_view stat) {
  const auto line = cut(stat, "\n").first;
  if (!line.starts_with("cpu ")) return std::nullopt;
  // user nice system idle iowait irq softirq steal; guests' time is in that of users.
  CpuTicks ticks;
  int column = 0;
  for (const auto field : split(trimmed(line.substr(4)), ' ')) {
    if (column == 8) break;
    const auto number = parse_number<std::uint64_t>(field);
    if (!number) return std::nullopt;
    ticks.all += *number;
    if (column != 3 && column != 4) ticks.busy += *number;
    ++column;
  }
  if (column < 4) return std::nullopt;
  return ticks;
}

double busy_share(const CpuTicks& before, const CpuTicks& now) {
  if (now.all <= before.all || now.busy < before.busy) return 0;
  return static_cast<double>(now.busy - before.busy) / static_cast<double>(now.all - before.all);
}

std::optional<Memory> parse_memory(std::string_view meminfo) {
  Memory memory;
  for (const auto line : split(meminfo, '\n')) {
    if (const auto found = kilobytes(line, "MemTotal")) memory.total_bytes = *found;
    if (const auto found = kilobytes(line, "MemAvailable")) memory.available_bytes = *found;
    if (const auto found = kilobytes(line, "SwapTotal")) memory.swap_total_bytes = *found;
    if (const auto found = kilobytes(line, "SwapFree")) memory.swap_free_bytes = *found;
  }
  if (memory.total_bytes == 0) return std::nullopt;
  return memory;
}

std::optional<std::array<double, 3>> parse_load(std::string_view loadavg) {
  const auto fields = split(trimmed(loadavg), ' ');
  if (fields.size() < 3) return std::nullopt;
  std::array<double, 3> load{};
  for (std::size_t i = 0; i < load.size(); ++i) {
    const auto number = parse_decimal(fields[i]);
    if (!number) return std::nullopt;
    load[i] = *number;
  }
  return load;
}

std::string_view parse_system(std::string_view os_release) {
  for (const auto line : split(os_release, '\n')) {
    auto [key, value] = cut(line, "=");
    if (key != "PRETTY_NAME") continue;
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
      value = value.substr(1, value.size() - 2);
    }
    if (!value.empty()) return value;
  }
  return "Linux";
}

}  // namespace temps::machine

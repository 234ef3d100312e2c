#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>

#include "core/text.hpp"
#include "detect/provider.hpp"

namespace temps::detect {
namespace {

constexpr std::size_t processes_max = 50;

bool is_process_name(std::string_view name) {
  return !name.empty() && name.size() <= 63 && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
}

}  // namespace

std::map<std::string, std::string> parse_procfile(std::string_view text) {
  std::map<std::string, std::string> processes;
  for (const auto line : split(text, '\n')) {
    const auto [name, command] = cut(line, ":");
    if (processes.size() >= processes_max) break;
    if (!is_process_name(name) || trimmed(command).empty()) continue;
    processes.emplace(name, trimmed(command));
  }
  return processes;
}

}  // namespace temps::detect

#include "settings/in_force.hpp"

#include "json/json.hpp"

namespace temps::settings {

InForce in_force(const Effective& effective, std::string_view command) {
  if (command != "up" && !effective.handed_on.empty()) {
    if (auto told = json::decode<InForce>(effective.handed_on)) return std::move(*told);
  }
  InForce found{.file = effective.file.string(), .usual_file = effective.usual_file.string()};
  for (const auto& [setting, given, source, where] : effective.values) {
    if (!setting->is_used_by(command)) continue;
    auto value = setting->name == "data_dir" ? effective.settings.data_dir.string() : given;
    if (setting->secret && !value.empty()) value = "****";
    found.values.push_back({std::string(setting->name), std::move(value), source, where});
  }
  return found;
}

std::string handed_on(const InForce& in_force) { return json::encode(in_force); }

}  // namespace temps::settings

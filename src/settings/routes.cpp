#include "settings/routes.hpp"

#include <algorithm>

#include "settings/permissions.hpp"

namespace temps::settings {
namespace {

// The JSON shapes of this API. A field name is the wire name.
struct SettingView {
  std::string name;  // also its key in the settings file
  std::string help;
  std::string form;      // "address:port"
  std::string value;     // **** of a secret; empty where there is none
  std::string standard;  // the default; empty where `help` tells it
  Source source;
  std::string where;  // the flag, the variable or the file it comes from
  std::string flag;
  std::string variable;
  bool secret;
};
struct SettingsView {
  std::string file;        // that was read at the start; empty: none
  std::string usual_file;  // that is read where it exists; empty: none is
  std::vector<SettingView> items;
};

SettingView view(const Declared& setting, const Shown& shown) {
  return {.name = shown.name,
          .help = std::string(setting.help),
          .form = std::string(setting.form),
          .value = shown.value,
          .standard = std::string(setting.standard),
          .source = shown.source,
          .where = shown.where,
          .flag = setting.flag(),
          .variable = setting.environment_variable(),
          .secret = setting.secret};
}

Task<http::Ok<SettingsView>> show_server_settings(InForce& in_force) {
  SettingsView all{.file = in_force.file, .usual_file = in_force.usual_file, .items = {}};
  for (const auto& shown : in_force.values) {
    const auto known = std::ranges::find(declared(), shown.name, &Declared::name);
    if (known != declared().end()) all.items.push_back(view(*known, shown));
  }
  co_return http::Ok{std::move(all)};
}

}  // namespace

void add_routes(http::Router& router, InForce& in_force) {
  auto routes = router.bind(in_force);
  routes.get<show_server_settings>("/api/v1/settings", permissions::read,
                                   "Show the settings of the server, and where each comes from");
}

}  // namespace temps::settings

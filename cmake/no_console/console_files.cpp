// In the place of the built console, with -DTEMPS_CONSOLE=OFF.
#include "dashboard/console_files.hpp"

namespace temps::dashboard {

const std::vector<ConsoleFile>& console_files() {
  static const std::vector<ConsoleFile> none;
  return none;
}

std::string_view console_page() {
  return "<!doctype html><html lang=\"en\"><title>Temps</title><p>This build of Temps has no "
         "console. "
         "Everything it shows is in the command line: temps --help</p></html>";
}

const std::vector<std::string_view>& console_paths() {
  static const std::vector<std::string_view> paths{"/", "/login", "/setup"};
  return paths;
}

}  // namespace temps::dashboard

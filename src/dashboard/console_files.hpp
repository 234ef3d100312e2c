// What web/ was built into; setup/web writes the source. Private.
#pragma once
#include <string_view>
#include <vector>

namespace temps::dashboard {

struct ConsoleFile {
  std::string_view name;  // below /assets/
  std::string_view type;
  std::string_view tag;  // of the content
  bool lasting;          // the name changes with the content
  std::string_view gzip;
  std::string_view brotli;
};

const std::vector<ConsoleFile>& console_files();
// index.html, with {{places}}.
std::string_view console_page();
// The paths that show the page, as routes: "/projects/{rest...}".
const std::vector<std::string_view>& console_paths();

}  // namespace temps::dashboard

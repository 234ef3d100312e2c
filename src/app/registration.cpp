#include "app/registration.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "app/client_config.hpp"
#include "app/terminal.hpp"

namespace temps::app {

CLI::App& command(CLI::App& parent, Chosen& chosen, const char* name, const char* help,
                  std::function<Result<>()> action) {
  auto* added = parent.add_subcommand(name, help);
  added->callback([&chosen, added, action = std::move(action)] {
    if (added->get_subcommands().empty()) chosen.action = action;
  });
  return *added;
}

CLI::App& remote(CLI::App& app, const Remote& shared) {
  app.add_option("--url", shared.common.url, "the server; else the one of the last login")
      ->type_name("URL");
  app.add_option_function<std::string>(
         "--token", [](const std::string& token) { use_token(token); },
         "an API key instead of the one of the last login; better in TEMPS_TOKEN, where other "
         "users "
         "of the machine do not see it")
      ->type_name("KEY");
  app.add_flag("--json", shared.as_json, "print JSON as the API gives it");
  app.add_flag_callback("-q,--quiet", be_quiet, "results and errors only, no progress");
  return app;
}

}  // namespace temps::app

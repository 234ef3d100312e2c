// The words of the commands about devices that wait to be logged in.
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <memory>

#include "app/registration.hpp"

namespace temps::app {

void add_device_commands(CLI::App& app, Chosen& chosen, const Remote& shared) {
  auto* device = app.add_subcommand("device", "programs that wait to be logged in as you");
  device->require_subcommand(1);
  const auto code = std::make_shared<std::string>();
  const auto& common = shared.common;
  for (auto* added :
       {&command(*device, chosen, "show", "show who waits with a code",
                 [&common, code] { return show_device(common, *code); }),
        &command(*device, chosen, "approve", "log it in; it gets an API key with your rights",
                 [&common, code] { return decide_device(common, *code, "approve"); }),
        &command(*device, chosen, "deny", "refuse it",
                 [&common, code] { return decide_device(common, *code, "deny"); })}) {
    remote(*added, shared).add_option("code", *code, "as the program shows it")->required();
  }
}

}  // namespace temps::app

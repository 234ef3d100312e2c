// How a group of commands adds itself to the program's words.
#pragma once
#include <functional>
#include <string>

#include "app/commands.hpp"
#include "core/result.hpp"

namespace CLI {
class App;
}

namespace temps::app {

// What the words ask for; set while they are parsed, run afterwards.
struct Chosen {
  std::function<Result<>()> action;
  int code = 0;  // of the program, when the action succeeds
};

// What the commands that speak to a server share.
struct Remote {
  Common& common;  // complete when an action runs
  bool& as_json;
};

CLI::App& command(CLI::App& parent, Chosen& chosen, const char* name, const char* help,
                  std::function<Result<>()> action);
// Adds --url, --token, --json and --quiet.
CLI::App& remote(CLI::App& app, const Remote& shared);

void add_completion_command(CLI::App& app, Chosen& chosen);
void add_device_commands(CLI::App& app, Chosen& chosen, const Remote& shared);
void add_domain_commands(CLI::App& app, Chosen& chosen, const Remote& shared);
void add_exec_commands(CLI::App& app, Chosen& chosen, const Remote& shared);
void add_login_provider_commands(CLI::App& app, Chosen& chosen, const Remote& shared);
void add_single_deployment_commands(CLI::App& app, Chosen& chosen, const Remote& shared);
void add_folder_commands(CLI::App& app, Chosen& chosen, const Remote& shared);
void add_source_commands(CLI::App& app, Chosen& chosen, const Remote& shared);

}  // namespace temps::app

// The words of `temps environment` and `temps env`.
#pragma once
#include <functional>

#include "app/commands.hpp"

namespace CLI {
class App;
}

namespace temps::app {

// Adds a command that speaks to a server.
using AddRemote = std::function<CLI::App&(CLI::App& parent, const char* name, const char* help,
                                          std::function<Result<>()> action)>;

struct EnvironmentWords {
  EnvironmentOptions environment{};
  VariableOptions variables{};
};

void add_environment_commands(CLI::App& app, const AddRemote& add, const Common& common,
                              EnvironmentWords& words);

}  // namespace temps::app

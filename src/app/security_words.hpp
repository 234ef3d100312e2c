// The words of `temps audit`, `temps second-factor` and the resets of `temps admin`.
#pragma once
#include <functional>
#include <string>

#include "app/configuration.hpp"
#include "core/result.hpp"

namespace CLI {
class App;
}

namespace temps::app {

// What the words ask for; set while they are parsed, run afterwards.
using Action = std::function<Result<>()>;

// Both set `chosen`, which outlives the words, where one of their commands is asked for.
void add_security_commands(CLI::App& app, Action& chosen);
void add_reset_commands(CLI::App& admin, Action& chosen, const Configuration& configuration,
                        const std::string& program);

}  // namespace temps::app

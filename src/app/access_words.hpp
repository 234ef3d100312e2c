// The words of the commands in access_commands.hpp.
#pragma once
#include <functional>

#include "app/access_commands.hpp"
#include "core/result.hpp"

namespace CLI {
class App;
}

namespace temps::app {

struct AccessWords {
  Common common{};
  bool as_json = false;
  AccessOptions options{};
};

// `action` is set while words are parsed. All outlive `app`'s parsing.
void add_access_commands(CLI::App& app, std::function<Result<>()>& action, AccessWords& words);

}  // namespace temps::app

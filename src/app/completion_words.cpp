// The words of `temps completion`.
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <memory>

#include "app/completion.hpp"
#include "app/registration.hpp"
#include "app/terminal.hpp"
#include "core/text.hpp"

namespace temps::app {

void add_completion_command(CLI::App& app, Chosen& chosen) {
  const auto shell = std::make_shared<std::string>();
  auto& completion = command(app, chosen, "completion",
                             "print what teaches a shell to complete our words", [shell] {
                               print(trimmed(completion_script(*shell)));
                               return Result<>{};
                             });
  completion.add_option("shell", *shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  completion.footer("For bash, in ~/.bashrc: source <(temps completion bash)");
}

}  // namespace temps::app

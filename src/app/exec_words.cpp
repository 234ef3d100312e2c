// The words of the commands that run something beside an app.
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <memory>

#include "app/exec_command.hpp"
#include "app/registration.hpp"

namespace temps::app {

void add_exec_commands(CLI::App& app, Chosen& chosen, const Remote& shared) {
  const auto options = std::make_shared<ExecOptions>();
  const auto add = [&](const char* kind, const char* help) -> CLI::App& {
    auto& added = remote(command(app, chosen, kind, help,
                                 [&chosen, options, kind, &common = shared.common]() -> Result<> {
                                   options->common = common;
                                   options->kind = kind;
                                   auto code = execute(*options);
                                   if (!code) return std::unexpected(code.error());
                                   chosen.code = *code;
                                   return {};
                                 }),
                         shared);
    added.add_option("project", options->project, "the project's name")->required();
    added.add_option("--environment", options->environment, "else production");
    added.add_flag("-T,--no-terminal", options->no_terminal, "streams apart, even at a terminal");
    added.footer(
        "Ends with the command's exit code; 127: it could not be started, 255: the connection was "
        "lost.");
    return added;
  };
  auto& exec = add("exec", "run a command, else a shell, in the live release's instance");
  exec.add_option("--instance", options->instance, "which one; else the first");
  exec.add_option("command", options->words, "after --: the program and its words");
  auto& run = add("run", "run a command in an instance of its own, such as a migration");
  run.add_option("command", options->words, "after --: the program and its words")->required();
}

}  // namespace temps::app

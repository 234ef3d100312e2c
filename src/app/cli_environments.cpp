#include "app/cli_environments.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace temps::app {

namespace {

// Takes the command first, so that its options can follow.
struct Adding {
  CLI::App& parent;
  const AddRemote& add;
  const Common& common;
  EnvironmentWords& words;
};

CLI::App& environment_command(const Adding& to, const char* name, const char* help,
                              Result<> (*run)(const Common&, const EnvironmentOptions&)) {
  auto& options = to.words.environment;
  auto& added = to.add(to.parent, name, help,
                       [&common = to.common, &options, run] { return run(common, options); });
  added.add_option("project", options.project, "the project's name")->required();
  return added;
}

CLI::App& variable_command(const Adding& to, const char* name, const char* help,
                           Result<> (*run)(const Common&, const VariableOptions&)) {
  auto& options = to.words.variables;
  auto& added = to.add(to.parent, name, help,
                       [&common = to.common, &options, run] { return run(common, options); });
  added.add_option("project", options.project, "the project's name")->required();
  added.add_option("--environment", options.environment, "which of the project's")
      ->capture_default_str();
  return added;
}

void add_kind(CLI::App& command, VariableOptions& options) {
  auto* secret = command.add_flag("--secret", options.secret, "all of them are secret");
  command.add_flag("--plain", options.plain, "none of them is secret")->excludes(secret);
}

void add_environments(CLI::App& app, const AddRemote& add, const Common& common,
                      EnvironmentWords& words) {
  auto* parent = app.add_subcommand(
      "environment", "more than one of a project: each a branch with a host of its own");
  parent->require_subcommand(1);
  const Adding to{*parent, add, common, words};
  environment_command(to, "list", "list a project's environments", list_environments);
  auto& create = environment_command(to, "create",
                                     "make one: a branch, a host and a copy of production's "
                                     "settings",
                                     create_environment);
  create.add_option("name", words.environment.name, "such as staging")->required();
  create.add_option("--branch", words.environment.branch,
                    "whose pushes are deployed to it; else the one called like it");
  auto& remove =
      environment_command(to, "delete", "delete one and everything it runs", delete_environment);
  remove.add_option("name", words.environment.name, "as listed")->required();
  remove.add_option("--confirm", words.environment.confirmation,
                    "its name again, instead of asking");
}

void add_variables(CLI::App& app, const AddRemote& add, const Common& common,
                   EnvironmentWords& words) {
  auto* parent = app.add_subcommand("env", "variables that an app gets");
  parent->require_subcommand(1);
  const Adding to{*parent, add, common, words};
  auto& options = words.variables;
  variable_command(to, "list", "list them; secret ones without their values", list_variables);
  auto& set = variable_command(
      to, "set", "set some: temps env set shop API_URL=https://… LOG_LEVEL=info", set_variables);
  set.add_option("variables", options.words,
                 "NAME=value; NAME alone takes its value, a secret, from standard input")
      ->required();
  add_kind(set, options);
  auto& unset = variable_command(to, "unset", "remove some", unset_variables);
  unset.add_option("names", options.words, "as listed")->required();
  auto& import =
      variable_command(to, "import", "set all of a .env file, or none", import_variables);
  import.add_option("file", options.file, "the file; - for standard input")->required();
  add_kind(import, options);
  auto& pull = variable_command(to, "pull", "write all into a .env file, secrets, too",
                                [](const Common& given, const VariableOptions& wanted) {
                                  auto with_file = wanted;
                                  if (with_file.file.empty()) with_file.file = ".env";
                                  return pull_variables(given, with_file);
                                });
  pull.add_option("--file", options.file, "another file than .env");
  pull.add_flag("--force", options.force, "overwrite it where it is there");
  auto& reveal = variable_command(to, "reveal", "print the value of one", reveal_variable);
  reveal.add_option("name", options.words, "as listed")->required()->expected(1);
  variable_command(to, "versions", "list who changed what, newest first", list_variable_versions);
}

}  // namespace

void add_environment_commands(CLI::App& app, const AddRemote& add, const Common& common,
                              EnvironmentWords& words) {
  add_environments(app, add, common, words);
  add_variables(app, add, common, words);
}

}  // namespace temps::app

// The words of the commands about sources elsewhere.
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <memory>

#include "app/registration.hpp"
#include "app/source_commands.hpp"

namespace temps::app {

namespace {

void with_credential(CLI::App& app, SourceOptions& options) {
  app.add_option("--branch", options.branch, "that production deploys");
  app.add_option("--user", options.user, "of the token; most servers take any");
  app.add_flag("--token-stdin", options.token_from_stdin,
               "read a token that may read the repository from standard input");
}

void add_source(CLI::App& app, Chosen& chosen, const Remote& shared) {
  auto* source = app.add_subcommand("source",
                                    "a git repository elsewhere that a project is "
                                    "deployed from");
  source->require_subcommand(1);
  const auto options = std::make_shared<SourceOptions>();
  const auto add = [&](const char* name, const char* help,
                       Result<> (*action)(const Common&, const SourceOptions&)) -> CLI::App& {
    auto& added = remote(
        command(*source, chosen, name, help,
                [options, action, &common = shared.common] { return action(common, *options); }),
        shared);
    added.add_option("project", options->project, "the project's name")->required();
    return added;
  };
  auto& set = add("set", "give a project a repository, or another one", set_source);
  set.add_option("repository", options->url, "https://…, ssh://… or git@host:path")->required();
  with_credential(set, *options);
  set.add_flag("--forget-token", options->forgets_token, "it is open to everyone now");
  set.footer("Over ssh a deploy key is made; its public half is printed.");
  add("show", "show it, and the public half of its deploy key", show_source);
  add("check", "ask it for its branches", check_source);
  add("renew-key", "make another deploy key", renew_deploy_key);
  add("remove", "forget it", remove_source);
}

void add_registry(CLI::App& app, Chosen& chosen, const Remote& shared) {
  auto* registry = app.add_subcommand("registry", "who a project is to registries of images");
  registry->require_subcommand(1);
  const auto options = std::make_shared<RegistryOptions>();
  const auto add = [&](const char* name, const char* help,
                       Result<> (*action)(const Common&, const RegistryOptions&)) -> CLI::App& {
    auto& added = remote(
        command(*registry, chosen, name, help,
                [options, action, &common = shared.common] { return action(common, *options); }),
        shared);
    added.add_option("project", options->project, "the project's name")->required();
    return added;
  };
  const auto with_host = [&options](CLI::App& added) -> CLI::App& {
    added.add_option("registry", options->host, "its host, such as ghcr.io or docker.io")
        ->required();
    return added;
  };
  auto& set = with_host(add("set", "pull its images as somebody", set_registry));
  set.add_option("--user", options->user, "who")->required();
  set.add_flag("--password-stdin", options->password_from_stdin,
               "read the password or token from standard input instead of asking");
  add("list", "list them", list_registries);
  with_host(add("remove", "pull without a login again", remove_registry));
}

// Beside what a project is made of without a repository.
void add_to_creation(CLI::App& app, Chosen& chosen, const Remote& shared) {
  auto* create = app.get_subcommand("project")->get_subcommand("create");
  const auto options = std::make_shared<SourceOptions>();
  auto* repository = create->add_option("--repository", options->url,
                                        "deploy from a git repository elsewhere: https://…, "
                                        "ssh://… or git@host:path");
  with_credential(*create, *options);
  for (const auto* name : {"--branch", "--user", "--token-stdin"}) {
    create->get_option(name)->needs(repository);
  }
  // It takes the place of the one that the command came with.
  create->final_callback([create, options, &chosen, &common = shared.common] {
    options->project = create->get_option("project")->as<std::string>();
    chosen.action = [options, &common] {
      if (options->url.empty()) return create_project(common, options->project);
      return create_from_repository(common, *options);
    };
  });
}

}  // namespace

void add_source_commands(CLI::App& app, Chosen& chosen, const Remote& shared) {
  add_source(app, chosen, shared);
  add_registry(app, chosen, shared);
  add_to_creation(app, chosen, shared);
}

}  // namespace temps::app

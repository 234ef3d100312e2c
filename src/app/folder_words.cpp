// The words of the commands about a folder and its project.
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <memory>

#include "app/registration.hpp"
#include "app/source_commands.hpp"

namespace temps::app {

namespace {

void add_deploy(CLI::App& app, Chosen& chosen, const Remote& shared) {
  const auto options = std::make_shared<DeployOptions>();
  auto& deploy = remote(
      command(app, chosen, "deploy", "send a folder, build it there, go live; or what is elsewhere",
              [options, &common = shared.common] {
                options->common = common;
                const bool sends = !options->from_repository && options->image.empty();
                return sends ? deploy_folder(*options) : deploy_elsewhere(*options);
              }),
      shared);
  deploy.add_option("folder", options->folder, "what to deploy")->capture_default_str();
  deploy.add_option("--project", options->project, "else the one that the folder is linked to");
  deploy.add_option("--environment", options->environment, "else production");
  deploy.add_option("-m,--message", options->message, "what is new; else that of the commit");
  deploy.add_flag("-d,--detach", options->detach, "do not wait until it is live");
  deploy.add_option("--timeout", options->timeout,
                    "wait so long at most, such as 10m; the deployment goes on");
  auto* repository =
      deploy.add_flag("--from-repository", options->from_repository,
                      "the newest commit of the project's repository (temps source)");
  deploy.add_option("--image", options->image, "an image of a registry, such as nginx:1.25")
      ->excludes(repository);
  deploy.footer(
      "Leaves out what .gitignore and .tempsignore say, and always .git, node_modules and .env "
      "files.");
}

void add_link(CLI::App& app, Chosen& chosen, const Remote& shared) {
  const auto options = std::make_shared<LinkOptions>();
  const auto add = [&](const char* name, const char* help,
                       Result<> (*action)(const LinkOptions&)) -> CLI::App& {
    return remote(command(app, chosen, name, help,
                          [options, action, &common = shared.common] {
                            options->common = common;
                            return action(*options);
                          }),
                  shared);
  };
  for (auto* linked :
       {&add("init", "make a project for this folder", init_folder),
        &add("link", "remember which project this folder is deployed to", link_folder)}) {
    linked->add_option("project", options->project, "the project's name; asks at a terminal");
    linked->add_option("--folder", options->folder, "another folder")->capture_default_str();
  }
  add("open", "print a project's address and show it in the browser", open_project)
      .add_option("project", options->project, "else the one that this folder is linked to");
}

}  // namespace

void add_folder_commands(CLI::App& app, Chosen& chosen, const Remote& shared) {
  add_deploy(app, chosen, shared);
  add_link(app, chosen, shared);
}

}  // namespace temps::app

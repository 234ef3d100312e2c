#include "app/cli.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>

#include "app/access_words.hpp"
#include "app/api_document.hpp"
#include "app/cli_environments.hpp"
#include "app/commands.hpp"
#include "app/completion.hpp"
#include "app/configuration.hpp"
#include "app/errors.hpp"
#include "app/printed_command.hpp"
#include "app/registration.hpp"
#include "app/security_words.hpp"
#include "app/serve.hpp"
#include "app/terminal.hpp"
#include "app/up.hpp"
#include "app/version.hpp"
#include "core/log.hpp"
#include "process/process.hpp"
#include "proxy/proxy.hpp"

namespace temps::app {

namespace {

constexpr auto overview = R"(Temps makes your own server a deployment platform.

First start:        temps up
Log in:             temps login http://localhost:8080
Make a project:     temps project create shop
Deploy a folder:    temps deploy --project shop
Deploy by git:      git remote add temps http://localhost:8080/git/shop.git
                    git push temps main
Or see a first app: temps demo

Every setting is a flag, a TEMPS_ variable or a line in a file: temps config)";

struct Words {
  std::string program;
  std::string started_as;
  std::vector<std::string> given;  // every word, settings included
  Configuration configuration;
  Common common{};
  bool as_json = false;
  LoginOptions login{};
  LogOptions logs{};
  RequestOptions requests{};
  SplitOptions split{};
  KeyOptions key{};
  AdminOptions admin{};
  BaseImageOptions base_images{};
  EnvironmentWords environments{};
  DeploymentOptions deployment{};
  std::string variables{};
  std::string name{};
  std::string environment{};
  std::string confirmation{};
  std::vector<std::string> changes{};
  std::string folder = ".";
  std::string action{};
  std::int64_t number = 0;
  std::uint32_t limit = 50;
  bool dockerfile = false;
  bool stop_apps = false;
  bool take_over = false;
  bool supervised = false;
};

proxy::Options proxy_options(const Words& words) {
  auto options = words.configuration.proxy();
  options.take_over = words.take_over;
  options.is_supervised = words.supervised;
  options.successor = {words.started_as};
  options.successor.insert(options.successor.end(), words.given.begin(), words.given.end());
  if (!words.take_over) options.successor.emplace_back("--take-over");
  if (const char* socket = std::getenv("NOTIFY_SOCKET")) options.notify_socket = socket;
  return options;
}

CLI::App& remote(CLI::App& app, Words& words) {
  return remote(app, Remote{words.common, words.as_json});
}

void add_process_commands(CLI::App& app, Chosen& chosen, Words& words) {
  auto& up_command = command(
      app, chosen, "up", "start everything: a private PostgreSQL, the control plane and the proxy",
      [&words] { return up(words.configuration.up(words.program, words.started_as)); });
  up_command.footer(settings::help("up"));
  auto& serve_command =
      command(app, chosen, "serve", "run the control plane only (production; see docs/operating)",
              [&words] {
                auto options = words.configuration.serve(words.program);
                options.stop_apps = words.stop_apps;
                words.configuration.use_network();
                return serve(options);
              });
  serve_command.add_flag("--stop-apps", words.stop_apps, "stop the apps when it ends");
  serve_command.footer(settings::help("serve"));
  auto& proxy_command = command(
      app, chosen, "proxy", "run the data plane only (production; see docs/operating)", [&words] {
        log::set_process("proxy");
        return proxy::run(proxy_options(words));
      });
  proxy_command.add_flag("--take-over", words.take_over,
                         "take the place of the one that runs on this data folder, if one does, "
                         "without losing a connection");
  proxy_command.add_flag("--supervised", words.supervised, "started by temps up")->group("");
  command(proxy_command, chosen, "reload",
          "replace the running one by a new process, with the program and settings as they are "
          "now, without losing a connection (SIGHUP does the same)",
          [&words] { return proxy::ask_reload(words.configuration.proxy().control_path); });
  proxy_command.footer(settings::help("proxy"));
  auto& status = remote(
      command(proxy_command, chosen, "status",
              "show its connections, requests, answers, upstreams and certificates",
              [&words] {
                return show_proxy({.common = words.common,
                                   .data_folder = words.configuration.data_folder(),
                                   .names_folder = words.configuration.has_flag("data_dir")});
              }),
      words);
  status.footer(
      "Asks the proxy of this machine's data folder (--data-dir), else the server of the "
      "last login.");
  command(app, chosen, "config", "print the effective settings and where each came from", [&words] {
    print(words.configuration.describe());
    return Result<>{};
  });
}

void add_session_commands(CLI::App& app, Chosen& chosen, Words& words) {
  auto& login_command =
      command(app, chosen, "login", "log in at a server; git push works afterwards",
              [&words] { return login(words.login); });
  login_command.add_option("server", words.login.url, "its address, such as http://localhost:8080")
      ->required();
  login_command.add_flag("--token-stdin", words.login.token_from_stdin,
                         "read an API key from standard input instead of asking for a password");
  login_command.add_flag("--device", words.login.by_device,
                         "show a code to confirm in a browser, ask for no password");
  remote(
      command(app, chosen, "logout", "forget a server", [&words] { return logout(words.common); }),
      words);
  remote(command(app, chosen, "whoami", "who am I, and where",
                 [&words] { return who_am_i(words.common); }),
         words);
  auto& credential = command(app, chosen, "git-credential", "for git: the token of a server",
                             [&words] { return git_credential(words.action); });
  credential.add_option("action", words.action)->required();
  credential.group("");
}

void with_limits(CLI::App& app, KeyOptions& key) {
  app.add_option("--scope", key.scopes,
                 "what it may do: read, deploy, write, admin, or permissions such as logs.read; "
                 "else all that you may")
      ->allow_extra_args(false)
      ->delimiter(',');
  app.add_option("--project", key.project, "only this project");
  app.add_option("--environment", key.environment, "only this environment of the project");
}

void add_key_commands(CLI::App& app, Chosen& chosen, Words& words) {
  auto* key = app.add_subcommand("key", "list, make and revoke your API keys");
  key->require_subcommand(1);
  remote(command(*key, chosen, "list", "list your API keys",
                 [&words] { return list_keys(words.common); }),
         words);
  auto& create =
      remote(command(*key, chosen, "create", "make an API key, for programs; prints it once",
                     [&words] { return create_key(words.common, words.key); }),
             words);
  create.add_option("name", words.key.name, "what it is for")->required();
  create.add_option("--expires", words.key.expires,
                    "how long it is valid, such as 90d; else always");
  with_limits(create, words.key);
  auto& revoke = remote(command(*key, chosen, "revoke", "end an API key",
                                [&words] { return revoke_key(words.common, words.key); }),
                        words);
  revoke.add_option("key", words.key.number, "its number (temps key list)")->required();
}

CLI::App& with_name(CLI::App& app, Words& words) {
  app.add_option("project", words.name, "the project's name")->required();
  return app;
}

CLI::App& with_environment(CLI::App& app, Words& words) {
  app.add_option("--environment", words.environment, "which of the project's; else production");
  return app;
}

void add_project_commands(CLI::App& app, Chosen& chosen, Words& words) {
  auto* project = app.add_subcommand("project", "make, list, change and delete projects");
  project->require_subcommand(1);
  with_name(remote(command(*project, chosen, "create", "make a project",
                           [&words] { return create_project(words.common, words.name); }),
                   words),
            words);
  remote(command(*project, chosen, "list", "list the projects",
                 [&words] { return list_projects(words.common); }),
         words);
  with_name(remote(command(*project, chosen, "show", "show a project",
                           [&words] { return show_project(words.common, words.name); }),
                   words),
            words);
  auto& set =
      with_name(remote(command(*project, chosen, "set",
                               "show or change settings: temps project set shop branch=main",
                               [&words] {
                                 return set_project(words.common, {.project = words.name,
                                                                   .environment = words.environment,
                                                                   .words = words.changes});
                               }),
                       words),
                words);
  with_environment(set, words);
  set.add_option("changes", words.changes,
                 "setting=value, such as port=8000 health_path=/up build_argument.API=https://…");
  auto& remove = with_name(
      remote(command(
                 *project, chosen, "delete", "delete a project and everything it runs",
                 [&words] { return delete_project(words.common, words.name, words.confirmation); }),
             words),
      words);
  remove.add_option("--confirm", words.confirmation, "the project's name again, instead of asking");
}

// For commands about the deployments of one environment.
CLI::App& deployment_command(CLI::App& app, Chosen& chosen, Words& words, const char* name,
                             const char* help,
                             Result<> (*run)(const Common&, const DeploymentOptions&)) {
  auto& added = command(app, chosen, name, help, [&words, run] {
    auto& options = words.deployment;
    options.project = words.name;
    options.environment = words.environment;
    options.limit = words.limit;
    if (words.number > 0) options.to = words.number;
    options.newest_variables = words.variables == "newest";
    return run(words.common, options);
  });
  return with_environment(with_name(remote(added, words), words), words);
}

void add_deployment_commands(CLI::App& app, Chosen& chosen, Words& words) {
  auto& status = with_environment(
      remote(command(app, chosen, "status", "show what a project runs, or what all of them do",
                     [&words] {
                       if (words.name.empty()) return list_projects(words.common);
                       if (words.environment.empty()) {
                         return show_project(words.common, words.name);
                       }
                       return show_environment(words.common, {.project = words.name,
                                                              .name = words.environment,
                                                              .branch = {},
                                                              .confirmation = {}});
                     }),
             words),
      words);
  status.add_option("project", words.name, "the project's name");
  auto& deployments =
      deployment_command(app, chosen, words, "deployments",
                         "list a project's deployments, newest first", list_deployments);
  deployments.add_option("--limit", words.limit, "so many of the newest")
      ->capture_default_str()
      ->check(CLI::Range(1, 100000));
  auto& rollback = deployment_command(app, chosen, words, "rollback",
                                      "go back to the release before, without a build", roll_back);
  rollback.add_option("--to", words.number, "the deployment to go back to (temps deployments)");
  rollback
      .add_option("--variables", words.variables,
                  "those of the release, or the newest ones as a new deployment has them")
      ->check(CLI::IsMember({"release", "newest"}));
  deployment_command(app, chosen, words, "redeploy", "build and deploy the newest source again",
                     redeploy);
  deployment_command(app, chosen, words, "restart",
                     "start the live release anew with the newest variables, without a build",
                     restart);
  remote(command(app, chosen, "demo", "deploy a small example and print its address",
                 [&words] {
                   return demo({.common = words.common,
                                .data_folder = words.configuration.data_folder(),
                                .data_folder_named = words.configuration.has_flag("data_dir")});
                 }),
         words)
      .footer(settings::help("demo"));
}

void add_split_commands(CLI::App& app, Chosen& chosen, Words& words) {
  auto* release = app.add_subcommand("release", "releases that share the visitors");
  release->require_subcommand(1);
  auto& split = remote(command(*release, chosen, "split",
                               "let two releases share the visitors by weight, or show how they do",
                               [&words] { return split_releases(words.common, words.split); }),
                       words);
  split.add_option("project", words.split.project, "the project's name")->required();
  split.add_option("--environment", words.split.environment, "else production");
  auto* releases = split.add_option("releases", words.split.releases,
                                    "two deployments with weights, such as 12=90 13=10");
  releases->type_name("NUMBER=WEIGHT");
  split.add_flag("--no-wait", words.split.no_wait, "do not wait until the visitors are shared");
  auto* clear =
      split.add_flag("--clear", words.split.clears, "all visitors to the live release again");
  auto* end = split.add_option("--end", words.split.kept, "all visitors to this release, for good");
  end->type_name("NUMBER")->check(CLI::PositiveNumber)->excludes(releases)->excludes(clear);
  clear->excludes(releases);
}

void add_log_commands(CLI::App& app, Chosen& chosen, Words& words) {
  auto& logs = remote(command(app, chosen, "logs", "show or follow what an app prints",
                              [&words] {
                                if (words.number > 0) words.logs.deployment = words.number;
                                words.logs.environment = words.environment;
                                return show_logs(words.common, words.logs);
                              }),
                      words);
  logs.add_option("project", words.logs.project, "the project's name")->required();
  with_environment(logs, words);
  logs.add_flag("-f,--follow", words.logs.follow, "go on with new lines");
  logs.add_flag("--build", words.logs.build, "the log of the newest deployment instead");
  logs.add_option("--deployment", words.number, "the log of this deployment");
  logs.add_option("-n,--lines", words.logs.lines, "so many of the newest lines")
      ->capture_default_str();
  logs.add_option("--since", words.logs.since, "an RFC 3339 time");
  logs.add_option("--until", words.logs.until, "an RFC 3339 time");
  logs.add_option("--level", words.logs.level, "only lines that say this level or a worse one")
      ->check(CLI::IsMember({"debug", "info", "warning", "error"}));
  logs.add_option("--filter", words.logs.contains, "only lines that contain this");
  auto& requests = remote(command(app, chosen, "requests", "show or follow what visitors ask for",
                                  [&words] { return show_requests(words.common, words.requests); }),
                          words);
  requests.add_option("project", words.requests.project, "the project's name")->required();
  requests.add_flag("-f,--follow", words.requests.follow, "go on with new requests");
  requests.add_option("-n,--lines", words.requests.lines, "so many of the newest")
      ->capture_default_str();
  requests.add_option("--status", words.requests.status, "only these, such as 404 or 5xx");
  requests.add_option("--path", words.requests.path, "only paths that begin with this");
  requests.add_option("--environment", words.requests.environment, "only of this one");
  requests.add_option("--since", words.requests.since, "such as 1h, or an RFC 3339 time");
  requests.add_option("--until", words.requests.until, "such as 10m, or an RFC 3339 time");
}

void add_platform_commands(CLI::App& app, Chosen& chosen, Words& words) {
  auto* platform = app.add_subcommand("platform", "Temps' own names: the console's and the apps'");
  platform->require_subcommand(1);
  remote(command(*platform, chosen, "check", "look up their DNS records and certificates now",
                 [&words] { return check_platform(words.common); }),
         words);
}

void add_instance_commands(CLI::App& app, Chosen& chosen, Words& words) {
  auto* instances = app.add_subcommand("instances", "what runs on the server's machine");
  instances->require_subcommand(1);
  remote(command(*instances, chosen, "list", "list it, known to the database or not",
                 [&words] { return list_instances(words.common); }),
         words);
  auto& remove =
      remote(command(*instances, chosen, "remove", "stop and remove what no deployment knows",
                     [&words] { return remove_instance(words.common, words.name); }),
             words);
  remove.add_option("instance", words.name, "its name, as listed")->required();
}

void add_local_commands(CLI::App& app, Chosen& chosen, Words& words) {
  command(app, chosen, "openapi", "print the OpenAPI document of the API", [] {
    auto document = api_document();
    if (!document) return Result<>(fail(document.error()));
    std::fputs(document->c_str(), stdout);
    return Result<>{};
  });
  auto& detect = command(
      app, chosen, "detect", "show how a folder would be built and run",
      [&words] { return detect_tree(words.folder, words.common.format, words.dockerfile); });
  detect.add_option("folder", words.folder, "the source")->capture_default_str();
  detect.add_flag("--dockerfile", words.dockerfile, "print the Dockerfile, too");
  detect.add_flag("--json", words.as_json, "print the plan as JSON");

  auto* admin = app.add_subcommand("admin", "manage users on this machine");
  admin->require_subcommand(1);
  auto& create = command(*admin, chosen, "create", "make a user without a browser", [&words] {
    words.admin.data_folder = words.configuration.data_folder();
    words.admin.printed_program = printed_program(words.program);
    words.admin.database_url = words.configuration.database_url();
    words.admin.refuse_common_passwords = words.configuration.identity().refuse_common_passwords;
    return create_admin(words.admin);
  });
  create.add_option("--email", words.admin.email, "the user's e-mail address")->required();
  create.add_flag("--password-stdin", words.admin.password_from_stdin,
                  "read the password from standard input");
  create.add_option("--role", words.admin.role,
                    "guest, viewer, developer, admin or owner; else owner where there is none yet, "
                    "then admin");
  create.add_flag("--member", words.admin.member, "the same as --role developer")->group("");
  create.footer(settings::help("admin"));
  add_reset_commands(*admin, chosen.action, words.configuration, words.program);

  auto* images =
      app.add_subcommand("base-images", "images to build on where no registry is reachable");
  images->require_subcommand(1);
  auto& build =
      command(*images, chosen, "build", "make them with debootstrap (needs root)", [&words] {
        words.configuration.use_network();
        words.base_images.docker_socket = words.configuration.docker_socket();
        return build_base_images(words.base_images);
      });
  build.add_option("which", words.base_images.which, "debian, node, python or all")
      ->capture_default_str();
  build.add_option("--mirror", words.base_images.mirror, "a Debian mirror; else the machine's own");
  build.footer(settings::help("base-images"));
}

int parse_and_run(CLI::App& app, Chosen& chosen, Words& words, std::vector<std::string> rest) {
  const auto given = rest;
  std::reverse(rest.begin(), rest.end());  // CLI11 takes them from the back
  try {
    app.parse(rest);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    if (code == 0) return 0;
    if (const auto meant = meant_command(app, given)) {
      say(fmt::format("Did you mean: {}", *meant));
    }
    return 2;
  }
  words.common.format = words.as_json ? Format::json : Format::text;
  auto result = chosen.action();
  return result ? chosen.code : report(result.error());
}

}  // namespace

std::string started_as(const std::string& name, const std::string& path) {
  std::error_code error;
  if (name.find('/') == std::string::npos) return process::find_program(name).value_or(path);
  const auto absolute = std::filesystem::absolute(name, error).lexically_normal().string();
  return error ? path : absolute;
}

int run_cli(const Program& program, std::vector<std::string> given) {
  const bool completes = !given.empty() && given.front() == completing_word;
  auto configuration = Configuration::load(completes ? std::vector<std::string>{} : given);
  if (!configuration) {
    report(configuration.error());
    return 2;
  }
  Words words{.program = program.path,
              .started_as = program.started_as,
              .given = std::move(given),
              .configuration = *configuration};
  words.login.program = program.path;
  Chosen chosen;
  CLI::App app(overview, "temps");
  app.set_version_flag("--version", std::string(version));
  app.require_subcommand(0, 1);
  app.footer(
      "Exit codes: 0 done, 1 failed, 2 wrong words, 3 did not go live, 4 not logged in, 5 "
      "waited long enough, 130 interrupted; of exec and run those of the command.");
  add_process_commands(app, chosen, words);
  add_session_commands(app, chosen, words);
  add_device_commands(app, chosen, {words.common, words.as_json});
  add_login_provider_commands(app, chosen, {words.common, words.as_json});
  add_key_commands(app, chosen, words);
  AccessWords access;
  add_access_commands(app, chosen.action, access);
  add_project_commands(app, chosen, words);
  add_deployment_commands(app, chosen, words);
  add_single_deployment_commands(app, chosen, {words.common, words.as_json});
  add_environment_commands(
      app,
      [&chosen, &words](CLI::App& parent, const char* name, const char* help,
                        std::function<Result<>()> action) -> CLI::App& {
        return remote(command(parent, chosen, name, help, std::move(action)), words);
      },
      words.common, words.environments);
  add_folder_commands(app, chosen, {words.common, words.as_json});
  add_exec_commands(app, chosen, {words.common, words.as_json});
  add_source_commands(app, chosen, {words.common, words.as_json});
  add_split_commands(app, chosen, words);
  add_log_commands(app, chosen, words);
  add_domain_commands(app, chosen, {words.common, words.as_json});
  add_platform_commands(app, chosen, words);
  add_instance_commands(app, chosen, words);
  add_security_commands(app, chosen.action);
  add_local_commands(app, chosen, words);
  add_completion_command(app, chosen);
  chosen.action = [&app] {
    print(app.help());
    return Result<>{};
  };
  if (completes) return print_completions(app, words.common, words.given);
  for (const auto& warning : words.configuration.warnings()) note("note: " + warning);
  return parse_and_run(app, chosen, words, words.configuration.rest());
}

}  // namespace temps::app

#include "app/access_words.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace temps::app {

namespace {

using Plain = Result<> (*)(const Common&);
using WithOptions = Result<> (*)(const Common&, const AccessOptions&);

// One group of commands: "temps team …".
class Group {
 public:
  Group(CLI::App& app, const char* name, const char* help, std::function<Result<>()>& action,
        AccessWords& words)
      : app_(*app.add_subcommand(name, help)), action_(action), words_(words) {
    app_.require_subcommand(1);
  }
  CLI::App& add(const char* name, const char* help, Plain run) {
    return add(name, help, [words = &words_, run] { return run(words->common); });
  }
  CLI::App& add(const char* name, const char* help, WithOptions run) {
    return add(name, help, [words = &words_, run] { return run(words->common, words->options); });
  }

 private:
  CLI::App& add(const char* name, const char* help, std::function<Result<>()> run) {
    auto* added = app_.add_subcommand(name, help);
    added->add_option("--url", words_.common.url, "the server; else the one of the last login")
        ->type_name("URL");
    added->add_flag("--json", words_.as_json, "print JSON as the API gives it");
    added->callback([&action = action_, &words = words_, run = std::move(run)] {
      words.common.format = words.as_json ? Format::json : Format::text;
      action = run;
    });
    return *added;
  }
  CLI::App& app_;
  std::function<Result<>()>& action_;
  AccessWords& words_;
};

constexpr auto roles = "guest, viewer, developer, admin or owner";
constexpr auto somebody = "an e-mail address, the name of a service account, or team:NAME";

void add_users(CLI::App& app, std::function<Result<>()>& action, AccessWords& words) {
  auto& options = words.options;
  Group user(app, "user", "list users, change their roles, remove them", action, words);
  user.add("list", "list the users and service accounts", list_users);
  auto& role = user.add("role", "change a user's role", change_role);
  role.add_option("user", options.who, "the e-mail address")->required();
  role.add_option("role", options.role, roles)->required();
  user.add("remove", "remove a user with all logins and keys", remove_user)
      .add_option("user", options.who, "the e-mail address")
      ->required();

  Group team(app, "team", "users who get the same roles on projects", action, words);
  team.add("list", "list the teams and their members", list_teams);
  team.add("create", "make a team", create_team)
      .add_option("team", options.team, "its name")
      ->required();
  team.add("delete", "remove a team and what was granted to it", remove_team)
      .add_option("team", options.team, "its name")
      ->required();
  auto& join = team.add("add", "put a user into a team", join_team);
  join.add_option("team", options.team, "its name")->required();
  join.add_option("user", options.who, "the e-mail address")->required();
  auto& leave = team.add("remove", "take a user out of a team", leave_team);
  leave.add_option("team", options.team, "its name")->required();
  leave.add_option("user", options.who, "the e-mail address")->required();

  Group invitation(app, "invite", "links with which others make their account", action, words);
  auto& create = invitation.add("create", "invite somebody; prints the link once", invite);
  create.add_option("email", options.who, "the e-mail address")->required();
  create.add_option("--role", options.role, roles)->required();
  create.add_option("--project", options.projects, "a role on a project, such as shop=developer")
      ->allow_extra_args(false)
      ->type_name("PROJECT=ROLE");
  create.add_option("--team", options.teams, "a team to be in")->allow_extra_args(false);
  invitation.add("list", "list the open invitations", list_invitations);
  invitation.add("revoke", "make an invitation void", revoke_invitation)
      .add_option("number", options.number, "its number (temps invite list)")
      ->required();
}

void add_projects(CLI::App& app, std::function<Result<>()>& action, AccessWords& words) {
  auto& options = words.options;
  Group access(app, "access", "who has a role on a project of its own", action, words);
  access.add("list", "list them", list_access)
      .add_option("project", options.project, "the project's name")
      ->required();
  auto& grant = access.add("grant", "give a role on a project", grant_access);
  grant.add_option("project", options.project, "the project's name")->required();
  grant.add_option("who", options.who, somebody)->required();
  grant.add_option("role", options.role, "viewer, developer or admin")->required();
  auto& revoke = access.add("revoke", "take a role on a project away", revoke_access);
  revoke.add_option("project", options.project, "the project's name")->required();
  revoke.add_option("who", options.who, somebody)->required();

  Group token(app, "token", "deployment tokens, for pipelines", action, words);
  auto& create = token.add("create", "make a deployment token; prints it once", create_token);
  create.add_option("project", options.project, "the project's name")->required();
  create.add_option("--name", options.name, "what it is for")->default_str("deployments");
  create.add_option("--environment", options.environment, "only this one; else all");
  create.add_option("--expires", options.expires, "how long it is valid, such as 90d; else always");
  token.add("list", "list a project's tokens", list_tokens)
      .add_option("project", options.project, "the project's name")
      ->required();
  auto& end = token.add("revoke", "end a token", revoke_token);
  end.add_option("project", options.project, "the project's name")->required();
  end.add_option("number", options.number, "its number (temps token list)")->required();
}

void add_services(CLI::App& app, std::function<Result<>()>& action, AccessWords& words) {
  auto& options = words.options;
  Group service(app, "service-account", "users for programs, without a login", action, words);
  service.add("list", "list them", list_services);
  auto& create = service.add("create", "make one (temps user remove ends it)", create_service);
  create.add_option("name", options.name, "such as ci-runner")->required();
  create.add_option("--role", options.role, roles)->default_str("guest");
  auto& key = service.add("key", "make an API key for one; prints it once", create_service_key);
  key.add_option("account", options.who, "its name")->required();
  key.add_option("--name", options.name, "what the key is for")->default_str("key");
  key.add_option("--scope", options.scopes,
                 "what it may do: read, deploy, write, admin, or permissions such as logs.read; "
                 "else all that the account may")
      ->allow_extra_args(false)
      ->delimiter(',');
  key.add_option("--project", options.project, "only this project");
  key.add_option("--environment", options.environment, "only this environment of the project");
  key.add_option("--expires", options.expires, "how long it is valid, such as 90d; else always");
}

}  // namespace

void add_access_commands(CLI::App& app, std::function<Result<>()>& action, AccessWords& words) {
  add_users(app, action, words);
  add_projects(app, action, words);
  add_services(app, action, words);
}

}  // namespace temps::app

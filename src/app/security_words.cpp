#include "app/security_words.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <memory>

#include "app/commands.hpp"
#include "app/printed_command.hpp"

namespace temps::app {

namespace {

// Lives as long as the command whose words go into it.
struct Words {
  Common common{};
  bool as_json = false;
  AuditOptions audit{};
  AdminOptions admin{};

  [[nodiscard]] Common spoken() const {
    auto said = common;
    said.format = as_json ? Format::json : Format::text;
    return said;
  }
};
using Shared = std::shared_ptr<Words>;

CLI::App& command(CLI::App& parent, Action& chosen, const char* name, const char* help,
                  Action action) {
  auto* added = parent.add_subcommand(name, help);
  added->callback([&chosen, action = std::move(action)] { chosen = action; });
  return *added;
}

CLI::App& remote(CLI::App& app, const Shared& words) {
  app.add_option("--url", words->common.url, "the server; else the one of the last login")
      ->type_name("URL");
  app.add_flag("--json", words->as_json, "print JSON as the API gives it");
  return app;
}

void add_audit_command(CLI::App& app, Action& chosen) {
  const auto words = std::make_shared<Words>();
  auto& audit = remote(command(app, chosen, "audit", "show who changed what, the newest first",
                               [words] { return show_audit_log(words->spoken(), words->audit); }),
                       words);
  audit.add_option("--project", words->audit.project, "only what was done to this project");
  audit.add_option("--actor", words->audit.actor,
                   "only what this one has done: an e-mail address, machine, temps or anonymous");
  audit.add_option("--operation", words->audit.operation, "only this one, such as log_in");
  audit.add_option("--text", words->audit.text, "only what has this in its path or target");
  audit.add_option("--outcome", words->audit.outcome, "done, failed or unknown");
  audit.add_option("--since", words->audit.since, "such as 1h, or an RFC 3339 time");
  audit.add_option("--until", words->audit.until, "such as 10m, or an RFC 3339 time");
  audit.add_option("-n,--lines", words->audit.lines, "so many of the newest")
      ->capture_default_str();
}

void add_factor_commands(CLI::App& app, Action& chosen) {
  auto* factor = app.add_subcommand("second-factor", "a code of your phone at each login");
  factor->require_subcommand(1);
  const auto add = [factor, &chosen](const char* name, const char* help,
                                     Result<> (*run)(const Common&)) {
    const auto words = std::make_shared<Words>();
    remote(command(*factor, chosen, name, help, [words, run] { return run(words->spoken()); }),
           words);
  };
  add("status", "is it on?", show_second_factor);
  add("enable", "turn it on; prints recovery codes once", enable_second_factor);
  add("disable", "turn it off", disable_second_factor);
}

}  // namespace

void add_security_commands(CLI::App& app, Action& chosen) {
  add_audit_command(app, chosen);
  add_factor_commands(app, chosen);
}

void add_reset_commands(CLI::App& admin, Action& chosen, const Configuration& configuration,
                        const std::string& program) {
  const auto add = [&](const Shared& words, const char* name, const char* help,
                       Result<> (*run)(const AdminOptions&)) -> CLI::App& {
    auto& added = command(admin, chosen, name, help, [words, run, &configuration, program] {
      words->admin.data_folder = configuration.data_folder();
      words->admin.printed_program = printed_program(program);
      words->admin.database_url = configuration.database_url();
      words->admin.refuse_common_passwords = configuration.identity().refuse_common_passwords;
      return run(words->admin);
    });
    added.add_option("email", words->admin.email, "the user's e-mail address")->required();
    added.footer(settings::help("admin"));
    return added;
  };
  const auto password = std::make_shared<Words>();
  add(password, "reset-password", "print a link with which a user sets a new password",
      reset_password)
      .add_flag("--password-stdin", password->admin.password_from_stdin,
                "read the new password from standard input instead");
  add(std::make_shared<Words>(), "reset-second-factor",
      "turn off a user's second factor, whose phone is lost", reset_second_factor);
}

}  // namespace temps::app

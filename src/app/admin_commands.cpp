// temps admin: users on this machine, beside the running server. Whoever may read its data folder
// may do all of this; the audit log says that it was done on the machine.
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "app/commands.hpp"
#include "app/errors.hpp"
#include "app/layout.hpp"
#include "app/printed_command.hpp"
#include "app/terminal.hpp"
#include "audit/audit.hpp"
#include "core/reflect.hpp"
#include "core/text.hpp"
#include "files/files.hpp"
#include "identity/identity.hpp"
#include "identity/password_resets.hpp"
#include "identity/second_factors.hpp"
#include "identity/sessions.hpp"
#include "net/loop.hpp"
#include "sql/database.hpp"

namespace temps::app {

namespace {

Result<std::string> database_url(const AdminOptions& options) {
  if (!options.database_url.empty()) return options.database_url;
  const Layout layout{options.data_folder};
  auto url = files::read(layout.database_url());
  struct ::stat owner{};
  if (!url && !url.error().is(files::errors::not_found) &&
      ::stat(options.data_folder.c_str(), &owner) == 0 && owner.st_uid != ::geteuid()) {
    return fail(errors::not_running,
                "the Temps on {} runs as another user, and only that one may make users here; run "
                "the command as that user: sudo -u '#{}' {} admin create --data-dir {} --email {}",
                options.data_folder, owner.st_uid, options.printed_program,
                shell_word(options.data_folder), shell_word(options.email));
  }
  if (!url) {
    return fail(errors::not_running,
                "Temps has not been started on {}; start it first with: temps up --data-dir {}",
                options.data_folder, options.data_folder);
  }
  return std::string(trimmed(*url));
}

// What the commands work with.
struct Bench {
  Bench(net::Loop& loop, const AdminOptions& options, std::string url)
      : database(loop, {.url = std::move(url), .wait_for_connection = std::chrono::seconds(3)}),
        identity(database, clock, loop,
                 {.refuse_common_passwords = options.refuse_common_passwords}) {}

  sql::Database database;
  SystemClock clock;
  identity::Identity identity;
  audit::Options audit_options{};
  audit::Audit audit{database, clock, audit_options};
  identity::Sessions sessions{database, clock};
  identity::PasswordResets resets{database, clock, identity};
  vault::Options vault_options{};
  vault::Vault vault{vault_options};
  identity::SecondFactors factors{database, clock, vault};
};

std::string login_name() {
  const char* user = std::getenv("SUDO_USER");
  if (user == nullptr) user = std::getenv("USER");
  return user == nullptr ? std::string{} : std::string(user);
}

// Records `work` before it is done, and how it ended.
Task<> recorded(audit::Audit& audit, audit::Action action, Task<> work) {
  action.actor = audit::machine();
  action.user_agent = fmt::format("temps admin, uid {} {}", ::getuid(), login_name());
  const auto mark = co_await audit.begin(std::move(action));
  auto done = co_await attempt(std::move(work));
  audit::Ending ending{};
  if (!done) ending = {.status = 400, .error = std::string(done.error().code().code)};
  co_await audit.end(mark, std::move(ending));
  co_await std::move(done);
}

using Work = Task<> (*)(Bench&, const AdminOptions&);

Task<> at_bench(net::Loop& loop, AdminOptions options, audit::Action action, Work work) {
  Bench bench(loop, options, co_await database_url(options));
  action.target = {{"email", lowered(trimmed(options.email))}};
  auto done = co_await attempt(recorded(bench.audit, std::move(action), work(bench, options)));
  co_await bench.database.close();
  const bool is_away = !done && (done.error().code().code.starts_with("sql.unavailable") ||
                                 done.error().is(audit::errors::unavailable));
  if (is_away) {
    co_await fail(errors::not_running, "the database does not answer; is `temps up` running?");
  }
  co_await std::move(done);
}

Task<Secret> new_password(const AdminOptions& options) {
  co_return options.password_from_stdin ? co_await secret_from_stdin()
                                        : co_await ask_secret("Password (10 characters or more)");
}

// Where none is named: the owner that every installation needs, then admins.
Task<Role> role_for(identity::Identity& identity, const AdminOptions& options) {
  if (options.member) co_return Role::developer;
  if (!options.role.empty()) {
    const auto role = reflect::enum_value<Role>(options.role);
    if (role && *role != Role::anonymous) co_return *role;
    co_await fail(errors::usage, "\"{}\" is no role: guest, viewer, developer, admin or owner",
                  options.role);
  }
  co_return co_await identity.has_owner() ? Role::admin : Role::owner;
}

Task<> create(Bench& bench, const AdminOptions& options) {
  auto password = co_await new_password(options);
  const auto role = co_await role_for(bench.identity, options);
  co_await bench.identity.create_user(
      {.email = options.email, .password = std::move(password), .role = role});
  print(fmt::format("Created {} ({}).", options.email, reflect::enum_name(role)));
}

Task<> set_password(Bench& bench, const AdminOptions& options) {
  const auto user = co_await bench.resets.user_of(options.email);
  co_await bench.identity.change_user(user, {.password = co_await new_password(options)});
  print(fmt::format("Set a new password for {}; all sessions have ended.", options.email));
}

Task<> print_link(Bench& bench, const AdminOptions& options) {
  const Layout layout{options.data_folder};
  const auto url = files::read(layout.public_url());
  const auto token = co_await bench.resets.issue(options.email);
  note(fmt::format("Give this link to {}. It works once, within 30 minutes:", options.email));
  // What stands behind "#" is in no log: browsers do not send it.
  print(fmt::format("{}/reset#token={}", url ? trimmed(*url) : std::string_view("http://localhost"),
                    token.reveal()));
}

Task<> remove_factor(Bench& bench, const AdminOptions& options) {
  const auto user = co_await bench.resets.user_of(options.email);
  co_await bench.factors.remove(user);
  co_await bench.sessions.end_all(user);
  print(fmt::format("The second factor of {} is off; all sessions have ended.", options.email));
}

}  // namespace

Result<> create_admin(const AdminOptions& options) {
  net::Loop loop;
  return loop.run(at_bench(loop, options,
                           {.operation = "admin_create", .summary = "Make a user on the machine"},
                           create));
}

Result<> reset_password(const AdminOptions& options) {
  net::Loop loop;
  const bool at_once = options.password_from_stdin;
  return loop.run(at_bench(loop, options,
                           {.operation = "admin_reset_password",
                            .summary = at_once ? "Set a user's password on the machine"
                                               : "Make a link for a new password"},
                           at_once ? set_password : print_link));
}

Result<> reset_second_factor(const AdminOptions& options) {
  net::Loop loop;
  return loop.run(at_bench(loop, options,
                           {.operation = "admin_reset_second_factor",
                            .summary = "Turn a user's second factor off on the machine"},
                           remove_factor));
}

}  // namespace temps::app

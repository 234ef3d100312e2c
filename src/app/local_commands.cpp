// Commands that work on this machine: detect, admin create, base-images build.
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "app/commands.hpp"
#include "app/errors.hpp"
#include "app/layout.hpp"
#include "app/printed_command.hpp"
#include "app/terminal.hpp"
#include "baseimages/baseimages.hpp"
#include "core/reflect.hpp"
#include "core/text.hpp"
#include "detect/detect.hpp"
#include "files/files.hpp"
#include "identity/identity.hpp"
#include "json/json.hpp"
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

// Where none is named: the owner that every installation needs, then admins.
Task<Role> role_for(identity::Identity& identity, AdminOptions options) {
  if (options.member) co_return Role::developer;
  if (!options.role.empty()) {
    const auto role = reflect::enum_value<Role>(options.role);
    if (role && *role != Role::anonymous) co_return *role;
    co_await fail(errors::usage, "\"{}\" is no role: guest, viewer, developer, admin or owner",
                  options.role);
  }
  co_return co_await identity.has_owner() ? Role::admin : Role::owner;
}

Task<> create(net::Loop& loop, AdminOptions options) {
  sql::Database database(loop, {.url = co_await database_url(options),
                                .wait_for_connection = std::chrono::seconds(3)});
  auto password = options.password_from_stdin
                      ? co_await secret_from_stdin()
                      : co_await ask_secret("Password (10 characters or more)");
  const SystemClock clock;
  identity::Identity identity(database, clock, loop);
  auto role = co_await attempt(role_for(identity, options));
  auto made = role ? co_await attempt(identity.create_user(
                         {.email = options.email, .password = password, .role = *role}))
                   : Result<identity::UserId>(std::unexpected(role.error()));
  co_await database.close();
  if (!made && made.error().code().code.starts_with("sql.unavailable")) {
    co_await fail(errors::not_running, "the database does not answer; is `temps up` running?");
  }
  co_await std::move(made);
  print(fmt::format("Created {} ({}).", options.email, reflect::enum_name(*role)));
}

}  // namespace

Result<> create_admin(const AdminOptions& options) {
  net::Loop loop;
  return loop.run(create(loop, options));
}

Result<> detect_tree(const std::string& folder, Format format, bool dockerfile) {
  auto tree = detect::read_tree(folder);
  if (!tree) return fail(tree.error());
  auto plan = detect::detect(*tree);
  if (!plan) return fail(plan.error());
  if (format == Format::json) {
    print(json::encode(*plan));
    return {};
  }
  print(trimmed(detect::describe(*plan)));
  for (const auto& warning : plan->warnings) note("note: " + warning);
  const bool written = plan->provider != "dockerfile" &&
                       (plan->provider != "static" || !plan->build_commands.empty());
  if (dockerfile && written) print("\n" + detect::write_dockerfile(*plan, {}));
  if (!dockerfile && written)
    note("See the Dockerfile that builds it with: temps detect --dockerfile");
  return {};
}

Result<> build_base_images(const BaseImageOptions& options) {
  const auto which = baseimages::parse_which(options.which);
  if (!which) {
    return fail(errors::usage, "\"{}\" is none of debian, node, python and all", options.which);
  }
  net::Loop loop;
  return loop.run(baseimages::build(
      loop, {.which = *which, .mirror = options.mirror, .engine_socket = options.docker_socket},
      [](std::string_view line) { note(line); }));
}

}  // namespace temps::app

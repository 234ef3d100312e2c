#include "postgres/prepare.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "core/log.hpp"
#include "core/text.hpp"
#include "files/files.hpp"
#include "files/refusal.hpp"
#include "process/process.hpp"

namespace temps::postgres {

namespace {

using std::filesystem::path;

// A new data folder has 39 MB; the rest is for the first hours of logs and write-ahead log.
constexpr std::uint64_t new_data_bytes = 150U << 20U;
constexpr std::size_t initdb_output_max = 1U << 20U;

bool lets_through(const struct stat& status, process::User user) {
  if (status.st_uid == user.uid) return status.st_mode & S_IXUSR;
  if (status.st_gid == user.gid) return status.st_mode & S_IXGRP;
  return status.st_mode & S_IXOTH;
}

// The outermost folder that `user` cannot pass, by its mode.
path closed_folder(const path& folder, process::User user) {
  path so_far;
  for (const auto& part : folder) {
    so_far /= part;
    struct stat status{};
    if (::stat(so_far.c_str(), &status) == 0 && !lets_through(status, user)) return so_far;
  }
  return folder;
}

// Asks the kernel rather than the modes: there may be access control lists and other walls.
Task<> check_reachable(net::Loop& loop, const Layout& layout, const Account& account) {
  if (!account.is_switched) co_return;
  const process::Spec spec{.command = {"/bin/true"},
                           .environment = {},
                           .folder = layout.folder.native(),
                           .user = account.user};
  auto entered = co_await attempt(process::capture(loop, spec));
  if (entered) co_return;
  if (entered.error().code().kind == ErrorKind::cancelled) co_await fail(entered.error());
  const auto closed = closed_folder(layout.folder, account.user);
  const Error unreachable(
      errors::bad_folder,
      fmt::format("PostgreSQL runs as user {}, who cannot reach {}: the folder {} is closed to "
                  "others. Open the way (chmod o+x {}), or choose another data folder",
                  account.name, layout.folder.native(), closed.native(), closed.native()));
  co_await fail(unreachable.because(std::string(entered.error().detail())));
}

// The major version of the data; 0 where there is none yet.
Result<int> data_version(const Layout& layout) {
  const auto data = layout.data();
  auto text = files::read(data / "PG_VERSION", 64);
  if (text) {
    const auto version = parse_number<int>(trimmed(*text));
    if (version && *version > 0) return *version;
    return fail(errors::bad_folder,
                "{} is damaged: PG_VERSION holds no number. Restore it from a "
                "backup, or move the folder away to start with an empty "
                "database",
                data.native());
  }
  if (!text.error().is(files::errors::not_found)) return fail(text.error());
  std::error_code error;
  const bool is_empty = std::filesystem::is_empty(data, error);
  if (error == std::errc::no_such_file_or_directory) return 0;
  if (!error && is_empty) {
    if (auto removed = files::remove_all(data); !removed) return fail(removed.error());
    return 0;
  }
  if (error) return fail(files::refusal("look into", data, error.value()));
  return fail(errors::bad_folder,
              "{} holds something else than PostgreSQL's data. Move it away, or choose another "
              "data folder",
              data.native());
}

Result<> check_space(const Layout& layout) {
  const auto space = files::space(layout.folder);
  if (!space || space->free_bytes >= new_data_bytes) return {};
  return fail(errors::cannot_start,
              "a new database needs {}, and the disk of {} has {} left. Free some space, or choose "
              "another data folder",
              human_bytes(new_data_bytes), layout.folder.native(), human_bytes(space->free_bytes));
}

Task<> make_data(net::Loop& loop, Durability durability, const Prepared& prepared) {
  const auto& [layout, account, installation] = prepared;
  co_await check_space(layout);
  // Made aside and renamed when whole, so that a crash leaves no half of it.
  const auto made = layout.unfinished_data();
  co_await files::remove_all(made);
  co_await files::make_folder(made, 0700);
  if (account.is_switched) {
    co_await files::give_to(made, account.user.uid, account.user.gid);
  }
  process::Spec spec{.command = {(installation.programs / "initdb").native(), "--pgdata",
                                 made.native(), "--locale=C.UTF-8", "--encoding=UTF8",
                                 "--auth=peer", "--username=postgres", "--data-checksums"},
                     .environment = {{"LANG", "C.UTF-8"}, {"TZ", "UTC"}},
                     .user = account.to_switch_to()};
  if (durability == Durability::none) spec.command.emplace_back("--no-sync");
  log::info("making a new PostgreSQL data folder", {{"folder", layout.data().native()},
                                                    {"version", installation.major_version},
                                                    {"user", account.name}});
  auto done = co_await process::capture(loop, spec, {}, initdb_output_max);
  if (!done.exit.is_success()) {
    co_await fail(Error(errors::cannot_start,
                        fmt::format("PostgreSQL cannot make its data in {}: {}", made.native(),
                                    reason_in(done.err)),
                        {}, fmt::format("initdb: {}\n{}", done.exit.text(), done.err)));
  }
  std::error_code error;
  std::filesystem::rename(made, layout.data(), error);
  if (error) co_await fail(files::refusal("make", layout.data(), error.value()));
  if (durability == Durability::full) co_await files::sync(layout.folder);
}

// The server refuses data that is not its own or is open to others.
Result<> check_owner(const Layout& layout, const Account& account) {
  const auto data = layout.data();
  struct stat status{};
  if (::stat(data.c_str(), &status) != 0) return fail(files::refusal("look at", data, errno));
  if (status.st_uid != account.user.uid) {
    return fail(errors::bad_folder,
                "{} belongs to user {}, and PostgreSQL runs as {}. Give it the folder: chown -R {} "
                "{}",
                data.native(), status.st_uid, account.name, account.name, data.native());
  }
  constexpr unsigned refused = S_IWGRP | S_IRWXO;
  if ((status.st_mode & refused) != 0 && ::chmod(data.c_str(), 0700) != 0) {
    return fail(files::refusal("set the mode of", data, errno));
  }
  return {};
}

Result<> make_socket_folder(const Layout& layout, const Account& account) {
  const auto& folder = layout.socket_folder;
  if (folder.native().size() + std::string_view("/.s.PGSQL.5432").size() > socket_path_max) {
    return fail(errors::bad_folder,
                "the path of the socket folder {} is too long: {} bytes at most", folder.native(),
                socket_path_max - std::string_view("/.s.PGSQL.5432").size());
  }
  if (auto made = files::make_folder(folder, 0711); !made) return made;
  // In /tmp somebody else may have been faster, with a folder or a link.
  struct stat status{};
  if (::lstat(folder.c_str(), &status) != 0) return fail(files::refusal("look at", folder, errno));
  const bool is_ours = status.st_uid == ::geteuid() || status.st_uid == account.user.uid;
  if (!S_ISDIR(status.st_mode) || !is_ours) {
    return fail(errors::bad_folder,
                "{}, where the database's socket belongs, is another user's. Remove it, or choose "
                "another folder",
                folder.native());
  }
  if (account.is_switched && ::lchown(folder.c_str(), account.user.uid, account.user.gid) != 0) {
    return fail(files::refusal("change the owner of", folder, errno));
  }
  if (::chmod(folder.c_str(), account.is_switched ? 0711 : 0700) != 0) {
    return fail(files::refusal("set the mode of", folder, errno));
  }
  return {};
}

// A root without a /dev/shm that everybody may write to (a plain chroot has none) keeps PostgreSQL
// from its usual kind of shared memory.
std::string shared_memory_setting() {
  struct stat status{};
  const bool is_usual = ::stat("/dev/shm", &status) == 0 && (status.st_mode & S_IWOTH) != 0;
  return is_usual ? "" : "dynamic_shared_memory_type = sysv\n";
}

Result<> write_settings(const Layout& layout, const Account& account, Durability durability) {
  const std::string_view own_name = account.is_switched ? std::string_view("root") : account.name;
  auto written = files::write_atomically(layout.settings(),
                                         settings_text(durability) + shared_memory_setting());
  if (written) written = files::write_atomically(layout.access(), access_text());
  if (written) written = files::write_atomically(layout.users(), users_text(account, own_name));
  return written;
}

}  // namespace

Task<Prepared> prepare(net::Loop& loop, const Options& options, Layout layout) {
  Prepared prepared{.layout = std::move(layout), .account = {}, .installation = {}};
  const int version = co_await data_version(prepared.layout);
  prepared.installation =
      co_await find_installation(loop, options, version, prepared.layout.data());
  prepared.account = co_await choose_account(prepared.layout.data(), options.accounts);
  co_await check_reachable(loop, prepared.layout, prepared.account);
  if (version == 0) co_await make_data(loop, options.durability, prepared);
  co_await check_owner(prepared.layout, prepared.account);
  co_await write_settings(prepared.layout, prepared.account, options.durability);
  co_await make_socket_folder(prepared.layout, prepared.account);
  co_return prepared;
}

}  // namespace temps::postgres

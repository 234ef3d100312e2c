#include "postgres/layout.hpp"

#include <algorithm>

#include "core/text.hpp"

namespace temps::postgres {

namespace {

constexpr std::string_view socket_name = "/.s.PGSQL.5432";

// FNV-1a: the same folder always gets the same short name.
std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char byte : text) {
    hash = (hash ^ static_cast<unsigned char>(byte)) * 1099511628211ULL;
  }
  return hash;
}

std::string conninfo_value(std::string_view value) {
  return fmt::format("'{}'", replaced(replaced(value, "\\", "\\\\"), "'", "\\'"));
}

// Where in a line of the log a complaint begins. Mistakes in the settings come as LOG, and so does
// what nobody needs to hear of.
std::size_t complaint_in(std::string_view line) {
  for (const std::string_view level : {"FATAL:", "PANIC:", "ERROR:", "HINT:", "DETAIL:"}) {
    if (const auto at = line.find(level); at != std::string_view::npos) return at;
  }
  for (const std::string_view word : {"invalid", "unrecognized", "error", "could not"}) {
    if (line.contains(word)) return line.find("LOG:");
  }
  return std::string_view::npos;
}

}  // namespace

Layout layout_of(const Options& options, std::uint32_t own_uid) {
  Layout layout{.folder = std::filesystem::absolute(options.folder).lexically_normal(),
                .socket_folder = options.socket_folder};
  if (!layout.socket_folder.empty()) return layout;
  layout.socket_folder = layout.folder / "run";
  if (layout.socket_folder.native().size() + socket_name.size() > socket_path_max ||
      // postgres takes commas for separators of folders.
      layout.socket_folder.native().contains(',')) {
    layout.socket_folder = fmt::format("{}/temps-{}-{:016x}", own_uid == 0 ? "/run" : "/tmp",
                                       own_uid, hash_of(layout.folder.native()));
  }
  return layout;
}

std::string settings_text(Durability durability) {
  // Small: about 22 MB of memory idle. ALTER SYSTEM overrides every line.
  std::string text =
      "# Written by Temps at every start. To change a setting: alter system set ...\n"
      "shared_buffers = 32MB\n"
      "max_connections = 50\n"
      "max_wal_senders = 4\n"
      "max_replication_slots = 4\n"
      "max_worker_processes = 4\n"
      "max_parallel_workers = 2\n"
      "max_logical_replication_workers = 0\n"
      "autovacuum_max_workers = 2\n"
      "wal_buffers = 1MB\n"
      "max_wal_size = 512MB\n"
      "work_mem = 2MB\n"
      "maintenance_work_mem = 32MB\n"
      "huge_pages = off\n"
      "jit = off\n"
      "timezone = 'UTC'\n"
      "log_timezone = 'UTC'\n"
      "log_line_prefix = '%m [%p] '\n"
      "log_checkpoints = off\n";
  // What was committed survives a crash of the server, if not of the machine.
  if (durability == Durability::none) text += "fsync = off\nfull_page_writes = off\n";
  return text;
}

std::string access_text() {
  return "# Written by Temps at every start.\nlocal all all peer map=temps\n";
}

std::string users_text(const Account& account, std::string_view own_name) {
  std::string text = "# Written by Temps at every start.\n";
  std::vector<std::string_view> names{"root"};
  for (const std::string_view name : {std::string_view(account.name), own_name}) {
    if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  }
  for (const auto name : names) text += fmt::format("temps \"{}\" postgres\n", name);
  return text;
}

std::string connection_string(const std::filesystem::path& socket_folder,
                              std::string_view server_user, std::string_view database) {
  return fmt::format("host={} user=postgres dbname={} requirepeer={}",
                     conninfo_value(socket_folder.native()), conninfo_value(database),
                     conninfo_value(server_user));
}

std::string reason_in(std::string_view log) {
  constexpr std::size_t lines_max = 4;
  std::vector<std::string> lines;
  for (const auto line : split(log, '\n')) {
    const auto at = complaint_in(line);
    if (at != std::string_view::npos) lines.emplace_back(trimmed(line.substr(at)));
  }
  if (lines.empty()) {
    // The loader's and the shell's complaints have no level.
    for (const auto line : split(log, '\n')) {
      if (!trimmed(line).empty()) lines.emplace_back(trimmed(line));
    }
  }
  if (lines.size() > lines_max) {
    lines.erase(lines.begin(), lines.end() - static_cast<std::ptrdiff_t>(lines_max));
  }
  auto reason = join(lines, "; ");
  if (log.contains("No space left on device")) {
    reason += ". The disk is full: free some space and start again";
  }
  return reason;
}

}  // namespace temps::postgres

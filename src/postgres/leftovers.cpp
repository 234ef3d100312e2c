#include "postgres/leftovers.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>

#include "core/concurrency.hpp"
#include "core/log.hpp"
#include "core/text.hpp"
#include "files/files.hpp"
#include "postgres/errors.hpp"
#include "process/process.hpp"

namespace temps::postgres {

namespace {

using namespace std::chrono_literals;

struct Asking {
  int signal;
  std::chrono::milliseconds patience;
};
// Fast shutdown, which writes everything out; immediate shutdown; no more questions.
constexpr std::array<Asking, 3> stop_sequence{{{SIGINT, 30s}, {SIGQUIT, 5s}, {SIGKILL, 5s}}};

// The server's first process. Others of its kind work in the same folder, but it alone is named in
// the file, and a foreign process that got its number does not work there.
std::optional<int> live_server(const std::filesystem::path& data) {
  const auto file = read_pid_file(data);
  if (!file) return std::nullopt;
  const auto living = server_processes(data);
  if (std::ranges::find(living, file->pid) == living.end()) return std::nullopt;
  return file->pid;
}

// "Uid:" of /proc/PID/status, the effective one.
std::optional<std::uint32_t> user_of(const std::filesystem::path& process) {
  const auto status = files::read(process / "status", 64U << 10U);
  if (!status) return std::nullopt;
  for (const auto line : split(*status, '\n')) {
    if (!line.starts_with("Uid:")) continue;
    const auto numbers = split(trimmed(line.substr(4)), '\t');
    if (numbers.size() > 1) return parse_number<std::uint32_t>(numbers[1]);
  }
  return std::nullopt;
}

Task<> gone(int pid) {
  while (process::start_time(pid)) co_await sleep(10ms);
}

}  // namespace

std::optional<PidFile> read_pid_file(const std::filesystem::path& data) {
  const auto text = files::read(data / "postmaster.pid", 4096);
  if (!text) return std::nullopt;
  const auto lines = split(*text, '\n');
  const auto pid = parse_number<int>(trimmed(lines.front()));
  if (!pid || *pid <= 0) return std::nullopt;
  return PidFile{.pid = *pid, .is_ready = lines.size() >= 8 && trimmed(lines[7]) == "ready"};
}

std::vector<int> server_processes(const std::filesystem::path& data) {
  std::vector<int> found;
  std::error_code error;
  const auto real = std::filesystem::canonical(data, error);
  if (error) return found;
  for (std::filesystem::directory_iterator entry("/proc", error), end; !error && entry != end;
       entry.increment(error)) {
    const auto pid = parse_number<int>(entry->path().filename().native());
    if (!pid) continue;
    std::error_code unreadable;
    if (std::filesystem::read_symlink(entry->path() / "cwd", unreadable) != real) continue;
    const auto program = std::filesystem::read_symlink(entry->path() / "exe", unreadable);
    // " (deleted)" follows after an upgrade of the package.
    if (cut(program.filename().native(), " ").first == "postgres") found.push_back(*pid);
  }
  return found;
}

std::vector<int> hidden_processes(const std::filesystem::path& data) {
  std::vector<int> found;
  struct ::stat owner{};
  if (::stat(data.c_str(), &owner) != 0) return found;
  std::error_code error;
  for (std::filesystem::directory_iterator entry("/proc", error), end; !error && entry != end;
       entry.increment(error)) {
    const auto pid = parse_number<int>(entry->path().filename().native());
    if (!pid) continue;
    std::error_code unreadable;
    (void)std::filesystem::read_symlink(entry->path() / "cwd", unreadable);
    if (unreadable != std::errc::permission_denied &&
        unreadable != std::errc::operation_not_permitted) {
      continue;
    }
    const auto name = files::read(entry->path() / "comm", 64);
    if (name && trimmed(*name) == "postgres" && user_of(entry->path()) == owner.st_uid) {
      found.push_back(*pid);
    }
  }
  return found;
}

Task<> end_leftovers(std::filesystem::path data, std::filesystem::path socket_folder) {
  if (const auto pid = live_server(data)) {
    log::warning("stopping a PostgreSQL that still runs on our data", {{"pid", *pid}});
    for (const auto& [signal, patience] : stop_sequence) {
      ::kill(*pid, signal);
      auto ended = co_await attempt(within(patience, gone(*pid)));
      if (ended) break;
      if (!ended.error().is(temps::errors::timed_out)) co_await fail(ended.error());
    }
  }
  const auto left = server_processes(data);
  if (!left.empty()) {
    log::info("ending what is left of a PostgreSQL that is gone", {{"processes", left.size()}});
  }
  for (const int pid : left) {
    ::kill(pid, SIGKILL);
    auto ended = co_await attempt(within(10s, gone(pid)));
    if (ended) continue;
    if (!ended.error().is(temps::errors::timed_out)) co_await fail(ended.error());
    co_await fail(errors::cannot_start,
                  "process {} of an earlier PostgreSQL holds the data in {} and cannot be killed. "
                  "The disk may hang; look at the system's log (dmesg)",
                  pid, data.native());
  }
  const auto hidden = hidden_processes(data);
  if (const auto file = read_pid_file(data);
      file && std::ranges::find(hidden, file->pid) != hidden.end()) {
    co_await fail(errors::cannot_start,
                  "process {}, which {} names, is a PostgreSQL that lives and that we may not look "
                  "at; it may work on the same data. Stop it (kill -INT {}), then start again",
                  file->pid, (data / "postmaster.pid").native(), file->pid);
  }
  if (!hidden.empty()) {
    // By the file PostgreSQL itself finds out whether one of them still holds the shared memory.
    log::warning("a PostgreSQL runs that cannot be looked at; its files are left to the new one",
                 {{"pid", hidden.front()}, {"folder", data.native()}});
    co_return;
  }
  // PostgreSQL refuses to start as long as the process named there exists: a killed server is a
  // zombie until its parent looks, and its number may be another's by now.
  for (const auto& file : {data / "postmaster.pid", socket_folder / ".s.PGSQL.5432.lock"}) {
    co_await files::remove_all(file);
  }
}

}  // namespace temps::postgres

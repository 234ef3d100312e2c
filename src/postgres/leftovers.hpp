// Server processes that nobody watches any more: of a server whose Temps was killed, or backends
// that outlived their killed server. They hold its shared memory, and no new server starts on the
// same data before they are gone. Private to postgres.
#pragma once
#include <filesystem>
#include <optional>
#include <vector>

#include "core/task.hpp"

namespace temps::postgres {

// What postmaster.pid says.
struct PidFile {
  int pid = 0;
  bool is_ready = false;
};
std::optional<PidFile> read_pid_file(const std::filesystem::path& data);

// All processes of a PostgreSQL that work in `data` (every one of them changes into it).
std::vector<int> server_processes(const std::filesystem::path& data);

// Processes that may be such and that the kernel does not let us look at: of the data's owner and
// called like the server. Root without CAP_SYS_PTRACE, as in many containers, meets them.
std::vector<int> hidden_processes(const std::filesystem::path& data);

// Stops a server that still runs on `data`: asks it first, then kills everything that is left and
// removes the files by which it says that it runs. Where a process cannot be looked at the files
// stay; fails with `cannot_start` when it is the one that they name. Must not be called while a
// server of ours runs on it.
Task<> end_leftovers(std::filesystem::path data, std::filesystem::path socket_folder);

}  // namespace temps::postgres

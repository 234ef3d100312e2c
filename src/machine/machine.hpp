// Machine: what Temps' own server is busy with, and whether it is fit for it.
#pragma once
#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/clock.hpp"
#include "files/files.hpp"
#include "gateway/gateway.hpp"
#include "machine/checks.hpp"
#include "machine/meters.hpp"
#include "net/dns.hpp"
#include "net/loop.hpp"
#include "runtime/runtime.hpp"
#include "sql/database.hpp"

namespace temps::machine {

struct Options {
  files::Path data_folder;
  std::string public_url;  // of the console
  files::Path proc = "/proc";
  files::Path os_release = "/etc/os-release";
};

struct Disk {
  std::string folder;
  files::Space space;
};

struct Sight {
  std::string host_name;
  std::string system;  // "Debian GNU/Linux 12 (bookworm)"
  std::string kernel;
  std::int64_t cpus = 0;
  double cpu_busy = 0;  // share of all processors, since the sight before; at first since the start
  std::array<double, 3> load{};
  Memory memory;
  std::chrono::seconds up{0};
  std::vector<Disk> disks;  // the data folder's, and the engine's where that is another
  std::string runtime;
  std::string caveat;
  int postgresql = 0;  // as the server writes it: 150004
  std::int64_t database_bytes = 0;
};

struct InstanceSight {
  runtime::Listed listed;
  std::optional<runtime::Usage> usage;
  double cpus = 0;  // processors it kept busy since the sight before; 0 at the first
};

class Machine {
 public:
  Machine(net::Loop& loop, const Clock& clock, sql::Database& database, runtime::Runtime& runtime,
          gateway::Gateway& gateway, const Options& options)
      : loop_(loop),
        clock_(clock),
        database_(database),
        runtime_(runtime),
        gateway_(gateway),
        options_(options),
        resolver_(loop) {}

  Task<Sight> look();
  // Everything that runs under the name of this installation, in order of name. Fails with
  // `runtime.unavailable`.
  Task<std::vector<InstanceSight>> instances();
  // In the order in which to mend what they find. Takes seconds where something does not answer.
  Task<std::vector<Check>> checks();

 private:
  struct Spent {
    Instant seen;
    std::chrono::microseconds cpu;
  };
  [[nodiscard]] std::string proc_file(std::string_view name) const;
  double measure_cpu();
  double measure(const runtime::Usage& usage);
  Task<std::vector<Disk>> disks();
  Task<Check> engine();
  Task<Check> ports();
  Task<Check> address();
  Task<bool> takes_connections(std::uint16_t port);

  net::Loop& loop_;
  const Clock& clock_;
  sql::Database& database_;
  runtime::Runtime& runtime_;
  gateway::Gateway& gateway_;
  const Options& options_;
  net::Resolver resolver_;
  CpuTicks last_;
  double last_busy_ = 0;
  Instant measured_{};
  std::map<std::string, Spent, std::less<>> spent_;  // by instance
};

}  // namespace temps::machine

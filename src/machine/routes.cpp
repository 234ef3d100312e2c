#include "machine/routes.hpp"

#include <utility>

#include "machine/permissions.hpp"

namespace temps::machine {
namespace {

// The JSON shapes of this API. A field name is the wire name.
struct DiskView {
  std::string folder;
  std::uint64_t total_bytes;
  std::uint64_t free_bytes;
};
struct MemoryView {
  std::uint64_t total_bytes;
  std::uint64_t available_bytes;
  std::uint64_t swap_total_bytes;
  std::uint64_t swap_free_bytes;
};
struct CpuView {
  std::int64_t count;
  double
      busy;  // 0 to 1, of all of them, since the last request; at first since the machine's start
  double load_1m;
  double load_5m;
  double load_15m;
};
struct DatabaseView {
  std::string version;  // "15.4"
  std::int64_t bytes;
};
struct MachineView {
  std::string host_name;
  std::string system;
  std::string kernel;
  std::int64_t uptime_seconds;
  CpuView cpu;
  MemoryView memory;
  std::vector<DiskView> disks;
  std::string runtime;  // "docker" or "process"
  std::string caveat;   // what its isolation lacks
  DatabaseView database;
};
struct InstanceUsageView {
  std::string name;
  std::string project;
  runtime::Status status;
  double cpus;  // processors that it kept busy since the last request
  std::optional<std::uint64_t> memory_bytes;
  std::optional<std::uint64_t> memory_bytes_max;  // absent without a limit
};

MachineView view(const Sight& sight) {
  MachineView shown{
      .host_name = sight.host_name,
      .system = sight.system,
      .kernel = sight.kernel,
      .uptime_seconds = sight.up.count(),
      .cpu = {sight.cpus, sight.cpu_busy, sight.load[0], sight.load[1], sight.load[2]},
      .memory = {sight.memory.total_bytes, sight.memory.available_bytes,
                 sight.memory.swap_total_bytes, sight.memory.swap_free_bytes},
      .disks = {},
      .runtime = sight.runtime,
      .caveat = sight.caveat,
      .database = {fmt::format("{}.{}", sight.postgresql / 10'000, sight.postgresql % 10'000),
                   sight.database_bytes}};
  for (const auto& disk : sight.disks) {
    shown.disks.push_back({disk.folder, disk.space.total_bytes, disk.space.free_bytes});
  }
  return shown;
}

InstanceUsageView view(const InstanceSight& sight) {
  InstanceUsageView shown{.name = sight.listed.name,
                          .project = sight.listed.project,
                          .status = sight.listed.status,
                          .cpus = sight.cpus,
                          .memory_bytes = {},
                          .memory_bytes_max = {}};
  if (sight.usage) {
    shown.memory_bytes = sight.usage->memory_bytes;
    if (sight.usage->memory_bytes_max > 0) shown.memory_bytes_max = sight.usage->memory_bytes_max;
  }
  return shown;
}

Task<http::Ok<MachineView>> show_machine(Machine& machine) {
  co_return http::Ok{view(co_await machine.look())};
}

Task<http::Page<InstanceUsageView>> list_usage(Machine& machine) {
  http::Page<InstanceUsageView> page;
  for (const auto& sight : co_await machine.instances()) page.items.push_back(view(sight));
  co_return page;
}

Task<http::Page<Check>> check_machine(Machine& machine) {
  co_return http::Page<Check>{.items = co_await machine.checks()};
}

}  // namespace

void add_routes(http::Router& router, Machine& machine) {
  auto routes = router.bind(machine);
  routes.get<show_machine>("/api/v1/machine", permissions::read,
                           "Show the server: processors, memory, disks, database");
  routes.get<list_usage>("/api/v1/machine/instances", permissions::read,
                         "List what the running apps take of the server");
  routes.get<check_machine>("/api/v1/machine/checks", permissions::read,
                            "Check whether the server is fit to run Temps, and what to mend");
}

}  // namespace temps::machine

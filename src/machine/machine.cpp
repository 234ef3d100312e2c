#include "machine/machine.hpp"

#include <sys/utsname.h>

#include <algorithm>
#include <set>
#include <thread>
#include <utility>

#include "core/text.hpp"
#include "machine/queries.hpp"
#include "net/socket.hpp"
#include "process/process.hpp"
#include "settings/public_url.hpp"

namespace temps::machine {
namespace {

using namespace std::chrono_literals;

constexpr auto connect_time = 1s;
// Two readers at the same time do not take each other's interval away.
constexpr auto cpu_interval = 1s;
constexpr auto forget_after = 1h;

std::chrono::seconds parse_uptime(std::string_view text) {
  return std::chrono::seconds(parse_number<std::int64_t>(cut(text, ".").first).value_or(0));
}

}  // namespace

// Empty where it cannot be read: a machine without it is shown without that figure.
std::string Machine::proc_file(std::string_view name) const {
  return files::read(options_.proc / name, 1U << 20U).value_or(std::string{});
}

double Machine::measure_cpu() {
  const auto now = clock_.now();
  if (measured_ != Instant{} && now - measured_ < cpu_interval) return last_busy_;
  const auto ticks = parse_cpu(proc_file("stat"));
  if (!ticks) return 0;
  last_busy_ = busy_share(last_, *ticks);
  last_ = *ticks;
  measured_ = now;
  return last_busy_;
}

Task<std::vector<Disk>> Machine::disks() {
  std::vector<Disk> found;
  auto storage = co_await attempt(runtime_.storage());
  std::vector<files::Path> folders{options_.data_folder};
  if (storage && !storage->empty()) folders.push_back(std::move(*storage));
  for (const auto& folder : folders) {
    const auto space = files::space(folder);
    if (!space) continue;
    const bool is_same = std::ranges::any_of(found, [&](const Disk& disk) {
      return disk.space.total_bytes == space->total_bytes &&
             disk.space.free_bytes == space->free_bytes;
    });
    if (!is_same) found.push_back({folder.string(), *space});
  }
  co_return found;
}

Task<Sight> Machine::look() {
  Sight sight{.system = std::string(parse_system(
                  files::read(options_.os_release, 1U << 16U).value_or(std::string{}))),
              .cpus = std::max(1U, std::thread::hardware_concurrency()),
              .cpu_busy = measure_cpu(),
              .load = parse_load(proc_file("loadavg")).value_or(std::array<double, 3>{}),
              .memory = parse_memory(proc_file("meminfo")).value_or(Memory{}),
              .up = parse_uptime(proc_file("uptime")),
              .disks = {},
              .runtime = std::string(runtime_.name()),
              .caveat = std::string(runtime_.caveat())};
  utsname names{};
  if (::uname(&names) == 0) {
    sight.host_name = names.nodename;
    sight.kernel = names.release;
  }
  sight.disks = co_await disks();
  sight.postgresql = co_await database_.server_version();
  sight.database_bytes = co_await database_.one(queries::database_size);
  co_return sight;
}

double Machine::measure(const runtime::Usage& usage) {
  const auto now = clock_.now();
  const auto [place, is_new] = spent_.try_emplace(usage.id, Spent{now, usage.cpu});
  if (is_new) return 0;
  const auto before = std::exchange(place->second, {now, usage.cpu});
  if (now <= before.seen || usage.cpu < before.cpu) return 0;
  return static_cast<double>((usage.cpu - before.cpu).count()) /
         static_cast<double>((now - before.seen).count());
}

Task<std::vector<InstanceSight>> Machine::instances() {
  auto listed = co_await runtime_.list();
  std::ranges::sort(listed, {}, &runtime::Listed::name);
  std::vector<InstanceSight> sights;
  for (auto& one : listed) {
    // An instance may end while we look.
    auto usage = co_await attempt(runtime_.usage(one.id));
    InstanceSight sight{.listed = std::move(one), .usage = {}};
    if (usage && *usage) {
      sight.cpus = measure(**usage);
      sight.usage = std::move(**usage);
    }
    sights.push_back(std::move(sight));
  }
  std::erase_if(spent_, [now = clock_.now()](const auto& entry) {
    return now - entry.second.seen > forget_after;
  });
  co_return sights;
}

Task<Check> Machine::engine() {
  auto answered = co_await attempt(runtime_.check());
  std::optional<Error> trouble;
  if (!answered) trouble = answered.error();
  co_return check_engine(runtime_.name(), runtime_.caveat(), trouble);
}

Task<bool> Machine::takes_connections(std::uint16_t port) {
  net::Address address{.host = "127.0.0.1", .port = port, .path = {}};
  auto connected = co_await attempt(within(connect_time, net::connect(loop_, std::move(address))));
  co_return connected.has_value();
}

Task<Check> Machine::ports() {
  const auto url = settings::parse_public_url(options_.public_url);
  Ports seen{.public_port = url ? url->port : std::uint16_t{80}};
  seen.public_port_answers = co_await takes_connections(seen.public_port);
  seen.https_answers = co_await takes_connections(443);
  co_return check_ports(seen);
}

Task<Check> Machine::address() {
  const auto url = settings::parse_public_url(options_.public_url);
  AddressSeen seen{.host = url ? url->host : "localhost", .own = net::default_route_addresses()};
  if (!is_local_host(seen.host)) seen.answer = co_await resolver_.addresses(seen.host);
  co_return check_address(seen);
}

Task<std::vector<Check>> Machine::checks() {
  std::vector<Check> found;
  found.push_back(check_postgresql(co_await database_.server_version()));
  found.push_back(co_await engine());
  found.push_back(check_git(process::find_program("git").has_value()));
  for (const auto& disk : co_await disks()) {
    found.push_back(check_disk(disk.folder, disk.space));
  }
  if (const auto memory = parse_memory(proc_file("meminfo"))) {
    found.push_back(check_memory(*memory));
  }
  auto report = co_await attempt(gateway_.report());
  std::optional<Error> trouble;
  if (!report) trouble = report.error();
  found.push_back(check_proxy(trouble));
  found.push_back(co_await ports());
  found.push_back(co_await address());
  co_return found;
}

}  // namespace temps::machine

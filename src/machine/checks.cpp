#include "machine/checks.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "core/network.hpp"
#include "core/text.hpp"
#include "sql/migrations.hpp"

namespace temps::machine {
namespace {

constexpr std::uint64_t gigabyte = 1ULL << 30U;
// Below that a build is refused, where it is less than a tenth of the disk.
constexpr std::uint64_t free_for_builds = 2 * gigabyte;

bool leads_here(const AddressSeen& seen) {
  return std::ranges::any_of(seen.answer.addresses, [&](const auto& address) {
    return std::ranges::find(seen.own, address) != seen.own.end();
  });
}

std::string record_for(const AddressSeen& seen) {
  if (seen.own.empty())
    return fmt::format("an A record for {} with this server's address", seen.host);
  const bool is_ipv6 = seen.own.front().find(':') != std::string::npos;
  return fmt::format("the record  {}  {}  {}", seen.host, is_ipv6 ? "AAAA" : "A", seen.own.front());
}

}  // namespace

bool is_local_host(std::string_view host) {
  return host == "localhost" || host.ends_with(".localhost") || IpAddress::parse(host);
}

Check check_engine(std::string_view runtime, std::string_view caveat,
                   const std::optional<Error>& trouble) {
  Check check{.name = "engine", .title = "Container engine", .detail = {}};
  if (trouble) {
    check.verdict = Verdict::failed;
    check.detail = trouble->detail();
    check.fix = "systemctl start docker";
    return check;
  }
  if (caveat.empty()) {
    check.detail = fmt::format("Apps run in containers ({}).", runtime);
    return check;
  }
  check.verdict = Verdict::note;
  check.detail = caveat;
  check.fix = "apt-get install docker.io, then start Temps again with --runtime docker";
  return check;
}

Check check_postgresql(int version) {
  Check check{
      .name = "postgresql",
      .title = "PostgreSQL",
      .detail = fmt::format("PostgreSQL {}.{} answers.", version / 10'000, version % 10'000)};
  if (version < sql::server_version_min) {
    check.verdict = Verdict::failed;
    check.fix = fmt::format("Use PostgreSQL {} or newer.", sql::server_version_min / 10'000);
  }
  return check;
}

Check check_disk(const files::Path& folder, const files::Space& space) {
  Check check{.name = "disk",
              .title = "Disk",
              .detail = fmt::format("{} of {} are free in {}.", human_bytes(space.free_bytes),
                                    human_bytes(space.total_bytes), folder.string())};
  const auto wanted = std::min(free_for_builds, space.total_bytes / 10);
  if (space.free_bytes < wanted) {
    check.verdict = Verdict::failed;
    check.fix = fmt::format(
        "Free {} or more: below that nothing is built. `docker system df` and "
        "`du -xh {}` say what takes it.",
        human_bytes(wanted - space.free_bytes), folder.string());
  } else if (space.free_bytes < 2 * wanted) {
    check.verdict = Verdict::warning;
    check.fix = fmt::format("Enlarge the disk before less than {} are free: then nothing is built.",
                            human_bytes(wanted));
  }
  return check;
}

Check check_memory(const Memory& memory) {
  Check check{
      .name = "memory",
      .title = "Memory",
      .detail = fmt::format("{} of {} are available{}.", human_bytes(memory.available_bytes),
                            human_bytes(memory.total_bytes),
                            memory.swap_total_bytes == 0 ? "; there is no swap" : "")};
  if (memory.total_bytes < gigabyte && memory.swap_total_bytes == 0) {
    check.verdict = Verdict::warning;
    check.fix =
        "Builds of larger apps need more. Add swap: fallocate -l 2G /swapfile && chmod 600 "
        "/swapfile && mkswap /swapfile && swapon /swapfile";
  } else if (memory.available_bytes < memory.total_bytes / 20) {
    check.verdict = Verdict::warning;
    check.fix =
        "Less than a twentieth is left: limit the memory of apps, or take a larger machine.";
  }
  return check;
}

Check check_proxy(const std::optional<Error>& trouble) {
  Check check{.name = "proxy", .title = "Proxy", .detail = "The proxy answers."};
  if (!trouble) return check;
  check.verdict = Verdict::failed;
  check.detail = trouble->detail();
  check.fix = "systemctl start temps-proxy, or run temps proxy with the same data folder";
  return check;
}

Check check_ports(const Ports& ports) {
  Check check{.name = "ports", .title = "Ports", .detail = {}};
  if (!ports.public_port_answers) {
    check.verdict = Verdict::failed;
    check.detail = fmt::format(
        "Nothing takes connections at port {} of this machine, where the "
        "console's address leads.",
        ports.public_port);
    check.fix = fmt::format(
        "temps proxy --listen 0.0.0.0:{}, or set public_url to the address that "
        "people use.",
        ports.public_port);
    return check;
  }
  check.detail = fmt::format("Port {} takes connections.", ports.public_port);
  if (ports.https_answers) return check;
  check.verdict = Verdict::note;
  check.detail += " Port 443 does not: there is no https.";
  check.fix = "temps proxy --listen 0.0.0.0:80 --listen-tls 0.0.0.0:443";
  return check;
}

Check check_address(const AddressSeen& seen) {
  Check check{.name = "address", .title = "Address", .detail = {}};
  if (is_local_host(seen.host)) {
    check.verdict = Verdict::note;
    check.detail = fmt::format(
        "The console is at {}, which is no name of the internet: there are no "
        "certificates, and apps have no addresses outside this machine.",
        seen.host);
    check.fix =
        "Point a name at this server, then start Temps with --public-url https://temps.example.com";
    return check;
  }
  switch (seen.answer.outcome) {
    case net::DnsOutcome::missing:
      check.verdict = Verdict::failed;
      check.detail = fmt::format("{} has no address.", seen.host);
      check.fix = fmt::format("Add {} where your domain is managed.", record_for(seen));
      return check;
    case net::DnsOutcome::no_answer:
      check.verdict = Verdict::warning;
      check.detail =
          fmt::format("The name servers of this machine did not answer for {}.", seen.host);
      check.fix = "Look at /etc/resolv.conf.";
      return check;
    case net::DnsOutcome::found:
      break;
  }
  check.detail = fmt::format("{} leads to {}.", seen.host, join(seen.answer.addresses, ", "));
  if (leads_here(seen)) return check;
  if (seen.own.empty()) {
    check.verdict = Verdict::note;
    check.detail +=
        " This machine has no public address of its own, so whether that is it cannot be seen "
        "from here.";
    return check;
  }
  check.verdict = Verdict::warning;
  check.detail += fmt::format(" This machine has {}.", join(seen.own, ", "));
  check.fix =
      fmt::format("Unless something in front of this server has that address, change it: {}.",
                  record_for(seen));
  return check;
}

Check check_git(bool found) {
  if (found) return {.name = "git", .title = "git", .detail = "git is installed."};
  return {.name = "git",
          .title = "git",
          .verdict = Verdict::failed,
          .detail = "git is not installed: pushes cannot be received.",
          .fix = "apt-get install git"};
}

}  // namespace temps::machine

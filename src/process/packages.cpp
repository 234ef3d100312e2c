#include "process/packages.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

namespace temps::process {

namespace {
using Row = std::pair<std::string_view, std::string_view>;
constexpr std::array<Row, 28> packages{{
    {"bash", "bash"},
    {"corepack", "corepack"},
    {"createdb", "postgresql"},
    {"debootstrap", "debootstrap"},
    {"docker", "docker.io"},
    {"dockerd", "docker.io"},
    {"git", "git"},
    {"gzip", "gzip"},
    {"initdb", "postgresql"},
    {"ip", "iproute2"},
    {"iptables", "iptables"},
    {"node", "nodejs"},
    {"npm", "npm"},
    {"npx", "npm"},
    {"pg_dump", "postgresql-client"},
    {"pg_restore", "postgresql-client"},
    {"pip", "python3-pip"},
    {"pip3", "python3-pip"},
    {"postgres", "postgresql"},
    {"psql", "postgresql-client"},
    {"python3", "python3"},
    {"redis-server", "redis-server"},
    {"ssh", "openssh-client"},
    {"ssh-keygen", "openssh-client"},
    {"tar", "tar"},
    {"unzip", "unzip"},
    {"xz", "xz-utils"},
    {"zstd", "zstd"},
}};
}  // namespace

std::optional<std::string_view> package_of(std::string_view program) {
  const auto* found = std::ranges::find(packages, program, &Row::first);
  if (found == packages.end()) return std::nullopt;
  return found->second;
}

std::string missing_program(std::string_view program) {
  if (const auto package = package_of(program)) {
    return fmt::format("{} is not installed. Install it: apt-get install {}", program, *package);
  }
  return fmt::format(
      "there is no program {} on this machine. Install it, or put its folder in PATH", program);
}

}  // namespace temps::process

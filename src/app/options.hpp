// What the processes are started with, taken from the effective settings.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "audit/audit.hpp"
#include "builds/builds.hpp"
#include "certificates/options.hpp"
#include "commands/commands.hpp"
#include "deploys/options.hpp"
#include "domains/domains.hpp"
#include "identity/identity.hpp"
#include "logs/logs.hpp"
#include "oidc/oidc.hpp"
#include "requests/requests.hpp"
#include "settings/in_force.hpp"

namespace temps::app {

struct ServeOptions {
  std::filesystem::path data;
  std::filesystem::path program;  // our own executable
  std::string database_url;
  std::string runtime = "auto";  // "docker", "process"
  std::string docker_socket;
  std::uint64_t build_cache_bytes_max = 10'240ULL << 20U;  // that the engine keeps of former builds
  std::string public_url;                                  // of the console, as users see it
  std::string local_url;      // of the console, for commands on this machine
  std::string admin_command;  // that makes a user, as the welcome page shows it
  bool stop_apps = false;     // at the end of the process
  std::uint64_t push_bytes_max = 500ULL << 20U;
  std::vector<std::string> source_networks{};
  std::filesystem::path secrets_key_file{};  // empty: in the data folder
  std::uint16_t https_port = 0;              // the public one; 0: that of the proxy's TLS listener
  builds::Options builds{};
  deploys::Options deploys{};
  commands::Options commands{};
  domains::Options domains{};
  certificates::AuthorityOptions authority{};
  certificates::OwnOptions own_names{};
  logs::Retention retention{};
  requests::Options requests{};
  audit::Options audit{};
  identity::Options identity{};
  oidc::Options oidc{};
  settings::InForce settings{};  // as admins see them
};

}  // namespace temps::app

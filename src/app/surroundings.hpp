// What the modules of `serve` are given from outside, and how they are put together.
#pragma once
#include <memory>

#include "app/layout.hpp"
#include "app/options.hpp"
#include "audit/audit.hpp"
#include "certificates/certificates.hpp"
#include "commands/commands.hpp"
#include "core/clock.hpp"
#include "dashboard/dashboard.hpp"
#include "domains/domains.hpp"
#include "gateway/gateway.hpp"
#include "git/git.hpp"
#include "http/router.hpp"
#include "identity/identity.hpp"
#include "logs/logs.hpp"
#include "machine/machine.hpp"
#include "net/loop.hpp"
#include "oidc/oidc.hpp"
#include "requests/requests.hpp"
#include "runtime/runtime.hpp"
#include "settings/in_force.hpp"
#include "sources/options.hpp"
#include "sql/database.hpp"
#include "vault/vault.hpp"
#include "wiring/registry.hpp"

namespace temps::app {

// Outlives the services.
struct Surroundings {
  Surroundings(net::Loop& on, const ServeOptions& options,
               std::unique_ptr<runtime::Runtime> chosen);

  net::Loop& loop;
  SystemClock clock;
  sql::Database database;
  std::unique_ptr<runtime::Runtime> runtime;
  http::Router router;
  logs::Store logs;
  builds::Options builds;
  deploys::Options deploys;
  commands::Options commands;
  domains::Options domains;
  certificates::Options certificates;
  vault::Options vault;
  gateway::Options gateway;
  git::Options git;
  sources::Options sources;
  requests::Options requests;
  machine::Options machine;
  audit::Options audit;
  identity::Options identity;
  oidc::Options oidc;
  dashboard::Options dashboard;
  settings::InForce settings;
};

// All services of all modules, built. Fails as Registry::build does.
Result<Services> build_services(Surroundings& around);
// Phase two: routes and job handlers.
void start_modules(Services& services, Surroundings& around);

}  // namespace temps::app

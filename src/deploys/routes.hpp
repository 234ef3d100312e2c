#pragma once
#include <filesystem>

#include "access/grants.hpp"
#include "core/id.hpp"
#include "deploys/deploys.hpp"
#include "http/router.hpp"
#include "http/server.hpp"

namespace temps::deploys {

// What the handlers work with.
struct Api {
  Deploys& deploys;
  projects::Projects& projects;
  access::Grants& grants;
  const Options& options;
};

// A line of a log as an event: what followers are sent.
Task<> send_line(http::EventSink& sink, const logs::Line& line);

void add_project_routes(http::Router& router, Api& api);
void add_deployment_routes(http::Router& router, Api& api);
void add_split_routes(http::Router& router, Api& api);
void add_instance_routes(http::Router& router, Api& api);
void add_log_routes(http::Router& router, Api& api);

}  // namespace temps::deploys

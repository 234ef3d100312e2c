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
  variables::Variables& variables;
  const Options& options;
  int uploads = 0;  // that are being received
};

// A line of a log as an event: what followers are sent.
Task<> send_line(http::EventSink& sink, const logs::Line& line);

// The project's environment of this name, or production. Fails with `projects.no_such_project`,
// `projects.no_such_environment`.
Task<projects::Place> place_of(Api& api, std::string project,
                               std::optional<std::string> environment);

void add_project_routes(http::Router& router, Api& api);
void add_environment_routes(http::Router& router, Api& api);
void add_settings_routes(http::Router& router, Api& api);
void add_deployment_routes(http::Router& router, Api& api);
void add_upload_routes(http::Router& router, Api& api);
void add_source_routes(http::Router& router, Api& api);
void add_split_routes(http::Router& router, Api& api);
void add_instance_routes(http::Router& router, Api& api);
void add_log_routes(http::Router& router, Api& api);

}  // namespace temps::deploys

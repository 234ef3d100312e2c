#pragma once
#include <filesystem>

#include "core/id.hpp"
#include "deploys/deploys.hpp"
#include "http/router.hpp"

namespace temps::deploys {

// What the handlers work with.
struct Api {
  Deploys& deploys;
  projects::Projects& projects;
  const Options& options;
  std::size_t uploads = 0;  // that are being received
};

void add_project_routes(http::Router& router, Api& api);
void add_deployment_routes(http::Router& router, Api& api);
void add_upload_routes(http::Router& router, Api& api);
void add_split_routes(http::Router& router, Api& api);
void add_instance_routes(http::Router& router, Api& api);
void add_log_routes(http::Router& router, Api& api);

}  // namespace temps::deploys

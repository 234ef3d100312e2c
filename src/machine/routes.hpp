#pragma once
#include "http/router.hpp"
#include "jobs/jobs.hpp"
#include "machine/machine.hpp"

namespace temps::machine {

void add_routes(http::Router& router, Machine& machine);
void add_job_routes(http::Router& router, jobs::Queue& queue);

}  // namespace temps::machine

#include "jobs/module.hpp"

#include "jobs/jobs.hpp"
#include "net/loop.hpp"

namespace temps::jobs {

namespace {
constexpr char jobs_0001[] = {
#embed "migrations/0001_jobs.sql"
    , '\0'};
}  // namespace

std::vector<sql::Migration> migrations() {
  return {{.module = "jobs", .number = 1, .name = "jobs", .text = jobs_0001}};
}

const Module module{
    .name = "jobs",
    .provide =
        [](Registry& registry) { registry.provide<Queue>(from<sql::Database, net::Loop, Clock>); },
};

}  // namespace temps::jobs

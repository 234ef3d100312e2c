#include "projects/module.hpp"

#include "net/loop.hpp"
#include "projects/projects.hpp"

namespace temps::projects {

namespace {
constexpr char projects_0001[] = {
#embed "migrations/0001_projects.sql"
    , '\0'};
constexpr char slugs_0002[] = {
#embed "migrations/0002_slugs.sql"
    , '\0'};
}  // namespace

std::vector<sql::Migration> migrations() {
  return {{.module = "projects", .number = 1, .name = "projects", .text = projects_0001},
          {.module = "projects", .number = 2, .name = "slugs", .text = slugs_0002}};
}

const Module module{
    .name = "projects",
    .provide = [](Registry& registry) { registry.provide<Projects>(from<sql::Database, Clock>); },
};

}  // namespace temps::projects

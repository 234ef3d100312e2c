#include "deploys/module.hpp"

#include "deploys/deploys.hpp"
#include "deploys/routes.hpp"

namespace temps::deploys {

namespace {
constexpr char deployments_0001[] = {
#embed "migrations/0001_deployments.sql"
    , '\0'};
constexpr char job_0002[] = {
#embed "migrations/0002_job.sql"
    , '\0'};
constexpr char release_splits_0003[] = {
#embed "migrations/0003_release_splits.sql"
    , '\0'};
constexpr char split_wishes_0004[] = {
#embed "migrations/0004_split_wishes.sql"
    , '\0'};
constexpr char variables_0005[] = {
#embed "migrations/0005_variables.sql"
    , '\0'};
constexpr char cancelled_by_0006[] = {
#embed "migrations/0006_cancelled_by.sql"
    , '\0'};
constexpr char sources_0007[] = {
#embed "migrations/0007_sources.sql"
    , '\0'};
constexpr char stages_0008[] = {
#embed "migrations/0008_stages.sql"
    , '\0'};
}  // namespace

std::vector<sql::Migration> migrations() {
  return {{.module = "deploys", .number = 1, .name = "deployments", .text = deployments_0001},
          {.module = "deploys", .number = 2, .name = "job", .text = job_0002},
          {.module = "deploys", .number = 3, .name = "release_splits", .text = release_splits_0003},
          {.module = "deploys", .number = 4, .name = "split_wishes", .text = split_wishes_0004},
          {.module = "deploys", .number = 5, .name = "variables", .text = variables_0005},
          {.module = "deploys", .number = 6, .name = "cancelled_by", .text = cancelled_by_0006},
          {.module = "deploys", .number = 7, .name = "sources", .text = sources_0007},
          {.module = "deploys", .number = 8, .name = "stages", .text = stages_0008}};
}

const Module module{
    .name = "deploys",
    .provide =
        [](Registry& registry) {
          registry.provide<builds::Builder>(from<net::Loop, runtime::Runtime, builds::Options>);
          registry.provide<Deploys>(
              from<net::Loop, runtime::Runtime, builds::Builder, sql::Database, projects::Projects,
                   variables::Variables, domains::Domains, gateway::Gateway, logs::Store,
                   jobs::Queue, Options, Clock>);
          registry.provide<Api>(
              from<Deploys, projects::Projects, access::Grants, variables::Variables, Options>);
        },
    .start =
        [](Services& services) {
          auto& deploys = services.get<Deploys>();
          deploys.start();
          services.get<domains::Domains>().publish_with([&deploys] { return deploys.publish(); });
          auto& router = services.get<http::Router>();
          auto& api = services.get<Api>();
          add_project_routes(router, api);
          add_environment_routes(router, api);
          add_settings_routes(router, api);
          add_deployment_routes(router, api);
          add_upload_routes(router, api);
          add_source_routes(router, api);
          add_split_routes(router, api);
          add_instance_routes(router, api);
          add_log_routes(router, api);
        },
};

}  // namespace temps::deploys

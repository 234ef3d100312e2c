#include "app/surroundings.hpp"

#include "app/error_codes.hpp"
#include "app/modules.hpp"
#include "app/version.hpp"

namespace temps::app {

namespace {

gateway::Options gateway_options(const Layout& layout, const ServeOptions& options) {
  return {.table = layout.route_table(),
          .control = layout.proxy_socket(),
          .console = {.id = "console", .address = "unix:" + layout.serve_socket().string()},
          .console_hosts = {"localhost", options.own_names.console},
          .https_console_host = options.own_names.is_https ? options.own_names.console : "",
          .https_port = options.https_port};
}

git::Options git_options(const Layout& layout, const ServeOptions& options) {
  return {.folder = layout.repositories(),
          .sources = layout.sources(),
          .program = options.program,
          .socket = layout.serve_socket(),
          .push_bytes_max = options.push_bytes_max};
}

sources::Options source_options(const Layout& layout, const ServeOptions& options) {
  sources::Options made{.trees = layout.sources(),
                        .known_hosts = layout.known_hosts(),
                        .fetch_bytes_max = options.push_bytes_max};
  for (const auto& network : options.source_networks) made.permitted.add(network);
  return made;
}

}  // namespace

Surroundings::Surroundings(net::Loop& on, const ServeOptions& options,
                           std::unique_ptr<runtime::Runtime> chosen)
    : loop(on),
      database(on, {.url = options.database_url}),
      runtime(std::move(chosen)),
      logs(Layout{options.data}.logs(), clock, options.retention),
      builds(options.builds),
      deploys(options.deploys),
      commands(options.commands),
      domains(options.domains),
      certificates({.folder = Layout{options.data}.certificates(),
                    .challenge_folder = Layout{options.data}.challenges(),
                    .authority = options.authority,
                    .own = options.own_names}),
      vault({.key_file = options.secrets_key_file.empty() ? Layout{options.data}.secrets_key()
                                                          : options.secrets_key_file}),
      gateway(gateway_options(Layout{options.data}, options)),
      git(git_options(Layout{options.data}, options)),
      sources(source_options(Layout{options.data}, options)),
      requests(options.requests),
      machine{.data_folder = options.data, .public_url = options.public_url},
      audit(options.audit),
      identity(options.identity),
      oidc(options.oidc),
      dashboard{.admin_command = options.admin_command},
      settings(options.settings) {
  deploys.upload_bytes_max = options.push_bytes_max;
}

Result<Services> build_services(Surroundings& around) {
  Registry registry;
  registry.supply<net::Loop>(around.loop);
  registry.supply<Timers>(around.loop);
  registry.supply<Clock>(around.clock);
  registry.supply<sql::Database>(around.database);
  registry.supply<runtime::Runtime>(*around.runtime);
  registry.supply<http::Router>(around.router);
  registry.supply<logs::Store>(around.logs);
  registry.supply<builds::Options>(around.builds);
  registry.supply<deploys::Options>(around.deploys);
  registry.supply<commands::Options>(around.commands);
  registry.supply<domains::Options>(around.domains);
  registry.supply<certificates::Options>(around.certificates);
  registry.supply<vault::Options>(around.vault);
  registry.supply<gateway::Options>(around.gateway);
  registry.supply<git::Options>(around.git);
  registry.supply<sources::Options>(around.sources);
  registry.supply<requests::Options>(around.requests);
  registry.supply<machine::Options>(around.machine);
  registry.supply<audit::Options>(around.audit);
  registry.supply<identity::Options>(around.identity);
  registry.supply<oidc::Options>(around.oidc);
  registry.supply<dashboard::Options>(around.dashboard);
  registry.supply<settings::InForce>(around.settings);
  for (const auto& module : modules()) registry.add(module);
  return registry.build();
}

void start_modules(Services& services, Surroundings& around) {
  for (const auto& module : modules()) {
    if (module.start) module.start(services);
  }
  explain_error_codes(services.get<dashboard::Explanations>());
  http::add_openapi_route(around.router, std::string(version));
}

}  // namespace temps::app

#include "app/configuration.hpp"

#include <algorithm>

#include "app/layout.hpp"
#include "app/printed_command.hpp"
#include "core/log.hpp"
#include "core/text.hpp"
#include "net/dns.hpp"
#include "process/process.hpp"
#include "settings/in_force.hpp"
#include "settings/public_url.hpp"

namespace temps::app {

namespace {

// A build that forks without end must not take the machine's processes; make -j and npm need some
// hundreds.
constexpr std::uint64_t build_pids_max = 4096;

std::string_view runtime_word(settings::RuntimeChoice choice) {
  switch (choice) {
    case settings::RuntimeChoice::docker:
      return "docker";
    case settings::RuntimeChoice::process:
      return "process";
    case settings::RuntimeChoice::auto_:
      break;
  }
  return "auto";
}

deploys::Options deploy_options(const settings::Settings& settings, const Layout& layout) {
  deploys::Options options{.sources = layout.sources().string()};
  if (auto url = settings::parse_public_url(settings.public_url)) {
    options.domain = settings.base_domain;
    options.scheme = url->scheme;
    options.port = url->port;
  }
  return options;
}

std::string console_host(const settings::Settings& settings) {
  const auto url = settings::parse_public_url(settings.public_url);
  return url ? url->host : "localhost";
}

domains::Options domain_options(const settings::Settings& settings) {
  return {.base_domain = settings.base_domain,
          .console = console_host(settings),
          .public_addresses = settings.public_addresses.empty() ? net::default_route_addresses()
                                                                : settings.public_addresses,
          .name_server = settings.dns_server};
}

certificates::OwnOptions own_names(const settings::Settings& settings) {
  const bool always = settings.wildcard_certificate == settings::WildcardCertificate::always;
  return {.console = console_host(settings),
          .base = settings.base_domain,
          .is_https = settings.public_url.starts_with("https://"),
          .wildcard = always ? certificates::Wildcard::always : certificates::Wildcard::auto_};
}

certificates::AuthorityOptions authority_options(const settings::Settings& settings) {
  return {.directory_url = settings.acme_directory,
          .email = settings.acme_email,
          .external_key_id = settings.acme_eab_key_id,
          .external_hmac_key = settings.acme_eab_hmac_key,
          .ca_file = settings.ca_file,
          .has_tls_listener = settings.listen_tls.has_value()};
}

// Where the commands of this machine reach the console: they need no certificate for that.
std::string local_url(const settings::Settings& settings) {
  if (settings.public_url.starts_with("http://")) return settings.public_url;
  const auto& host = settings.listen.host;
  const bool every = host == "0.0.0.0" || host == "::" || host.starts_with("127.");
  const net::Address address{.host = every ? "localhost" : host, .port = settings.listen.port};
  return "http://" + address.text();
}

builds::Options build_options(const settings::Settings& settings, const Layout& layout) {
  return {.folder = layout.work(),
          .static_folder = layout.static_sites(),
          .base_images = {.debian = settings.base_debian,
                          .node = settings.base_node,
                          .python = settings.base_python},
          .limits = {.memory_bytes = settings.build_memory_bytes,
                     .cpus = settings.build_cpus,
                     .pids = build_pids_max},
          .time_limit = settings.build_time,
          .at_once = settings.builds_at_once,
          .extra_certificates = settings.ca_file};
}

// "up" of `temps up --stop-apps`.
std::string command_in(const std::vector<std::string>& words) {
  const auto found =
      std::ranges::find_if(words, [](const std::string& word) { return !word.starts_with('-'); });
  return found == words.end() ? std::string{} : *found;
}

bool asks_for_help(const std::vector<std::string>& words) {
  return std::ranges::any_of(
      words, [](const std::string& word) { return word == "--help" || word == "-h"; });
}

}  // namespace

Result<Configuration> Configuration::load(const std::vector<std::string>& words) {
  auto flags = settings::take_flags(words);
  if (!flags) return fail(flags.error());
  const auto command = command_in(flags->rest);
  if (auto checked = settings::check_flags(*flags, command); !checked) {
    return fail(checked.error());
  }
  if (!settings::uses_settings(command) || asks_for_help(flags->rest)) {
    Configuration none;
    none.rest_ = flags->rest;
    return none;
  }
  auto effective = settings::load(settings::process_environment(), *flags);
  if (!effective) return fail(effective.error());
  Configuration configuration;
  configuration.effective_ = std::move(*effective);
  configuration.rest_ = flags->rest;
  log::set_level(configuration.effective_.settings.log_level);
  return configuration;
}

std::string Configuration::describe() const {
  return std::string(trimmed(settings::describe(effective_)));
}

UpOptions Configuration::up(const std::string& program, const std::string& started_as) const {
  const auto& settings = effective_.settings;
  UpOptions options{.data = settings.data_dir,
                    .program = started_as,
                    .listen = settings.listen.text(),
                    .database_url = settings.database_url.reveal(),
                    .public_url = settings.public_url,
                    .printed_program = printed_program(program),
                    .data_words = data_words(),
                    .variables = {}};
  for (const auto* part : {"serve", "proxy"}) {
    options.variables[part] = settings::variables_for(effective_, part);
  }
  options.variables["serve"].emplace(settings::in_force_variable,
                                     settings::handed_on(settings::in_force(effective_, "up")));
  return options;
}

ServeOptions Configuration::serve(const std::string& program) const {
  const auto& settings = effective_.settings;
  const Layout layout{settings.data_dir};
  return {
      .data = settings.data_dir,
      .program = program,
      .database_url = settings.database_url.reveal(),
      .runtime = std::string(runtime_word(settings.runtime)),
      .docker_socket = settings.docker_socket.string(),
      .build_cache_bytes_max = settings.build_cache_mb_max << 20U,
      .public_url = settings.public_url,
      .local_url = local_url(settings),
      .admin_command = fmt::format("{} admin create{}", printed_program(program), data_words()),
      .push_bytes_max = settings.push_bytes_max,
      .source_networks = settings.source_networks,
      .secrets_key_file = settings.secrets_key_file,
      .https_port = settings.public_https_port,
      .builds = build_options(settings, layout),
      .deploys = deploy_options(settings, layout),
      .commands = {.time_max = settings.command_time_max},
      .domains = domain_options(settings),
      .authority = authority_options(settings),
      .own_names = own_names(settings),
      .retention = {.age_max = settings.log_age_max, .channel_bytes_max = settings.log_bytes_max},
      .requests = {.spool = layout.request_spool(),
                   .days_max = std::chrono::days{settings.requests_days},
                   .bytes_max = settings.requests_bytes_max},
      .audit = {.days_max = std::chrono::days{settings.audit_days}},
      .identity = identity(),
      .oidc = {.loopback_http = settings.loopback_http_issuers, .ca_file = settings.ca_file},
      .settings = settings::in_force(effective_, "serve")};
}

proxy::Options Configuration::proxy() const {
  const auto& settings = effective_.settings;
  const Layout layout{settings.data_dir};
  std::vector<std::string> listen_tls;
  if (settings.listen_tls) listen_tls.push_back(settings.listen_tls->text());
  proxy::Limits limits;
  limits.client_bytes_per_second = settings.client_rate_min;
  return {.listen = {settings.listen.text()},
          .listen_tls = std::move(listen_tls),
          .table_path = layout.route_table().string(),
          .control_path = layout.proxy_socket().string(),
          .threads = settings.proxy_threads,
          .trusted_proxies = settings.trusted_proxies,
          .proxy_protocol_from = settings.proxy_protocol_from,
          .metrics_listen = settings.metrics_listen ? settings.metrics_listen->text() : "",
          .limits = limits,
          .access_log = {.share = settings.access_log,
                         .spool_folder = layout.request_spool().string(),
                         .spool_bytes_max = settings.spool_bytes_max,
                         .file = settings.access_log_file.string()},
          .kernel_tls = settings.kernel_tls};
}

void Configuration::use_network() const {
  const auto& settings = effective_.settings;
  process::decide("http_proxy", settings.http_proxy.reveal());
  process::decide("https_proxy", settings.https_proxy.reveal());
  process::decide("no_proxy", settings.no_proxy);
}

std::string Configuration::data_folder() const { return effective_.settings.data_dir.string(); }
std::string Configuration::data_words() const {
  const auto& folder = effective_.settings.data_dir;
  if (folder == effective_.standard_data_dir) return {};
  return " --data-dir " + shell_word(folder.string());
}
bool Configuration::has_flag(std::string_view setting) const {
  return std::ranges::any_of(effective_.values, [setting](const settings::Value& value) {
    return value.setting->name == setting && value.source == settings::Source::flag;
  });
}
identity::Options Configuration::identity() const {
  return {.require_second_factor = effective_.settings.require_second_factor,
          .refuse_common_passwords = effective_.settings.refuse_common_passwords};
}
std::string Configuration::database_url() const {
  return effective_.settings.database_url.reveal();
}
std::string Configuration::docker_socket() const {
  return effective_.settings.docker_socket.string();
}

}  // namespace temps::app

#include "app/error_codes.hpp"

#include "access/errors.hpp"
#include "acme/errors.hpp"
#include "audit/errors.hpp"
#include "baseimages/errors.hpp"
#include "builds/errors.hpp"
#include "certificates/errors.hpp"
#include "commands/errors.hpp"
#include "compress/compress.hpp"
#include "deploys/errors.hpp"
#include "detect/errors.hpp"
#include "devices/errors.hpp"
#include "dns/errors.hpp"
#include "domains/errors.hpp"
#include "dotenv/dotenv.hpp"
#include "files/files.hpp"
#include "gateway/gateway.hpp"
#include "git/errors.hpp"
#include "jobs/errors.hpp"
#include "logs/errors.hpp"
#include "net/errors.hpp"
#include "oidc/errors.hpp"
#include "process/process.hpp"
#include "projects/errors.hpp"
#include "runtime/runtime.hpp"
#include "sources/errors.hpp"
#include "sql/errors.hpp"
#include "tls/errors.hpp"
#include "variables/errors.hpp"
#include "vault/errors.hpp"
#include "x509/errors.hpp"

namespace temps::app {

namespace {

void explain_authorities(dashboard::Explanations& explanations) {
  explanations.add({acme::errors::unreachable,
                    acme::errors::bad_answer,
                    acme::errors::failed,
                    acme::errors::timed_out,
                    acme::errors::terms_not_agreed,
                    acme::errors::external_account_required,
                    acme::errors::bad_external_account,
                    acme::errors::bad_contact,
                    acme::errors::no_such_account,
                    acme::errors::bad_key,
                    acme::errors::rate_limited,
                    acme::errors::bad_name,
                    acme::errors::rejected_name,
                    acme::errors::no_challenge,
                    acme::errors::already_replaced,
                    acme::errors::bad_request,
                    acme::errors::refused,
                    acme::errors::bad_certificate,
                    acme::errors::unauthorized,
                    acme::errors::dns,
                    acme::errors::connection,
                    acme::errors::tls,
                    acme::errors::caa,
                    acme::errors::already_revoked,
                    acme::errors::unsupported});
  explanations.add({dns::errors::bad_provider, dns::errors::zone_taken,
                    dns::errors::no_such_provider, dns::errors::refused, dns::errors::unreachable,
                    dns::errors::bad_answer});
}

void explain_uploads(dashboard::Explanations& explanations) {
  explanations.add({deploys::errors::upload_too_large, deploys::errors::empty_upload,
                    deploys::errors::disk_full, deploys::errors::busy,
                    deploys::errors::no_such_example, compress::errors::bad_data,
                    compress::errors::too_large});
}

void explain_pushes(dashboard::Explanations& explanations) {
  explanations.add({gateway::errors::refused, gateway::errors::no_answer});
  explanations.add({git::errors::failed, git::errors::unauthenticated, git::errors::bad_service,
                    git::errors::bad_hook, git::errors::tree_too_large, git::errors::push_refused});
}

void explain_commands(dashboard::Explanations& explanations) {
  explanations.add({commands::errors::bad_command, commands::errors::nothing_runs,
                    commands::errors::static_release, commands::errors::other_runtime,
                    commands::errors::no_such_instance, commands::errors::no_such_command,
                    commands::errors::too_many, commands::errors::too_long,
                    commands::errors::bad_message, runtime::errors::command_failed});
}

void explain_audit(dashboard::Explanations& explanations) {
  explanations.add(
      {audit::errors::unavailable, audit::errors::too_many, audit::errors::bad_filter});
}

void explain_logins(dashboard::Explanations& explanations) {
  explanations.add({devices::errors::pending, devices::errors::slow_down, devices::errors::denied,
                    devices::errors::expired, devices::errors::no_such_code,
                    devices::errors::too_many, devices::errors::bad_name});
  explanations.add(
      {oidc::errors::bad_provider,    oidc::errors::provider_taken, oidc::errors::no_such_provider,
       oidc::errors::bad_issuer,      oidc::errors::unreachable,    oidc::errors::too_many,
       oidc::errors::bad_return_path, oidc::errors::login_over,     oidc::errors::other_browser,
       oidc::errors::mixed_up,        oidc::errors::denied,         oidc::errors::provider_failed,
       oidc::errors::not_proved,      oidc::errors::unknown_person, oidc::errors::unverified_email,
       oidc::errors::wrong_domain,    oidc::errors::link_first,     oidc::errors::already_linked,
       oidc::errors::other_user,      oidc::errors::no_such_link,   oidc::errors::last_way_in});
}

void explain_sources(dashboard::Explanations& explanations) {
  namespace all = sources::errors;
  explanations.add({all::bad_url, all::bad_branch, all::bad_credential, all::no_repository,
                    all::refused_address, all::unreachable, all::not_there, all::wants_credential,
                    all::no_such_branch, all::other_host_key, all::moved, all::too_large,
                    all::too_slow, all::failed, all::no_such_registry});
  explanations.add({runtime::errors::bad_image, runtime::errors::pull_failed,
                    runtime::errors::needs_engine, deploys::errors::no_source});
}

void explain_certificates(dashboard::Explanations& explanations) {
  explanations.add({certificates::errors::no_such_certificate, certificates::errors::not_covered,
                    certificates::errors::proxy_away, certificates::errors::record_missing,
                    certificates::errors::not_ordered, vault::errors::bad_key_file,
                    vault::errors::other_key});
  explanations.add({x509::errors::too_large, x509::errors::bad_pem, x509::errors::bad_chain,
                    x509::errors::no_names, x509::errors::weak, x509::errors::expired,
                    x509::errors::not_yet_valid, x509::errors::bad_key,
                    x509::errors::key_mismatch});
}

void explain_building(dashboard::Explanations& explanations) {
  explanations.add({detect::errors::no_provider, detect::errors::invalid_manifest,
                    detect::errors::manifest_too_large, detect::errors::unknown_package_manager,
                    detect::errors::no_start_command, detect::errors::ambiguous_app,
                    detect::errors::no_such_version, detect::errors::bad_setting,
                    detect::errors::unreadable_tree});
  explanations.add(
      {logs::errors::bad_channel, logs::errors::removed, logs::errors::search_too_wide});
  explanations.add({runtime::errors::unavailable, runtime::errors::build_failed,
                    runtime::errors::build_timed_out, runtime::errors::base_image_missing,
                    runtime::errors::start_failed, runtime::errors::no_such_artifact,
                    runtime::errors::no_such_instance, runtime::errors::import_failed,
                    runtime::errors::nothing_built});
  explanations.add({baseimages::errors::needs_root, baseimages::errors::no_debootstrap,
                    baseimages::errors::failed});
  explanations.add({builds::errors::disk_full, builds::errors::empty_tree,
                    builds::errors::empty_static_output, builds::errors::needs_engine,
                    builds::errors::no_certificates});
}

}  // namespace

void explain_error_codes(dashboard::Explanations& explanations) {
  explanations.add({net::errors::bad_address, net::errors::address_in_use,
                    net::errors::cannot_listen, net::errors::unreachable, net::errors::broken,
                    net::errors::closed, net::errors::bad_answer});
  explanations.add({tls::errors::bad_ca_file, tls::errors::unknown_issuer, tls::errors::wrong_name,
                    tls::errors::expired, tls::errors::bad_certificate,
                    tls::errors::handshake_failed});
  explanations.add({sql::errors::unavailable, sql::errors::login_refused, sql::errors::conflict,
                    sql::errors::busy, sql::errors::refused, sql::errors::bad_value,
                    sql::errors::timeout, sql::errors::failed, sql::errors::server_too_old,
                    sql::errors::migration_changed, sql::errors::migration_failed,
                    sql::errors::newer_database});
  explanations.add({files::errors::not_found, files::errors::too_large, files::errors::locked,
                    files::errors::bad_archive});
  explanations.add({dotenv::errors::bad_file});
  explanations.add({process::errors::not_found, process::errors::failed});
  explanations.add({jobs::errors::no_such_job, jobs::errors::too_large, jobs::errors::cancelled,
                    jobs::errors::lease_lost, jobs::errors::interrupted});
  explanations.add({projects::errors::bad_name, projects::errors::name_taken,
                    projects::errors::no_such_project, projects::errors::bad_setting,
                    projects::errors::bad_environment_name, projects::errors::no_such_environment,
                    projects::errors::environment_taken, projects::errors::too_many_environments,
                    projects::errors::production_stays});
  explanations.add(
      {access::errors::beyond_own, access::errors::bad_name, access::errors::name_taken,
       access::errors::no_such_team, access::errors::no_such_user, access::errors::bad_grant,
       access::errors::no_such_grant, access::errors::bad_invitation,
       access::errors::no_such_invitation, access::errors::bad_scope, access::errors::bad_expiry,
       access::errors::no_such_token, access::errors::bad_token, access::errors::too_many});
  explanations.add({variables::errors::bad_variable, variables::errors::reserved,
                    variables::errors::too_many, variables::errors::no_such_variable,
                    variables::errors::no_such_version});
  explanations.add({domains::errors::bad_name, domains::errors::below_base,
                    domains::errors::name_taken, domains::errors::no_such_domain,
                    domains::errors::no_such_environment, domains::errors::bad_redirect});
  explain_certificates(explanations);
  explain_authorities(explanations);
  explain_uploads(explanations);
  explain_logins(explanations);
  explain_sources(explanations);
  explain_audit(explanations);
  explain_commands(explanations);
  explain_building(explanations);
  explanations.add(
      {deploys::errors::no_such_deployment, deploys::errors::nothing_to_roll_back_to,
       deploys::errors::nothing_to_redeploy, deploys::errors::nothing_to_restart,
       deploys::errors::bad_split, deploys::errors::cannot_split, deploys::errors::split_failed,
       deploys::errors::no_split, deploys::errors::exited, deploys::errors::unhealthy,
       deploys::errors::wrong_port, deploys::errors::crashed, deploys::errors::failing,
       deploys::errors::superseded, deploys::errors::cancelled, deploys::errors::not_running});
  explain_pushes(explanations);
}

}  // namespace temps::app

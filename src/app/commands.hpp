// The commands of the CLI, each a function of its options; cli.cpp parses the words. All print
// their result on standard output and fail with an Error that report() turns into words and an exit
// code.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/result.hpp"

namespace temps::app {

enum class Format : std::uint8_t { text, json };

// What every command that speaks to a server takes.
struct Common {
  std::string url;  // empty: the server of the last login
  Format format = Format::text;
};

struct ProxyStatusOptions {
  Common common;
  std::string data_folder;
  bool names_folder = false;  // it was asked for by its folder
};
// Of this machine's proxy, or of that of a server.
Result<> show_proxy(const ProxyStatusOptions& options);

struct LoginOptions {
  std::string url;
  std::string program;  // our own path, for git's credential helper
  bool token_from_stdin = false;
  bool by_device = false;  // confirmed in a browser, whatever the terminal
};
Result<> login(const LoginOptions& options);
Result<> logout(const Common& common);
Result<> who_am_i(const Common& common);
// What git runs to ask us, as the value of credential.<url>.helper.
std::string credential_helper(const std::string& program);
// Answers git on standard output (git-credential(1)); `action` is get, store or erase.
Result<> git_credential(const std::string& action);

// Of a program that waits to be logged in; `decision` is approve or deny.
Result<> show_device(const Common& common, const std::string& code);
Result<> decide_device(const Common& common, const std::string& code, const std::string& decision);

struct KeyOptions {
  std::string name;
  std::string expires;              // "90d"; empty: never
  std::vector<std::string> scopes;  // none: all that the user may
  std::string project;
  std::string environment;
  std::int64_t number = 0;
};
Result<> list_keys(const Common& common);
// Prints the key alone, for `KEY=$(temps key create ci)`.
Result<> create_key(const Common& common, const KeyOptions& options);
Result<> revoke_key(const Common& common, const KeyOptions& options);

Result<> create_project(const Common& common, const std::string& name);
Result<> list_projects(const Common& common);
// Their names, for completion: waits two seconds at most.
Result<std::vector<std::string>> project_names(const Common& common);
Result<> show_project(const Common& common, const std::string& name);
// Words such as "branch=main"; none shows the settings.
struct SettingOptions {
  std::string project;
  std::string environment;  // empty: production
  std::vector<std::string> words;
};
Result<> set_project(const Common& common, const SettingOptions& options);
Result<> delete_project(const Common& common, const std::string& name,
                        const std::string& confirmation);

struct DeploymentOptions {
  std::string project;
  std::string environment;  // empty: production
  std::uint32_t limit = 50;
  std::optional<std::int64_t> to;  // the deployment to go back to
  bool newest_variables = false;   // a rollback takes them, and not those of the release
  std::int64_t number = 0;         // of one deployment; 0: the newest
};
Result<> list_deployments(const Common& common, const DeploymentOptions& options);
Result<> roll_back(const Common& common, const DeploymentOptions& options);
Result<> redeploy(const Common& common, const DeploymentOptions& options);
Result<> restart(const Common& common, const DeploymentOptions& options);
// One of them, with the times of its stages.
Result<> show_deployment(const Common& common, const DeploymentOptions& options);
// Ends one that waits or runs.
Result<> cancel_deployment(const Common& common, const DeploymentOptions& options);

struct EnvironmentOptions {
  std::string project;
  std::string name;
  std::string branch;  // empty: called as the environment
  std::string confirmation;
};
Result<> list_environments(const Common& common, const EnvironmentOptions& options);
Result<> show_environment(const Common& common, const EnvironmentOptions& options);
Result<> create_environment(const Common& common, const EnvironmentOptions& options);
Result<> delete_environment(const Common& common, const EnvironmentOptions& options);

struct VariableOptions {
  std::string project;
  std::string environment = "production";
  std::vector<std::string> words;  // "NAME=value", or names
  std::string file;
  bool secret = false;
  bool plain = false;
  bool force = false;
};
Result<> list_variables(const Common& common, const VariableOptions& options);
// A word without "=" takes its value from standard input.
Result<> set_variables(const Common& common, const VariableOptions& options);
Result<> unset_variables(const Common& common, const VariableOptions& options);
// A file of variables; "-" is standard input.
Result<> import_variables(const Common& common, const VariableOptions& options);
// Into a file that only its owner can read.
Result<> pull_variables(const Common& common, const VariableOptions& options);
Result<> reveal_variable(const Common& common, const VariableOptions& options);
Result<> list_variable_versions(const Common& common, const VariableOptions& options);

struct SplitOptions {
  std::string project;
  std::string environment;            // empty: production
  std::vector<std::string> releases;  // "12=90"; none: the split is shown
  bool no_wait = false;               // until the visitors are shared
  bool clears = false;
  std::int64_t kept = 0;  // the one that gets all visitors; 0: none is named
};
Result<> split_releases(const Common& common, const SplitOptions& options);

struct DeployOptions {
  Common common;
  std::string folder = ".";
  std::string project{};  // empty: the one that the folder is linked to
  std::string environment{};
  std::string message{};
  std::string timeout{};  // "10m"; empty: waits to the end
  bool detach = false;
  // What is deployed instead of a folder.
  bool from_repository = false;
  std::string image{};
};
// Packs the folder, uploads it and follows the deployment.
Result<> deploy_folder(const DeployOptions& options);
struct LinkOptions {
  Common common;
  std::string project{};  // empty: asks
  std::string folder = ".";
};
// Remembers which project the folder is deployed to; init makes the project first.
Result<> link_folder(const LinkOptions& options);
Result<> init_folder(const LinkOptions& options);
// Prints a project's address, and shows it in the browser where there is one.
Result<> open_project(const LinkOptions& options);

struct DomainOptions {
  std::string project;
  std::string name;
  std::string environment = "production";
  std::string redirect_to;  // empty: the domain serves
  std::int32_t status = 308;
  bool drop_path = false;
  bool no_https_redirect = false;
  bool no_wait = false;  // for the certificate
};
Result<> add_domain(const Common& common, const DomainOptions& options);
Result<> list_domains(const Common& common, const std::string& project);
Result<> check_domain(const Common& common, const DomainOptions& options);
Result<> remove_domain(const Common& common, const DomainOptions& options);

struct DnsOptions {
  std::string zone;
  std::string kind = "rfc2136";  // or cloudflare
  std::string server;
  std::string key_name;
  bool key_from_stdin = false;
};
Result<> add_dns_provider(const Common& common, const DnsOptions& options);
Result<> list_dns_providers(const Common& common);
Result<> remove_dns_provider(const Common& common, const std::string& zone);

Result<> list_certificates(const Common& common);
// Both are PEM files.
Result<> upload_certificate(const Common& common, const std::string& chain_file,
                            const std::string& key_file);
Result<> renew_certificate(const Common& common, std::int64_t id);
Result<> remove_certificate(const Common& common, std::int64_t id);

// The DNS records and certificates of the platform's own names.
Result<> check_platform(const Common& common);

Result<> list_instances(const Common& common);
// One that no deployment knows.
Result<> remove_instance(const Common& common, const std::string& name);

struct LogOptions {
  std::string project;
  std::string environment;  // empty: production
  bool follow = false;
  bool build = false;
  std::optional<std::int64_t> deployment;
  std::uint32_t lines = 200;
  std::string since;
  std::string until;
  std::string level;  // empty: all
  std::string contains;
};
Result<> show_logs(const Common& common, const LogOptions& options);

struct RequestOptions {
  std::string project;
  std::string environment;  // empty: all
  std::string status;       // "404" or "5xx"
  std::string path;         // what it begins with
  std::string since;        // "1h", or an RFC 3339 time
  std::string until;
  std::uint32_t lines = 50;
  bool follow = false;
};
Result<> show_requests(const Common& common, const RequestOptions& options);

Result<> detect_tree(const std::string& folder, Format format, bool dockerfile);
struct DemoOptions {
  Common common;
  std::string data_folder;
  bool data_folder_named = false;  // by a flag
};
Result<> demo(const DemoOptions& options);

struct AdminOptions {
  std::string data_folder;
  std::string database_url;
  std::string printed_program;  // as the user would type it
  std::string email;
  bool password_from_stdin = false;
  std::string role;     // empty: owner where there is none yet, else admin
  bool member = false;  // a developer, as it is called now
  bool refuse_common_passwords = true;
};
Result<> create_admin(const AdminOptions& options);
// Prints a link that works once, or takes the new password from standard input.
Result<> reset_password(const AdminOptions& options);
Result<> reset_second_factor(const AdminOptions& options);

Result<> show_second_factor(const Common& common);
Result<> enable_second_factor(const Common& common);
Result<> disable_second_factor(const Common& common);

struct AuditOptions {
  std::string project;
  std::string actor;
  std::string operation;
  std::string text;
  std::string outcome;  // "done", "failed" or "unknown"
  std::string since;    // "1h", or an RFC 3339 time
  std::string until;
  std::uint32_t lines = 50;
};
Result<> show_audit_log(const Common& common, const AuditOptions& options);

struct BaseImageOptions {
  std::string which = "all";
  std::string mirror;
  std::string docker_socket;
};
Result<> build_base_images(const BaseImageOptions& options);

}  // namespace temps::app

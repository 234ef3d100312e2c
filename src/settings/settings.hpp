// The settings of a process: a flag wins over an environment variable, that over a line in the
// settings file, that over the default. Nothing outside this module reads the environment.
#pragma once
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/log.hpp"
#include "core/result.hpp"
#include "core/secret.hpp"
#include "net/socket.hpp"

namespace temps::settings {

enum class RuntimeChoice : std::uint8_t { auto_, docker, process };
enum class WildcardCertificate : std::uint8_t { auto_, always };

struct Settings {
  std::filesystem::path data_dir;
  net::Address listen;                           // of the proxy: console, API, git and apps
  std::optional<net::Address> listen_tls;        // of the proxy: browsers over https; nothing: none
  std::uint16_t public_https_port = 0;           // 0: that of `listen_tls`
  std::uint32_t proxy_threads = 0;               // 0: one per core
  std::optional<net::Address> metrics_listen;    // of the proxy's metrics; nothing: nowhere
  std::uint64_t client_rate_min = 0;             // bytes a second; 0: any are enough
  bool kernel_tls = true;                        // where the kernel offers it
  std::vector<std::string> trusted_proxies;      // networks that the proxy believes about clients
  std::vector<std::string> proxy_protocol_from;  // networks that begin with the PROXY protocol
  double access_log = 1;                         // the share of requests that are logged; 0: none
  std::filesystem::path access_log_file;         // of JSON lines; empty: none
  std::uint64_t spool_bytes_max = 0;             // of what waits for the database
  std::chrono::seconds command_time_max{24 * 3600};  // of `temps exec` and `temps run`
  std::uint32_t requests_days = 7;               // that the database keeps of the access log
  std::uint64_t requests_bytes_max = 0;          // that it may take there
  std::uint32_t audit_days = 400;                // that the audit log is kept
  bool require_second_factor = false;            // of everybody who logs in
  bool refuse_common_passwords = true;
  bool loopback_http_issuers = false;  // for login providers on this machine
  std::string public_url;              // how browsers and git reach it; no slash at the end
  std::string base_domain;             // apps answer one level below
  WildcardCertificate wildcard_certificate = WildcardCertificate::auto_;
  std::vector<std::string> public_addresses;  // under which visitors reach this server
  std::string dns_server;                     // asked about domains; empty: the machine's own
  std::string acme_directory;                 // of the authority that certificates are ordered at
  std::string acme_email;
  std::string acme_eab_key_id;  // of an account that the user has made there
  Secret acme_eab_hmac_key;
  Secret database_url;                     // empty: a private PostgreSQL in the data folder
  std::filesystem::path secrets_key_file;  // empty: in the data folder
  RuntimeChoice runtime = RuntimeChoice::auto_;
  std::filesystem::path docker_socket;
  std::string base_debian, base_node, base_python;  // images that builds start from
  double build_cpus = 1;
  std::uint64_t build_memory_bytes = 0;
  std::chrono::seconds build_time{};
  std::uint32_t builds_at_once = 2;
  std::uint64_t build_cache_mb_max = 0;
  std::uint64_t push_bytes_max = 0;
  std::vector<std::string> source_networks;  // that repositories and registries may be in, too
  std::uint64_t log_bytes_max = 0;           // of one project or build, compressed
  std::chrono::seconds log_age_max{};
  // What builds need to reach package registries; may hold credentials.
  Secret http_proxy, https_proxy;
  std::string no_proxy;
  std::filesystem::path ca_file;  // certificates to trust besides the system's; may be empty
  log::Level log_level = log::Level::info;
};

enum class Source : std::uint8_t { default_value, file, environment, flag };

// One setting as `temps config` and the help show it.
struct Declared {
  std::string_view name;  // "data_dir": flag --data-dir, variable TEMPS_DATA_DIR, TOML key data_dir
  std::string_view help;
  std::string_view form;        // "a folder", "bytes, such as 512MB"
  std::string_view standard;    // the default; empty: see `help`
  bool secret = false;          // shown as ****
  bool list = false;            // commas between the values; in the file also an array
  std::string_view variable{};  // a usual variable of other programs, read after our own
  std::string_view commands;    // which use it, with blanks between them; `up` and `config` all
  Result<> (*assign)(Settings&, std::string_view text) = nullptr;

  [[nodiscard]] std::string flag() const;                  // "--data-dir"
  [[nodiscard]] std::string environment_variable() const;  // "TEMPS_DATA_DIR"
  [[nodiscard]] bool is_used_by(std::string_view command) const;
};
std::span<const Declared> declared();
// Whether a command (its first word) uses any setting; the others must not fail over a bad one.
bool uses_settings(std::string_view command);
// The settings of a command as its help lists them: flag, form, meaning, default and variable.
std::string help(std::string_view command);

struct Value {
  const Declared* setting;
  std::string text;
  Source source = Source::default_value;
  std::string where{};  // the flag, the variable or the file
};

struct Effective {
  Settings settings;
  std::vector<Value> values;           // in the order of declared()
  std::vector<std::string> warnings;   // variables that look like misspelt settings
  std::filesystem::path file{};        // that was read, absolute; empty: there was none
  std::filesystem::path usual_file{};  // that would be read if it were there; empty: none would
  std::filesystem::path standard_data_dir{};
  std::string handed_on{};  // what `up` told of its settings, see in_force.hpp
};

using Environment = std::map<std::string, std::string>;
Environment process_environment();

// The settings among command line arguments, `--name value` or `--name=value`, and what is left.
struct Flags {
  std::map<std::string, std::string> given{};  // by setting name, and "config"
  std::vector<std::string> rest{};
};
// Fails with `settings.bad_flag` when a flag's value is missing. After "--" everything is left.
Result<Flags> take_flags(const std::vector<std::string>& arguments);

// Reads the settings file named by --config or TEMPS_CONFIG, which must exist (an empty name: no
// file is read), or else /etc/temps/temps.toml (root) or $XDG_CONFIG_HOME/temps/temps.toml, which
// may. Fails with `settings.bad_value`, `settings.unknown`, `settings.no_file`, `toml.syntax`.
Result<Effective> load(const Environment& environment, const Flags& flags = {});
// Fails with `settings.bad_flag` when one of the flags is no setting that the command uses.
Result<> check_flags(const Flags& flags, std::string_view command);

// The variables with which a process of `command` comes to the same settings, whatever else is in
// its environment: those that it uses and that a flag or a variable has set, and the file.
Environment variables_for(const Effective& effective, std::string_view command);

// What `temps config` prints: the file, and a line per setting with its value and where that came
// from.
std::string describe(const Effective& effective);

namespace errors {
inline constexpr ErrorCode bad_value{"settings.bad_value", ErrorKind::invalid,
                                     "A setting has a value that it cannot have"};
inline constexpr ErrorCode unknown{"settings.unknown", ErrorKind::invalid,
                                   "There is no such setting"};
inline constexpr ErrorCode no_file{"settings.no_file", ErrorKind::not_found,
                                   "The settings file cannot be read"};
inline constexpr ErrorCode bad_flag{"settings.bad_flag", ErrorKind::invalid,
                                    "A flag that cannot be used like this"};
}  // namespace errors

}  // namespace temps::settings

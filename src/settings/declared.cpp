// The table of all settings.
#include <algorithm>
#include <array>
#include <string>

#include "core/text.hpp"
#include "settings/readers.hpp"
#include "settings/settings.hpp"

namespace temps::settings {
namespace {

using S = Settings;
constexpr std::array table{
    Declared{.name = "data_dir",
             .help = "Where everything is kept. /var/lib/temps for root, else "
                     "~/.local/share/temps",
             .form = "a folder",
             .commands = "serve proxy admin demo",
             .assign = into<&S::data_dir>},
    Declared{.name = "listen",
             .help = "Where the proxy listens for browsers, git and the visitors of apps",
             .form = "address:port",
             .standard = "0.0.0.0:8080",
             .commands = "serve proxy",
             .assign = into<&S::listen>},
    Declared{.name = "listen_tls",
             .help = "Where the proxy listens for https. Port 443 where `listen` has port 80, else "
                     "nowhere",
             .form = "address:port",
             .commands = "serve proxy",
             .assign = into<&S::listen_tls>},
    Declared{.name = "public_https_port",
             .help = "The port of https as visitors see it, where it is not that of `listen_tls`",
             .form = "a port",
             .commands = "serve",
             .assign = into<&S::public_https_port>},
    Declared{.name = "proxy_threads",
             .help = "Threads that the proxy serves with; 0 is one per core",
             .form = "a number",
             .standard = "0",
             .commands = "proxy",
             .assign = into_proxy_threads},
    Declared{.name = "metrics_listen",
             .help = "Where the proxy shows its metrics to Prometheus, at /metrics: an address of "
                     "this machine alone. Else nowhere",
             .form = "address:port, such as 127.0.0.1:9145",
             .commands = "proxy",
             .assign = into<&S::metrics_listen>},
    Declared{.name = "client_rate_min",
             .help =
                 "Clients that send a request or take a response more slowly, on the average of a "
                 "minute or two, are cut off",
             .form = "bytes a second, such as 128; 0 is no limit",
             .standard = "128",
             .commands = "proxy",
             .assign = into_client_rate_min},
    Declared{.name = "kernel_tls",
             .help = "Has the kernel encrypt what the proxy sends over https, where it offers that "
                     "(Linux with the module tls). Large answers cost less then",
             .form = "auto or off",
             .standard = "auto",
             .commands = "proxy",
             .assign = into_kernel_tls},
    Declared{.name = "trusted_proxies",
             .help =
                 "Proxies of yours that stand in front, such as a CDN: what they say about their "
                 "visitors (X-Forwarded-For, -Proto, -Host, Forwarded) is believed. Of all "
                 "others it is thrown away",
             .form = "networks with commas between them, loopback or private",
             .list = true,
             .commands = "proxy",
             .assign = into_networks<&S::trusted_proxies>},
    Declared{.name = "proxy_protocol_from",
             .help = "TCP balancers of yours that begin each connection with the PROXY protocol, "
                     "version 1 or 2. From these nothing else is accepted",
             .form = "networks with commas between them, loopback or private",
             .list = true,
             .commands = "proxy",
             .assign = into_networks<&S::proxy_protocol_from>},
    Declared{.name = "access_log",
             .help = "Which requests are logged, for `temps requests`: off, full, or a share of "
                     "them such as 0.1",
             .form = "off, full or a number",
             .standard = "full",
             .commands = "proxy",
             .assign = into_access_log},
    Declared{.name = "access_log_file",
             .help = "Gets a line of JSON for each logged request, too",
             .form = "a file",
             .commands = "proxy",
             .assign = into<&S::access_log_file>},
    Declared{.name = "spool_size_max",
             .help = "What may wait on the disk while the database is away; the oldest goes first",
             .form = "bytes, such as 512MB",
             .standard = "512MB",
             .commands = "proxy",
             .assign = into<&S::spool_bytes_max>},
    Declared{.name = "command_time_max",
             .help = "Commands of `temps exec` and `temps run` that take longer are ended",
             .form = "a time, such as 8h",
             .standard = "24h",
             .commands = "serve",
             .assign = into<&S::command_time_max>},
    Declared{.name = "requests_days",
             .help = "Days for which the database keeps logged requests",
             .form = "a number",
             .standard = "7",
             .commands = "serve",
             .assign = into_days<&S::requests_days>},
    Declared{.name = "requests_size_max",
             .help = "What logged requests may take in the database; the oldest day goes first",
             .form = "bytes, such as 2GB",
             .standard = "2GB",
             .commands = "serve",
             .assign = into<&S::requests_bytes_max>},
    Declared{.name = "audit_days",
             .help = "Days for which the audit log is kept; whole months go when all of their days "
                     "are older",
             .form = "a number",
             .standard = "400",
             .commands = "serve",
             .assign = into_days<&S::audit_days>},
    Declared{
        .name = "require_second_factor",
        .help = "People without a second factor reach nothing but what they need to set one up",
        .form = "on or off",
        .standard = "off",
        .commands = "serve",
        .assign = into<&S::require_second_factor>},
    Declared{.name = "refuse_common_passwords",
             .help = "Passwords that are tried first, such as Password2024!, are refused",
             .form = "on or off",
             .standard = "on",
             .commands = "serve admin",
             .assign = into<&S::refuse_common_passwords>},
    Declared{.name = "loopback_http_issuers",
             .help = "Login providers at http://localhost, 127.0.0.1 or [::1] are accepted, for "
                     "trying one out on this machine. All others need https",
             .form = "on or off",
             .standard = "off",
             .commands = "serve",
             .assign = into<&S::loopback_http_issuers>},
    Declared{.name = "public_url",
             .help = "How others reach the console. https, too, where a proxy of yours stands in "
                     "front. http://localhost with the port of `listen`",
             .form = "http://name:port or https://name",
             .commands = "serve",
             .assign = into_public_url},
    Declared{.name = "base_domain",
             .help = "Apps answer at <project>.<base domain>. The name in `public_url`",
             .form = "a name, such as apps.example.com",
             .commands = "serve",
             .assign = into_base_domain},
    Declared{.name = "wildcard_certificate",
             .help = "One certificate for all names below the base domain: auto, where a DNS "
                     "provider keeps its zone (else each app gets its own), or always, by a TXT "
                     "record that is yours to create",
             .form = "auto or always",
             .standard = "auto",
             .commands = "serve",
             .assign = into<&S::wildcard_certificate>},
    Declared{.name = "public_addresses",
             .help = "Where the DNS records of domains have to lead. Else the public addresses "
                     "that this machine has itself",
             .form = "IP addresses with commas between them",
             .list = true,
             .commands = "serve",
             .assign = into<&S::public_addresses>},
    Declared{.name = "dns_server",
             .help = "Asked about the DNS records of domains. Else the machine's own name servers",
             .form = "an IPv4 address, with a port or without",
             .commands = "serve",
             .assign = into_dns_server},
    Declared{.name = "acme_directory",
             .help = "The certificate authority that certificates are ordered at (ACME)",
             .form = "an address of the web",
             .standard = "https://acme-v02.api.letsencrypt.org/directory",
             .commands = "serve",
             .assign = into_acme_directory},
    Declared{.name = "acme_email",
             .help = "Where the certificate authority may write to",
             .form = "an e-mail address",
             .commands = "serve",
             .assign = into<&S::acme_email>},
    Declared{.name = "acme_eab_key_id",
             .help = "The key id of an account that you have made at the certificate authority, "
                     "where it wants one",
             .form = "a text",
             .commands = "serve",
             .assign = into<&S::acme_eab_key_id>},
    Declared{.name = "acme_eab_hmac_key",
             .help = "The HMAC key of that account",
             .form = "base64, as the authority shows it",
             .secret = true,
             .commands = "serve",
             .assign = into<&S::acme_eab_hmac_key>},
    Declared{.name = "database_url",
             .help = "A PostgreSQL server of your own, 14 or newer. Empty: a private one in the "
                     "data folder",
             .form = "postgres://user:password@host/name",
             .secret = true,
             .commands = "serve admin",
             .assign = into<&S::database_url>},
    Declared{.name = "secrets_key_file",
             .help = "The key that seals secrets in the database; made at the first start. "
                     "keys/secrets.key in the data folder",
             .form = "a file",
             .commands = "serve",
             .assign = into<&S::secrets_key_file>},
    Declared{.name = "runtime",
             .help = "What runs apps: auto, docker or process",
             .form = "auto, docker or process",
             .standard = "auto",
             .commands = "serve",
             .assign = into<&S::runtime>},
    Declared{.name = "docker_socket",
             .help = "The container engine's socket",
             .form = "a file",
             .standard = "/var/run/docker.sock",
             .commands = "serve base-images",
             .assign = into<&S::docker_socket>},
    Declared{.name = "base_debian",
             .help = "The image for plain Debian",
             .form = "an image",
             .standard = "debian:12-slim",
             .commands = "serve",
             .assign = into<&S::base_debian>},
    Declared{
        .name = "base_node",
        .help = "The image that Node apps are built on; {version} is the one that the app wants",
        .form = "an image",
        .standard = "node:{version}-slim",
        .commands = "serve",
        .assign = into<&S::base_node>},
    Declared{
        .name = "base_python",
        .help = "The image that Python apps are built on; {version} is the one that the app wants",
        .form = "an image",
        .standard = "python:{version}-slim",
        .commands = "serve",
        .assign = into<&S::base_python>},
    Declared{.name = "build_cpus",
             .help = "Processor cores that one build may use",
             .form = "a number, such as 1.5",
             .standard = "1",
             .commands = "serve",
             .assign = into<&S::build_cpus>},
    Declared{.name = "build_memory",
             .help = "Memory that one build may use",
             .form = "bytes, such as 2GB",
             .standard = "2GB",
             .commands = "serve",
             .assign = into<&S::build_memory_bytes>},
    Declared{.name = "build_time",
             .help = "A build that takes longer fails",
             .form = "a time, such as 20m",
             .standard = "30m",
             .commands = "serve",
             .assign = into<&S::build_time>},
    Declared{.name = "builds_at_once",
             .help = "Builds that run at the same time; others wait",
             .form = "a number",
             .standard = "2",
             .commands = "serve",
             .assign = into<&S::builds_at_once>},
    Declared{.name = "build_cache_mb_max",
             .help = "What a container engine keeps of former builds to make the next ones faster, "
                     "besides the images of releases; the least recently used goes first",
             .form = "megabytes; 0 keeps nothing",
             .standard = "10240",
             .commands = "serve",
             .assign = into_build_cache},
    Declared{.name = "push_size_max",
             .help = "A git push that is larger is refused",
             .form = "bytes, such as 512MB",
             .standard = "512MB",
             .commands = "serve",
             .assign = into<&S::push_bytes_max>},
    Declared{.name = "source_networks",
             .help = "Addresses of this machine or of its own link (loopback, link-local) where "
                     "repositories and registries may be all the same. Without it projects cannot "
                     "reach what listens here alone",
             .form = "networks with commas between them, or loopback",
             .list = true,
             .commands = "serve",
             .assign = into_networks<&S::source_networks>},
    Declared{.name = "log_size_max",
             .help = "Log that is kept of one project; the oldest goes first",
             .form = "bytes, such as 256MB",
             .standard = "256MB",
             .commands = "serve",
             .assign = into<&S::log_bytes_max>},
    Declared{.name = "log_age_max",
             .help = "Log that is older goes",
             .form = "a time, such as 14d",
             .standard = "14d",
             .commands = "serve",
             .assign = into<&S::log_age_max>},
    Declared{.name = "http_proxy",
             .help = "The proxy that builds use for http",
             .form = "an address of the web",
             .secret = true,
             .variable = "http_proxy",
             .commands = "serve base-images",
             .assign = into<&S::http_proxy>},
    Declared{.name = "https_proxy",
             .help = "The proxy that builds use for https",
             .form = "an address of the web",
             .secret = true,
             .variable = "https_proxy",
             .commands = "serve base-images",
             .assign = into<&S::https_proxy>},
    Declared{.name = "no_proxy",
             .help = "Hosts that builds reach without a proxy",
             .form = "hosts with commas between them",
             .variable = "no_proxy",
             .commands = "serve base-images",
             .assign = into<&S::no_proxy>},
    Declared{.name = "ca_file",
             .help =
                 "Certificates that builds, login providers and the command line trust besides the "
                 "system's",
             .form = "a PEM file",
             .variable = "SSL_CERT_FILE",
             .commands = "serve",
             .assign = into<&S::ca_file>},
    Declared{.name = "log_level",
             .help = "The least important lines that are logged: debug, info, warning or error",
             .form = "debug, info, warning or error",
             .standard = "info",
             .commands = "serve proxy",
             .assign = into<&S::log_level>},
};

}  // namespace

std::span<const Declared> declared() { return table; }

bool uses_settings(std::string_view command) {
  return std::ranges::any_of(
      table, [command](const Declared& setting) { return setting.is_used_by(command); });
}

std::string help(std::string_view command) {
  std::string text = "Settings, each as a flag, a variable or a line in the settings file:\n";
  for (const auto& setting : table) {
    if (!setting.is_used_by(command)) continue;
    text += fmt::format(
        "  {} <{}>\n      {}.\n      {}{}\n", setting.flag(), setting.form, setting.help,
        setting.standard.empty() ? std::string{} : fmt::format("Default {}. ", setting.standard),
        setting.environment_variable());
  }
  return text +
         "  --config <a file>\n      The settings file, TOML; an empty name: none is read.\n"
         "      Default /etc/temps/temps.toml for root, else ~/.config/temps/temps.toml. "
         "TEMPS_CONFIG";
}

bool Declared::is_used_by(std::string_view command) const {
  if (command == "up" || command == "config") return true;
  const auto words = split(commands, ' ');
  return std::ranges::find(words, command) != words.end();
}

std::string Declared::flag() const { return "--" + replaced(name, "_", "-"); }

std::string Declared::environment_variable() const {
  std::string text = "TEMPS_";
  for (const char c : name) text += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return text;
}

}  // namespace temps::settings

#include <unistd.h>

#include <array>
#include <cstdlib>
#include <string_view>

#include "core/text.hpp"
#include "process/process.hpp"
#include "process/search.hpp"

namespace temps::process {

namespace {

constexpr std::string_view usual_path =
    "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

// Programs disagree on the case: curl reads the lower one only, others the upper one only.
constexpr std::array<std::pair<const char*, const char*>, 4> proxies{{
    {"http_proxy", "HTTP_PROXY"},
    {"https_proxy", "HTTPS_PROXY"},
    {"no_proxy", "NO_PROXY"},
    {"all_proxy", "ALL_PROXY"},
}};

// Certificates to trust and registries to use, as the host was told.
constexpr std::array<const char*, 12> passed_on{
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "NODE_EXTRA_CA_CERTS",
    "PIP_CERT",
    "PIP_INDEX_URL",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "GIT_SSL_CAINFO",
    "npm_config_cafile",
    "npm_config_registry",
    "GOPROXY",
    "TZ",
};

// What the settings say of variables; empty: that there is none.
std::map<std::string, std::string, std::less<>>& decided() {
  static std::map<std::string, std::string, std::less<>> values;
  return values;
}

std::optional<std::string> own(const char* name) {
  if (const auto found = decided().find(name); found != decided().end()) {
    return found->second.empty() ? std::nullopt : std::optional(found->second);
  }
  const char* value = std::getenv(name);
  if (!value || *value == '\0') return std::nullopt;
  return value;
}

}  // namespace

std::optional<std::string> find_in(std::string_view path, const std::string& name) {
  for (const auto folder : split(path, ':')) {
    if (folder.empty()) continue;  // the folder we happen to be in is no place for programs
    auto full = fmt::format("{}/{}", folder, name);
    if (::access(full.c_str(), X_OK) == 0) return full;
  }
  return std::nullopt;
}

void decide(const std::string& variable, std::string value) {
  for (const auto& [lower, upper] : proxies) {
    if (variable == lower) decided()[upper] = value;
  }
  decided()[variable] = std::move(value);
}

std::map<std::string, std::string> base_environment() {
  std::map<std::string, std::string> environment{
      {"PATH", own("PATH").value_or(std::string(usual_path))},
      {"HOME", own("HOME").value_or("/")},
      {"LANG", own("LANG").value_or("C.UTF-8")},
  };
  for (const auto& [lower, upper] : proxies) {
    auto value = own(lower);
    if (!value) value = own(upper);
    if (!value) continue;
    environment[lower] = *value;
    environment[upper] = *value;
  }
  for (const auto* name : passed_on) {
    if (auto value = own(name)) environment[name] = std::move(*value);
  }
  return environment;
}

std::optional<std::string> find_program(const std::string& name) {
  if (auto found = find_in(own("PATH").value_or(std::string(usual_path)), name)) return found;
  return find_in("/usr/local/sbin:/usr/sbin:/sbin", name);
}

}  // namespace temps::process

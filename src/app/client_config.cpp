#include "app/client_config.hpp"

#include <cstdlib>
#include <filesystem>

#include "app/errors.hpp"
#include "files/files.hpp"
#include "json/json.hpp"

namespace temps::app {

namespace {
std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

// Of --token; empty where it was not given.
std::string& token_of_the_call() {
  static std::string token;
  return token;
}
std::string given_token() {
  return token_of_the_call().empty() ? variable("TEMPS_TOKEN") : token_of_the_call();
}
}  // namespace

std::string client_config_path() {
  auto folder = variable("XDG_CONFIG_HOME");
  if (folder.empty()) folder = variable("HOME") + "/.config";
  return folder + "/temps/config.json";
}

std::string client_ca_file() {
  const auto path = variable("TEMPS_CA_FILE");
  std::error_code error;
  return path.empty() ? path : std::filesystem::absolute(path, error).string();
}

Result<ClientConfig> read_client_config() {
  auto text = files::read(client_config_path());
  if (!text) {
    if (text.error().is(files::errors::not_found)) return ClientConfig{};
    return fail(text.error());
  }
  auto config = json::decode<ClientConfig>(*text, {.missing = json::Missing::default_value});
  if (!config) {
    return fail(errors::not_logged_in, "{} cannot be read ({}); remove it and log in again",
                client_config_path(), config.error().detail());
  }
  return config;
}

Result<> write_client_config(const ClientConfig& config) {
  const std::filesystem::path path = client_config_path();
  if (auto made = files::make_folder(path.parent_path(), 0700); !made) return made;
  return files::write_atomically(path, json::encode(config) + "\n", 0600);
}

void use_token(const std::string& token) { token_of_the_call() = token; }

Result<Target> find_target(const std::string& wanted_url, const std::string& linked_url) {
  auto config = read_client_config();
  if (!config) return fail(config.error());
  std::string url = wanted_url.empty() ? variable("TEMPS_URL") : wanted_url;
  // A link may have come with somebody else's folder: no token goes to a server just for that.
  const bool is_linked = url.empty() && !linked_url.empty();
  if (url.empty()) url = linked_url.empty() ? config->current : linked_url;
  while (url.ends_with('/')) url.pop_back();
  if (url.empty()) {
    return fail(errors::not_logged_in, "log in first: temps login http://localhost:8080");
  }
  const bool is_trusted = !is_linked || config->servers.contains(url);
  if (auto token = given_token(); !token.empty() && is_trusted) {
    return Target{url, Secret(token), client_ca_file()};
  }
  const auto known = config->servers.find(url);
  if (known == config->servers.end()) {
    return fail(errors::not_logged_in, "not logged in at {}; run: temps login {}", url, url);
  }
  return Target{url, Secret(known->second.token), client_ca_file()};
}

}  // namespace temps::app

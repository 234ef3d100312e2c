// What the CLI remembers between calls: servers and their tokens, in a file only the user can read.
#pragma once
#include <map>
#include <optional>
#include <string>

#include "core/result.hpp"
#include "core/secret.hpp"

namespace temps::app {

struct KnownServer {
  std::string token;
  std::string email;
  bool issued = true;  // by `temps login`, for this machine; else a key that the user gave
};

struct ClientConfig {
  std::string current;                         // the server of the last login
  std::map<std::string, KnownServer> servers;  // by URL without a slash at the end
};

// $XDG_CONFIG_HOME/temps/config.json, else ~/.config/temps/config.json.
std::string client_config_path();
// An empty one where there is no file.
Result<ClientConfig> read_client_config();
Result<> write_client_config(const ClientConfig& config);

// The server to talk to: TEMPS_URL and TEMPS_TOKEN, else the wanted one, else that of the last
// login. Fails with `app.not_logged_in`.
struct Target {
  std::string url;
  Secret token;
  // TEMPS_CA_FILE: certificates to trust besides this machine's, where the server is https.
  std::string ca_file{};
};
// $TEMPS_CA_FILE as an absolute path; empty where it is not set.
std::string client_ca_file();
// `linked_url` is the server of the folder's project, where it has one: it gets a token only where
// there was a login.
Result<Target> find_target(const std::string& wanted_url, const std::string& linked_url = {});
// This token instead of any other, for the rest of the process.
void use_token(const std::string& token);

}  // namespace temps::app

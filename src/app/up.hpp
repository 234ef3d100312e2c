// `temps up`: everything for a first start in one command: a private PostgreSQL, serve and proxy.
#pragma once
#include <map>
#include <string>

#include "app/options.hpp"
#include "core/result.hpp"

namespace temps::app {

struct UpOptions {
  std::filesystem::path data;
  std::filesystem::path program;
  std::string listen;        // of the proxy
  std::string database_url;  // empty: a private PostgreSQL in the data folder
  std::string public_url;
  // For the commands that are printed: they must work as they stand.
  std::string printed_program;
  std::string data_words;  // " --data-dir D", or nothing
  // By part: the settings that "serve" and "proxy" use, as TEMPS_… variables.
  std::map<std::string, std::map<std::string, std::string>> variables;
};

// Runs until SIGTERM or SIGINT; restarts what dies; stops all at the end, apps included. SIGHUP
// reloads the proxy.
Result<> up(const UpOptions& options);

}  // namespace temps::app

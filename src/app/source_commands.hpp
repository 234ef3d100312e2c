// The commands about where a project's code and images come from.
#pragma once
#include <string>

#include "app/commands.hpp"

namespace temps::app {

struct SourceOptions {
  std::string project;
  std::string url;
  std::string branch;  // empty: stays
  std::string user;
  bool token_from_stdin = false;
  bool forgets_token = false;
};
Result<> set_source(const Common& common, const SourceOptions& options);
Result<> show_source(const Common& common, const SourceOptions& options);
// Asks the repository for its branches.
Result<> check_source(const Common& common, const SourceOptions& options);
Result<> renew_deploy_key(const Common& common, const SourceOptions& options);
Result<> remove_source(const Common& common, const SourceOptions& options);
// A project that is deployed from a repository elsewhere.
Result<> create_from_repository(const Common& common, const SourceOptions& options);

struct RegistryOptions {
  std::string project;
  std::string host;
  std::string user;
  bool password_from_stdin = false;
};
Result<> set_registry(const Common& common, const RegistryOptions& options);
Result<> list_registries(const Common& common, const RegistryOptions& options);
Result<> remove_registry(const Common& common, const RegistryOptions& options);

// Of the project's repository elsewhere, or of an image: nothing is sent from here.
Result<> deploy_elsewhere(const DeployOptions& options);

}  // namespace temps::app

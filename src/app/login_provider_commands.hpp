// Where people may log in besides here, at the command line.
#pragma once
#include <string>
#include <vector>

#include "app/commands.hpp"

namespace temps::app {

struct LoginProviderOptions {
  std::string name;
  std::string label;  // else the name
  std::string issuer;
  std::string client_id;
  std::vector<std::string> email_domains;
  std::string unknown_people = "refused";  // or invited, guests
  bool links_by_email = false;
  bool trusted_second_factor = false;
  bool secret_from_stdin = false;
};
Result<> add_login_provider(const Common& common, const LoginProviderOptions& options);
Result<> list_login_providers(const Common& common);
Result<> remove_login_provider(const Common& common, const std::string& name);

}  // namespace temps::app

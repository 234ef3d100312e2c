// Users and teams by the names that people type; the API takes numbers.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/api_client.hpp"

namespace temps::app {

struct FoundUser {
  std::int64_t id;
  std::string email;
  std::string role;
  std::string kind;
  std::string created_at;
};
struct FoundMember {
  std::int64_t user;
  std::string email;
};
struct FoundTeam {
  std::int64_t id;
  std::string name;
  std::vector<FoundMember> members;
};

// Each fails with `app.not_there`.
Task<FoundUser> find_user(ApiClient& client, std::string email);
Task<FoundTeam> find_team(ApiClient& client, std::string name);

}  // namespace temps::app

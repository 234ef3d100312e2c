// The user that the server runs as: it refuses to run as root. Private to postgres.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "process/process.hpp"

namespace temps::postgres {

struct Account {
  std::string name;
  process::User user;
  bool is_switched = false;  // we are root and it is another one
  // For a child's Spec.
  [[nodiscard]] std::optional<process::User> to_switch_to() const {
    return is_switched ? std::optional(user) : std::nullopt;
  }
};

// Our own unless we are root; then the owner of `data` where that exists, else the first of `names`
// that the machine has. Fails with `no_user`.
Result<Account> choose_account(const std::filesystem::path& data,
                               const std::vector<std::string>& names);

}  // namespace temps::postgres

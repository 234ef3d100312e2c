// Variables: what an environment tells its app, plain or secret, in versions that never change.
// Every value is sealed where it lies.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/clock.hpp"
#include "core/secret.hpp"
#include "core/task.hpp"
#include "projects/projects.hpp"
#include "sql/database.hpp"
#include "vault/vault.hpp"

namespace temps::variables {

enum class Kind : std::uint8_t {
  plain,  // shown, and given to builds
  secret  // shown to who reveals it only, and given to the running app only
};

struct Variable {
  std::string name;
  Kind kind = Kind::plain;
  Secret value;
  std::int64_t since = 0;  // the version that brought this value
};

struct Change {
  std::string name;
  Secret value;
  std::optional<Kind> kind{};  // as it was, and plain for a new one
};

struct Edit {
  std::vector<Change> set{};
  std::vector<std::string> remove{};
  std::string by{};  // who wants it
};

struct Version {
  std::int64_t number = 0;
  Instant made_at;
  std::string made_by;
  std::vector<std::string> set;
  std::vector<std::string> removed;
};

// Owns the tables `variable_versions` and `variable_values`.
class Variables {
 public:
  Variables(sql::Database& database, vault::Vault& vault, const Clock& clock)
      : database_(database), vault_(vault), clock_(clock) {}

  // The number of the newest version; 0 where nothing was ever set.
  Task<std::int64_t> newest(projects::EnvironmentId environment);
  Task<std::int64_t> newest(projects::EnvironmentId environment, sql::Transaction& transaction);
  // All of a version, in order of name. Fails with `vault.other_key`.
  Task<std::vector<Variable>> at(projects::EnvironmentId environment, std::int64_t version);
  // Of the newest version. Fails with `no_such_variable`.
  Task<Variable> get(projects::EnvironmentId environment, std::string name);
  // All of the edit or nothing of it; yields the version that has it, which is the newest one as it
  // was where nothing differs. Fails with `bad_variable`, `reserved`, `too_many`,
  // `no_such_variable`.
  Task<Version> edit(projects::EnvironmentId environment, Edit wanted);

  Task<Version> version(projects::EnvironmentId environment, std::int64_t number);
  // Newest first, those numbered below `before`.
  Task<std::vector<Version>> versions(projects::EnvironmentId environment, std::int64_t before,
                                      std::int64_t limit);

 private:
  Task<Version> edit_in(projects::EnvironmentId environment, const Edit& wanted,
                        sql::Transaction& transaction);

  sql::Database& database_;
  vault::Vault& vault_;
  const Clock& clock_;
};

}  // namespace temps::variables

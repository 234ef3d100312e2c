// Who may call what. Each module declares its permissions as constants and names one per route.
#pragma once
#include <cstdint>
#include <string_view>

namespace temps {

// Each includes those before it. A guest may log in and sees the projects that were granted.
enum class Role : std::uint8_t { anonymous, guest, viewer, developer, admin, owner };

// What a permission is about. There is no default: whoever declares one decides.
enum class Scope : std::uint8_t {
  anyone,        // needs nobody to be logged in
  own,           // the caller's account
  installation,  // what all projects share
  project,       // one project: a role that was granted there counts, too
};

struct Permission {
  constexpr Permission(std::string_view permission, Role least_role, Scope about)
      : name(permission), least(least_role), scope(about) {}
  // The same, as part of the scope "deploy" of keys and of every deployment token.
  [[nodiscard]] constexpr Permission deploying() const {
    auto changed = *this;
    changed.is_deploying = true;
    return changed;
  }

  std::string_view name;  // "projects.write"
  Role least;             // the least role that has it
  Scope scope;
  bool is_deploying = false;
};

namespace permissions {
// For routes that answer anyone; a test lists them.
inline constexpr Permission open{"open", Role::anonymous, Scope::anyone};
// For every credential, however limited: who am I, and the end of this login.
inline constexpr Permission self{"account.self", Role::guest, Scope::own};
}  // namespace permissions

}  // namespace temps

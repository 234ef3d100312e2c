// What adds to a caller's role, and what narrows it. Computed anew for each request.
#pragma once
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/permission.hpp"

namespace temps {

// The named sets of permissions that an API key may be limited to; single permissions may stand
// beside them.
namespace scopes {
inline constexpr std::string_view read = "read";      // what viewers may
inline constexpr std::string_view deploy = "deploy";  // Permission::deploying
inline constexpr std::string_view write = "write";    // what developers may
inline constexpr std::string_view admin = "admin";    // what admins may, the own account included
}  // namespace scopes

struct Access {
  std::map<std::string, Role, std::less<>> projects{};  // granted, by the project's name
  // Limits of the credential; nothing: none.
  std::optional<std::vector<std::string>> scopes{};
  std::optional<std::string> project{};
  std::optional<std::string> environment{};  // of that project

  [[nodiscard]] bool is_limited() const { return scopes || project || environment; }
};

// Where something is done.
struct Target {
  std::string_view project;
  // Nothing where it concerns no environment, or the handler itself asks for it.
  std::optional<std::string_view> environment{};
};

// Does one of them hold the permission? `permissions::self` is in all.
bool covers(const std::vector<std::string>& scopes, const Permission& permission);
// Does `scopes` hold all that `wanted`, the name of a set, does?
bool covers_set(const std::vector<std::string>& scopes, std::string_view wanted);
bool is_scope_set(std::string_view name);

}  // namespace temps

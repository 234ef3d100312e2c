// Who calls, and what they may do.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/access.hpp"
#include "core/permission.hpp"

namespace temps::http {

// Anonymous callers have role anonymous. Every right is the role's or a grant's, within the limits
// of the credential.
struct Principal {
  std::int64_t user = 0;          // 0: nobody's, such as a deployment token
  std::string email;              // of a token or the local access: what it is called
  Role role = Role::anonymous;    // on the installation and, at least, on each project
  std::string kind;               // "session", "key", "token" or "local"
  std::int64_t credential = 0;    // the session's, key's or token's id
  std::string credential_name{};  // the key's or token's
  Access access{};

  [[nodiscard]] Role role_on(std::string_view project) const;
  // May the caller know that the project is there?
  [[nodiscard]] bool sees(std::string_view project) const;
  // Of the installation, or the own account.
  [[nodiscard]] bool may(const Permission& permission) const;
  // Of a project.
  [[nodiscard]] bool may(const Permission& permission, const Target& target) const;
  // For lists over projects, which show what may() allows: could that be anything?
  [[nodiscard]] bool may_somewhere(const Permission& permission) const;
  // The names of the projects where the caller may; nothing: all of them.
  [[nodiscard]] std::optional<std::vector<std::string>> projects_with(
      const Permission& permission) const;

  // The greatest role that the caller may give to others, on the installation and on a project. A
  // credential of single permissions gives none, so that nobody gets more than it has.
  [[nodiscard]] Role gives() const;
  [[nodiscard]] Role gives_on(std::string_view project) const;
};

}  // namespace temps::http

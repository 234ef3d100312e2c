// Who may call what. Each module declares its permissions as constants and names one per route.
#pragma once
#include <cstdint>
#include <string_view>

namespace temps {

enum class Role : std::uint8_t { anonymous, member, admin };  // each includes those before it

struct Permission {
  std::string_view name;  // "projects.write"
  Role least;             // the least role that has it
};

namespace permissions {
// For routes that answer anyone; a test lists them.
inline constexpr Permission open{"open", Role::anonymous};
}  // namespace permissions

}  // namespace temps

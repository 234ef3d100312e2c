// The settings as they may be shown to those who administer an installation: without what is
// secret.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "settings/settings.hpp"

namespace temps::settings {

struct Shown {
  std::string name;
  std::string value;  // empty: none; of a secret that is set: ****
  Source source = Source::default_value;
  std::string where{};  // the flag, the variable or the file
};

struct InForce {
  std::string file{};        // that was read; empty: there was none
  std::string usual_file{};  // that would be read if it were there
  std::vector<Shown> values{};
};

// `up` reads all settings and gives its parts only those that they use, as variables. What the
// reader is to see, all of them and where each came from in truth, goes along in this one.
inline constexpr std::string_view in_force_variable = "TEMPS_IN_FORCE";

// What `up` handed on, else the settings that the command uses.
InForce in_force(const Effective& effective, std::string_view command);
// The text of that variable.
std::string handed_on(const InForce& in_force);

}  // namespace temps::settings

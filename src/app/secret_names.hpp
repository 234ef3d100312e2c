// Which variables are better kept as secrets.
#pragma once
#include <string_view>

namespace temps::app {

// By a name such as API_TOKEN, or a value that is an address with a password in it. What frameworks
// build into what browsers load never is one.
bool looks_secret(std::string_view name, std::string_view value);

}  // namespace temps::app

// Commands that we print for the user to type: they must work as they stand.
#pragma once
#include <string>
#include <string_view>

namespace temps::app {

// "temps" where the user's PATH leads to `program`, else its path, quoted for a shell.
std::string printed_program(const std::string& program);
// One word for a shell, in quotes where it needs any.
std::string shell_word(std::string_view text);

}  // namespace temps::app

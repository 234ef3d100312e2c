#include "detect/command.hpp"

#include <algorithm>
#include <array>

#include "core/text.hpp"

namespace temps::detect {

bool is_single_command(std::string_view command) {
  if (command.find_first_of("&|;<>()`\n\r") != std::string_view::npos) return false;
  const auto first = trimmed(command).substr(0, trimmed(command).find(' '));
  constexpr std::array<std::string_view, 14> shell_words{"cd",   "if",     "for", "while", "until",
                                                         "case", "export", "set", "exec",  "eval",
                                                         ".",    "source", "{",   "!"};
  return !first.empty() && !first.contains('=') &&
         std::ranges::find(shell_words, first) == shell_words.end();
}

std::string with_exec(const std::string& command) {
  return is_single_command(command) ? "exec " + command : command;
}

}  // namespace temps::detect

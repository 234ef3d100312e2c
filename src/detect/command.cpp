#include "detect/command.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "core/text.hpp"

namespace temps::detect {

namespace {

// Syntax that joins or redirects commands, outside of quotes.
bool has_shell_syntax(std::string_view command) {
  char quote = 0;
  for (std::size_t i = 0; i < command.size(); ++i) {
    const char c = command[i];
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (std::string_view("&|;<>()`\n\r\\").contains(c)) {
      return true;
    }
  }
  return quote != 0;
}

}  // namespace

bool is_single_command(std::string_view command) {
  if (has_shell_syntax(command)) return false;
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

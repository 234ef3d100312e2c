// Talking with a person, or with a script that pipes.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "core/secret.hpp"

namespace temps::app {

// Results go to standard output, progress and questions to standard error.
void print(std::string_view line);
void note(std::string_view line);
// What has to be read even by who wants no progress.
void say(std::string_view line);
// What was done, where there is nothing else to print: as {"done": …} with Format::json.
enum class Format : std::uint8_t;
void done(Format format, std::string_view line);

// Asks on a terminal; else takes the next line of standard input. Fails with `app.usage` at its
// end.
Result<std::string> ask(std::string_view question);
// The same without echo, and blanks at either end count: they may be part of a password.
Result<Secret> ask_secret(std::string_view question);
// All of standard input, without the newline at its end: for --password-stdin and --token-stdin.
Result<Secret> secret_from_stdin();

// All of standard input. Fails with `app.usage` when there is more than `bytes_max` of it.
Result<std::string> all_of_stdin(std::size_t bytes_max);

[[nodiscard]] bool is_terminal(int descriptor);
// False on terminals that cannot go back in a line (TERM=dumb).
[[nodiscard]] bool can_move_cursor();
// From now on note() says nothing; errors and questions are shown all the same.
void be_quiet();
[[nodiscard]] bool is_quiet();

// Prints the error with its next step; yields the exit code: 1, 3 for what is unhealthy, 4 for
// missing login, 5 for a wait that ended first, 130 for Ctrl-C, 127 and 255 for commands that did
// not start or whose connection was lost.
int report(const Error& error);

}  // namespace temps::app

// What a shell offers while a command of ours is typed.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/commands.hpp"

namespace CLI {
class App;
}

namespace temps::app {

struct Completions {
  std::vector<std::string> words{};
  bool files = false;     // names of files instead
  bool projects = false;  // names of projects besides
};

// `typed`: the words behind the program's name, the last one being typed, perhaps empty.
Completions complete(const CLI::App& app, const std::vector<std::string>& typed);

// The hidden command that the scripts run: `temps complete -- WORDS…`.
inline constexpr std::string_view completing_word = "complete";
// Answers it: a line for each candidate, or ":files". Yields the exit code.
int print_completions(const CLI::App& app, const Common& common, std::vector<std::string> given);

// The command that was probably meant where a word of `given` is none: "temps deploy".
std::optional<std::string> meant_command(const CLI::App& app,
                                         const std::vector<std::string>& given);

// The script that teaches a shell ("bash", "zsh", "fish") to ask us; empty for others.
std::string completion_script(const std::string& shell);

}  // namespace temps::app

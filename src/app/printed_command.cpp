#include "app/printed_command.hpp"

#include <algorithm>
#include <filesystem>

#include "core/text.hpp"
#include "process/process.hpp"

namespace temps::app {

namespace {

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("_-./:@%+=,").find(c) != std::string_view::npos;
}

}  // namespace

std::string shell_word(std::string_view text) {
  if (!text.empty() && std::ranges::all_of(text, is_plain)) return std::string(text);
  return "'" + replaced(text, "'", R"('\'')") + "'";
}

std::string printed_program(const std::string& program) {
  std::error_code error;
  const auto found = process::find_program("temps");
  if (found && std::filesystem::equivalent(*found, program, error)) return "temps";
  return shell_word(program);
}

}  // namespace temps::app

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "app/cli.hpp"
#include "app/git_hook.hpp"
#include "runtime/shim.hpp"

int main(int count, char** arguments) {
  std::vector<std::string> words(arguments + 1, arguments + count);
  // Started by ourselves and by git; they must be quick and take no settings.
  if (words.size() == 2 && words[0] == "shim") return temps::runtime::shim_main(words[1]);
  if (!words.empty() && words[0] == "git-hook") return temps::app::git_hook();
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error).string();
  return temps::app::run_cli(
      {program, temps::app::started_as(count > 0 ? arguments[0] : "", program)}, std::move(words));
}

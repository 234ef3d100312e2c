#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>

#include "tidy/rules.hpp"

namespace temps::tidy {
namespace {

using CodesSeen = std::map<std::string, std::string, std::less<>>;  // code -> file

void check_error_codes(const Source& file, CodesSeen& seen, Findings& findings) {
  for (const auto at : find_word(file.code, "ErrorCode")) {
    const auto open = file.code.find_first_of("{;()", at);
    if (open == std::string::npos || file.code[open] != '{') continue;
    // A definition reads: ErrorCode name{"module.reason", …
    const auto quote = file.text.find_first_not_of(" \n", open + 1);
    if (quote == std::string::npos || file.text[quote] != '"') continue;
    const auto code = file.text.substr(quote + 1, file.text.find('"', quote + 1) - quote - 1);
    const auto line = line_at(file.text, at);
    if (!code.starts_with(fmt::format("{}.", file.module()))) {
      findings.push_back(
          {file.path, line,
           fmt::format("error code \"{}\" must begin with \"{}.\"", code, file.module())});
    }
    const auto [first, added] = seen.emplace(code, file.path);
    if (!added) {
      findings.push_back(
          {file.path, line, fmt::format("error code \"{}\" is also in {}", code, first->second)});
    }
  }
}

}  // namespace

Findings check_modules(const Tree& tree) {
  Findings findings;
  for (const auto& [name, module] : tree.modules) {
    const auto folder = fmt::format("src/{}/", name);
    const auto has = [&](std::string_view ending) {
      return std::ranges::any_of(tree.sources, [&](const Source& file) {
        return file.path.starts_with(folder) && file.path.ends_with(ending);
      });
    };
    if (!has("/README.md")) {
      findings.push_back({folder, 0, "no README.md: purpose, words, limits, one page"});
    }
    if (!has("_test.cpp")) findings.push_back({folder, 0, "no test"});
  }
  CodesSeen seen;
  for (const auto& file : tree.sources) {
    if (file.is_cpp() && !file.is_test() && !file.module().empty()) {
      check_error_codes(file, seen, findings);
    }
  }
  return findings;
}

}  // namespace temps::tidy

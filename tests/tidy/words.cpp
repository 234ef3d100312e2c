#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "tidy/rules.hpp"

namespace temps::tidy {
namespace {

// Where a word may stand after all.
enum class Except { nowhere, tests };

struct Banned {
  std::string_view word;
  std::string_view instead;
  std::vector<std::string_view> allowed = {};  // path prefixes
  Except except = Except::nowhere;
};

// Files that meet exceptions: Task carries errors as one, and these wrap libraries that throw.
const std::vector<std::string_view> exceptions_meet{
    "src/core/task.hpp", "src/core/task.cpp", "src/core/concurrency.",
    "src/net/",          "src/json/",         "src/files/",
    "src/toml/",         "src/app/cli.cpp",   "src/http/server.",
};

const std::vector<Banned>& banned() {
  static const std::vector<Banned> list{
      {"throw", "co_await fail(…), or return fail(…)", exceptions_meet, Except::tests},
      {"catch", "attempt(), and Result", exceptions_meet, Except::tests},
      {"std::regex", "a small parser: this one is slow and overflows the stack", {}, Except::tests},
      {"sleep_for", "temps::sleep, which can be cancelled", {"src/runtime/shim"}, Except::tests},
      {"sleep_until", "temps::sleep, which can be cancelled", {}, Except::tests},
      {"usleep", "temps::sleep, which can be cancelled"},
      {"getenv",
       "a setting of src/settings",
       {"src/settings/", "src/app/", "src/process/environment.cpp"},
       Except::tests},
      {"setenv", "the environment of process::Command", {}, Except::tests},
      {"system(", "process, which takes arguments and no shell"},
      {"popen", "process, which takes arguments and no shell"},
      {"assert(", "ensure(), which stays on in every build"},
      {"using namespace std;", "std::, written out"},
      {"detach(", "a TaskGroup: nothing runs without an owner"},
      {"sprintf", "fmt::format"},
      {"strcpy", "std::string"},
      {"atoi", "parse_number of core/text.hpp"},
      {"std::stoi", "parse_number of core/text.hpp: this one throws", {}, Except::tests},
      {"std::stol", "parse_number of core/text.hpp: this one throws", {}, Except::tests},
      {"std::cout", "fmt::print, or the log", {}, Except::tests},
      {"std::endl", "a line feed"},
      {"rand(", "Random of core/random.hpp"},
      {"NULL", "nullptr"},
  };
  return list;
}

bool is_allowed(const Source& file, const Banned& rule) {
  if (rule.except == Except::tests && file.is_test()) return true;
  return std::ranges::any_of(rule.allowed,
                             [&](auto prefix) { return file.path.starts_with(prefix); });
}

void check_code(const Source& file, Findings& findings) {
  for (const auto& rule : banned()) {
    if (is_allowed(file, rule)) continue;
    for (const auto at : find_word(file.code, rule.word)) {
      findings.push_back({file.path, line_at(file.code, at),
                          fmt::format("`{}` is not used here; use {}", rule.word, rule.instead)});
    }
  }
}

// Split, so that this file does not break its own rule.
const std::array<std::string, 3> unfinished{std::string("FIX") + "ME", std::string("XX") + "X",
                                            std::string("TO") + "DO"};

void check_comments(const Source& file, Findings& findings) {
  for (const auto& word : unfinished) {
    for (const auto at : find_word(file.text, word)) {
      findings.push_back({file.path, line_at(file.text, at),
                          fmt::format("`{}`: finish it, or open an issue", word)});
    }
  }
  std::size_t number = 0;
  for (auto line : lines_of(file.text)) {
    ++number;
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    if (line.starts_with("// ==") || line.starts_with("// --") || line.starts_with("////")) {
      findings.push_back({file.path, number, "a banner; split the file, or let names speak"});
    }
  }
}

const std::array<std::string_view, 8> vague{"util",   "utils",   "helper", "helpers",
                                            "common", "manager", "misc",   "types"};

void check_path(const Source& file, Findings& findings) {
  std::string_view rest = file.path;
  while (!rest.empty()) {
    const auto end = std::min(rest.find_first_of("/._"), rest.size());
    if (std::ranges::find(vague, rest.substr(0, end)) != vague.end()) {
      findings.push_back(
          {file.path, 0,
           fmt::format("`{}` hides what is inside; name the idea", rest.substr(0, end))});
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
}

}  // namespace

Findings check_words(const Tree& tree) {
  Findings findings;
  for (const auto& file : tree.sources) {
    if (!file.is_cpp()) continue;
    check_code(file, findings);
    check_comments(file, findings);
  }
  return findings;
}

Findings check_names(const Tree& tree) {
  static const std::string machine = std::string("/wo") + "rk/";
  Findings findings;
  for (const auto& file : tree.sources) {
    if (file.path.starts_with("src/")) check_path(file, findings);
    for (const auto at : find_word(file.text, machine)) {
      findings.push_back(
          {file.path, line_at(file.text, at), "a path of one machine; make it relative"});
    }
  }
  return findings;
}

}  // namespace temps::tidy

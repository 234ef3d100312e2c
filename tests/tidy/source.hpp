// The source tree as the style rules see it.
#pragma once
#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace temps::tidy {

// A file. `code` is `text` with comments, the contents of literals and preprocessor lines blanked,
// so that both have the same lines and columns.
struct Source {
  std::string path;  // from the root of the repository
  std::string text;
  std::string code;

  [[nodiscard]] bool is_cpp() const;
  [[nodiscard]] bool is_header() const;
  // A unit, database or system test, a benchmark or a fuzz target.
  [[nodiscard]] bool is_test() const;
  // The folder under src/, or nothing.
  [[nodiscard]] std::string_view module() const;
};

Source source(std::string path, std::string text);

// What a module() call in a CMakeLists.txt says.
struct Module {
  std::string name;
  std::string floor;
  std::vector<std::string> depends;
  std::vector<std::string> test_depends;
};
using Modules = std::map<std::string, Module, std::less<>>;

Modules modules_of(std::string_view cmake);

struct Tree {
  std::vector<Source> sources;
  Modules modules;
};

// Reads every text file below `root` but what is built, fetched or git's own.
Tree read_tree(const std::filesystem::path& root);

enum class Weight { warning, error };

struct Finding {
  std::string path;
  std::size_t line;  // from 1; 0 for the whole file
  std::string message;
  Weight weight = Weight::error;
};
using Findings = std::vector<Finding>;

std::vector<std::string_view> lines_of(std::string_view text);
std::size_t line_at(std::string_view text, std::size_t offset);
// The offsets of `word` where no letter, digit or underscore touches it.
std::vector<std::size_t> find_word(std::string_view text, std::string_view word);

}  // namespace temps::tidy

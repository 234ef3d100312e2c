#include "tidy/source.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <fstream>
#include <iterator>
#include <sstream>
#include <utility>

namespace temps::tidy {
namespace {

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// Blanks everything that is not code, keeping line breaks.
class Blanking {
 public:
  explicit Blanking(std::string_view text) : text_(text), code_(text) {}

  std::string run() && {
    while (at_ < text_.size()) step();
    return std::move(code_);
  }

 private:
  [[nodiscard]] bool sees(std::string_view what) const {
    return text_.substr(at_).starts_with(what);
  }

  void blank(std::size_t end) {
    for (end = std::min(end, text_.size()); at_ < end; ++at_) {
      if (text_[at_] != '\n') code_[at_] = ' ';
    }
  }

  [[nodiscard]] std::size_t after(std::string_view what, std::size_t from) const {
    const auto found = text_.find(what, from);
    return found == std::string_view::npos ? text_.size() : found + what.size();
  }

  [[nodiscard]] bool at_line_start() const {
    const auto begin = text_.rfind('\n', at_ == 0 ? 0 : at_ - 1);
    const auto from = begin == std::string_view::npos || at_ == 0 ? 0 : begin + 1;
    return text_.substr(from, at_ - from).find_first_not_of(" \t") == std::string_view::npos;
  }

  void step() {
    if (sees("//")) return blank(text_.find('\n', at_));
    if (sees("/*")) return blank(after("*/", at_ + 2));
    if (text_[at_] == '#' && at_line_start()) return directive();
    if (sees("R\"") && (at_ == 0 || !is_word(text_[at_ - 1]))) return raw_string();
    // An apostrophe after a digit separates thousands.
    const bool separator = text_[at_] == '\'' && at_ > 0 && is_word(text_[at_ - 1]);
    if (text_[at_] == '"' || (text_[at_] == '\'' && !separator)) return literal(text_[at_]);
    ++at_;
  }

  void directive() {
    auto end = text_.find('\n', at_);
    while (end != std::string_view::npos && text_[end - 1] == '\\') end = text_.find('\n', end + 1);
    blank(end);
  }

  void raw_string() {
    const auto open = text_.find('(', at_);
    if (open == std::string_view::npos) return blank(text_.size());
    const auto close = ")" + std::string(text_.substr(at_ + 2, open - at_ - 2)) + "\"";
    blank(after(close, open));
  }

  // Keeps the quotes, for a literal is a value.
  void literal(char quote) {
    auto end = at_ + 1;
    while (end < text_.size() && text_[end] != quote && text_[end] != '\n') {
      end += text_[end] == '\\' ? 2 : 1;
    }
    ++at_;
    blank(end);
    if (at_ < text_.size() && text_[at_] == quote) ++at_;
  }

  std::string_view text_;
  std::string code_;
  std::size_t at_ = 0;
};

bool is_skipped(const std::filesystem::path& folder) {
  static constexpr std::array names{".git", "build", "node_modules", ".cache", "__pycache__"};
  return std::ranges::find(names, folder.filename().string()) != names.end();
}

}  // namespace

bool Source::is_cpp() const { return path.ends_with(".cpp") || is_header(); }

bool Source::is_header() const { return path.ends_with(".hpp"); }

bool Source::is_test() const {
  return path.starts_with("tests/") || path.ends_with("_test.cpp") ||
         path.ends_with("_bench.cpp") || path.ends_with("_fuzz.cpp") || path.starts_with("fuzz/") ||
         path.ends_with("_for_tests.hpp") || path.ends_with("_for_tests.cpp");
}

std::string_view Source::module() const {
  if (!path.starts_with("src/")) return {};
  const auto rest = std::string_view(path).substr(4);
  const auto slash = rest.find('/');
  return slash == std::string_view::npos ? std::string_view{} : rest.substr(0, slash);
}

Source source(std::string path, std::string text) {
  auto code = Blanking(text).run();
  return {std::move(path), std::move(text), std::move(code)};
}

Modules modules_of(std::string_view cmake) {
  Modules modules;
  for (const auto begin : find_word(cmake, "module")) {
    if (!cmake.substr(begin).starts_with("module(")) continue;
    const auto end = cmake.find(')', begin);
    std::istringstream words{std::string(cmake.substr(begin + 7, end - begin - 7))};
    Module module;
    words >> module.name;
    std::string key;
    for (std::string word; words >> word;) {
      if (word == "FLOOR" || word == "DEPENDS" || word == "LINK" || word == "TEST_DEPENDS") {
        key = word;
      } else if (key == "FLOOR") {
        module.floor = word;
      } else if (key == "DEPENDS") {
        module.depends.push_back(word);
      } else if (key == "TEST_DEPENDS") {
        module.test_depends.push_back(word);
      }
    }
    modules.emplace(module.name, module);
  }
  return modules;
}

Tree read_tree(const std::filesystem::path& root) {
  Tree tree;
  using Walk = std::filesystem::recursive_directory_iterator;
  for (auto entry = Walk(root); entry != Walk(); ++entry) {
    if (entry->is_directory() && is_skipped(entry->path())) entry.disable_recursion_pending();
    if (!entry->is_regular_file() || entry->is_symlink()) continue;
    std::ifstream file(entry->path(), std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(file), {}};
    if (text.find('\0') != std::string::npos) continue;
    auto path = entry->path().lexically_relative(root).generic_string();
    if (path.starts_with("src/") && path.ends_with("/CMakeLists.txt")) {
      tree.modules.merge(modules_of(text));
    }
    tree.sources.push_back(source(std::move(path), std::move(text)));
  }
  std::ranges::sort(tree.sources, {}, &Source::path);
  return tree;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::size_t line_at(std::string_view text, std::size_t offset) {
  const auto before = text.substr(0, offset);
  return 1 + static_cast<std::size_t>(std::ranges::count(before, '\n'));
}

std::vector<std::size_t> find_word(std::string_view text, std::string_view word) {
  std::vector<std::size_t> found;
  for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const auto end = at + word.size();
    const bool begins = at == 0 || !is_word(text[at - 1]) || !is_word(word.front());
    const bool ends = end == text.size() || !is_word(text[end]) || !is_word(word.back());
    if (begins && ends) found.push_back(at);
  }
  return found;
}

}  // namespace temps::tidy

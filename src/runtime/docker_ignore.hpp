// The rules of a .dockerignore file: which files of a source tree do not reach the engine.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace temps::runtime {

// One pattern as Docker understands it: '*' and '?' within a name, '**' across names, classes in
// brackets, '\' before a character that is meant itself.
class PathPattern {
 public:
  explicit PathPattern(std::string_view text);
  [[nodiscard]] bool matches(std::string_view path) const;

 private:
  enum class Kind : char { character, any, star, folders, anything, one_of, none_of };
  struct Token {
    Kind kind;
    std::string text{};
  };
  std::size_t read_class(std::string_view text);
  static bool accepts(const Token& token, char c);
  void follow(std::vector<bool>& states) const;
  std::vector<Token> tokens_;
};

class DockerIgnore {
 public:
  // Rules beyond this number are left out.
  static constexpr std::size_t rules_max = 1000;

  explicit DockerIgnore(std::string_view text);
  // The last rule that fits the path or a folder above it decides.
  [[nodiscard]] bool ignores(std::string_view path) const;
  [[nodiscard]] bool empty() const { return rules_.empty(); }

 private:
  struct Rule {
    PathPattern pattern;
    bool keeps;  // began with '!'
  };
  std::vector<Rule> rules_;
};

}  // namespace temps::runtime

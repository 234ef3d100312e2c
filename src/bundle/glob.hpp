// Patterns over paths as git understands them (gitignore(5), PATTERN FORMAT). Private to bundle.
#pragma once
#include <bitset>
#include <cstdint>
#include <string_view>
#include <vector>

namespace temps::bundle {

// '*' and '?' within a name, "**" as a whole name across names, classes in brackets, '\' before a
// character that is meant itself. Works on bytes. Takes time in proportion to pattern and path, or
// their product at worst.
class Glob {
 public:
  explicit Glob(std::string_view pattern);
  [[nodiscard]] bool matches(std::string_view path) const;

 private:
  enum class Kind : std::uint8_t {
    bytes,    // one of a set
    star,     // any number of bytes but '/'
    folders,  // "**/": nothing, or whole names with their '/'
    rest      // "**" at the end: anything
  };
  using Set = std::bitset<256>;
  struct Token {
    Kind kind;
    Set set{};
  };

  void add_one(char byte);
  // The number of bytes that the class takes; 0 where it has no end, so that nothing matches.
  std::size_t add_class(std::string_view pattern);
  std::size_t add_stars(std::string_view pattern, std::size_t at, bool at_first_special);

  std::vector<Token> tokens_;
  bool is_broken_ = false;
};

}  // namespace temps::bundle

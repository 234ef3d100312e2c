// Reads TOML 1.0 into Nodes; private to this module.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "toml/node.hpp"

namespace temps::toml {

// Tables and arrays in each other; the recursion is bounded by it.
inline constexpr std::size_t depth_max = 64;

class Reader {
 public:
  // `text` is UTF-8.
  explicit Reader(std::string_view text) : text_(text) {}

  // False when it is not TOML; where and why is then in `at` and `problem`.
  bool read(Node& root);

  [[nodiscard]] std::size_t at() const { return at_; }
  [[nodiscard]] const std::string& problem() const { return problem_; }

 private:
  using Key = std::vector<std::string>;

  bool refuse(std::string problem);
  [[nodiscard]] bool ends() const { return at_ >= text_.size(); }
  [[nodiscard]] char next() const { return ends() ? '\0' : text_[at_]; }
  bool take(std::string_view wanted);
  void skip_blanks();   // spaces and tabs
  bool skip_comment();  // of control characters, too, only tabs are allowed
  bool end_line();      // blanks, a comment, the line's end
  bool skip_lines();    // blanks, comments and line ends

  bool read_header(Node& root, Node*& current);
  bool open_table(Node& root, const Key& key, Node*& current);
  bool open_item(Node& root, const Key& key, Node*& current);
  Node* enter(Node& table, const std::string& name);

  bool read_assignment(Node& table, std::size_t depth);
  bool read_key(Key& key);
  bool read_value(Node& value, std::size_t depth);
  bool read_array(Node& value, std::size_t depth);
  bool read_inline_table(Node& value, std::size_t depth);
  bool read_bare(Node& value);

  bool read_string(std::string& out);  // one line, either quote
  bool read_long_string(std::string& out, char quote);
  bool read_escape(std::string& out);

  std::string_view text_;
  std::size_t at_ = 0;
  std::string problem_;
};

}  // namespace temps::toml

#include "dotenv/dotenv.hpp"

#include <algorithm>

#include "core/text.hpp"

namespace temps::dotenv {

namespace {

bool is_blank(char c) { return c == ' ' || c == '\t'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_part_of_name(char c) { return is_letter(c) || (c >= '0' && c <= '9'); }
bool is_quote(char c) { return c == '"' || c == '\'' || c == '`'; }

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {
    if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
  }

  Result<Variables> read() {
    Variables found;
    while (!is_at_end()) {
      skip_blanks();
      if (ends_line() || peek() == '#') {
        skip_line();
        continue;
      }
      if (auto read = read_one(found); !read) return fail(read.error());
      if (found.size() > variables_max) return wrong("there are too many variables");
    }
    return found;
  }

 private:
  [[nodiscard]] bool is_at_end() const { return at_ >= text_.size(); }
  [[nodiscard]] char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  // A line ends with \n, \r\n, or a lone \r as of old.
  [[nodiscard]] bool ends_line() const { return is_at_end() || peek() == '\n' || peek() == '\r'; }

  void skip_blanks() {
    while (!is_at_end() && is_blank(peek())) ++at_;
  }
  void skip_line() {
    while (!ends_line()) ++at_;
    skip_newline();
  }
  void skip_newline() {
    if (is_at_end()) return;
    if (peek() == '\r' && peek(1) == '\n') ++at_;
    ++at_;
    ++line_;
  }

  [[nodiscard]] std::unexpected<Error> wrong(std::string_view what) const {
    return fail(errors::bad_file, "line {}: {}", line_, what);
  }

  std::string_view read_name() {
    const auto start = at_;
    if (!is_at_end() && is_letter(peek())) {
      while (!is_at_end() && is_part_of_name(peek())) ++at_;
    }
    return text_.substr(start, at_ - start);
  }

  Result<> read_one(Variables& found) {
    auto name = read_name();
    const bool has_more = is_blank(peek());
    skip_blanks();
    if (name == "export" && has_more && peek() != '=') {
      name = read_name();
      skip_blanks();
    }
    if (name.empty() || is_at_end() || peek() != '=') {
      return wrong("this is not NAME=value, with a name of letters, digits and _");
    }
    ++at_;
    skip_blanks();
    const auto line = line_;
    auto value = !is_at_end() && is_quote(peek()) ? read_quoted() : read_plain();
    if (!value) return fail(value.error());
    if (value->contains('\0')) {
      line_ = line;
      return wrong("the value has a zero byte");
    }
    found[std::string(name)] = std::move(*value);
    return {};
  }

  // Up to the end of the line, or to a comment behind a blank.
  Result<std::string> read_plain() {
    const auto start = at_;
    while (!ends_line() && (peek() != '#' || at_ == start || !is_blank(text_[at_ - 1]))) ++at_;
    std::string value(trimmed(text_.substr(start, at_ - start)));
    // "A= # comment": the blank before it was skipped.
    if (value.starts_with('#') && start > 0 && is_blank(text_[start - 1])) value.clear();
    skip_line();
    return value;
  }

  Result<std::string> read_quoted() {
    const char quote = peek();
    const auto first_line = line_;
    ++at_;
    std::string value;
    while (!is_at_end() && peek() != quote) {
      if (peek() == '\n' || peek() == '\r') {
        skip_newline();
        value += '\n';
      } else if (quote == '"' && peek() == '\\') {
        take_escape(value);
      } else {
        value += peek();
        ++at_;
      }
    }
    if (is_at_end()) {
      line_ = first_line;
      return wrong("the quote that begins here has no end");
    }
    ++at_;
    skip_blanks();
    if (!ends_line() && peek() != '#') {
      return wrong("something follows the closing quote; write \\\" inside of double quotes");
    }
    skip_line();
    return value;
  }

  void take_escape(std::string& value) {
    const char next = peek(1);
    static constexpr std::string_view known = "nrt\"\\$";
    static constexpr std::string_view meant = "\n\r\t\"\\$";
    const auto which = next == '\0' ? std::string_view::npos : known.find(next);
    if (which == std::string_view::npos) {
      value += '\\';
      ++at_;
    } else {
      value += meant[which];
      at_ += 2;
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
};

bool is_plain(std::string_view value) {
  return std::ranges::all_of(value, [](char c) {
    return is_part_of_name(c) || std::string_view("-./:@+,%=?&").contains(c);
  });
}

}  // namespace

Result<Variables> parse(std::string_view text) {
  if (text.size() > file_bytes_max) {
    return fail(errors::bad_file, "it has more than {}", human_bytes(file_bytes_max));
  }
  return Reader(text).read();
}

std::string write(const Variables& variables) {
  std::string text;
  for (const auto& [name, value] : variables) {
    text += name + "=";
    if (is_plain(value)) {
      text += value;
    } else {
      text += '"';
      for (const char c : value) {
        static constexpr std::string_view special = "\n\r\t\"\\$";
        static constexpr std::string_view letters = "nrt\"\\$";
        const auto which = c == '\0' ? std::string_view::npos : special.find(c);
        if (which != std::string_view::npos) text += '\\';
        text += which == std::string_view::npos ? c : letters[which];
      }
      text += '"';
    }
    text += '\n';
  }
  return text;
}

}  // namespace temps::dotenv

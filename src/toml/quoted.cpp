// Strings in their four forms.
#include <string>
#include <string_view>

#include "toml/reader.hpp"
#include "toml/scalar.hpp"

namespace temps::toml {
namespace {

bool is_control(char c) { return (static_cast<unsigned char>(c) < ' ' && c != '\t') || c == 127; }

}  // namespace

bool Reader::read_string(std::string& out) {
  const char quote = next();
  ++at_;
  while (!ends()) {
    const char c = next();
    if (c == quote) {
      ++at_;
      return true;
    }
    if (is_control(c)) break;
    if (c == '\\' && quote == '"') {
      if (!read_escape(out)) return false;
      continue;
    }
    out += c;
    ++at_;
  }
  return refuse("the text does not end on its line");
}

bool Reader::read_escape(std::string& out) {
  constexpr std::string_view letters = "btnfr\"\\";
  constexpr std::string_view meanings = "\b\t\n\f\r\"\\";
  const auto begin = at_;
  ++at_;
  const char letter = next();
  const auto known = letters.find(letter);
  if (!ends() && known != std::string_view::npos) {
    out += meanings[known];
    ++at_;
    return true;
  }
  const std::size_t digits = letter == 'u' ? 4 : letter == 'U' ? 8 : 0;
  const auto number = text_.substr(at_).substr(0, digits + 1);
  if (digits > 0 && number.size() == digits + 1 && append_code_point(number.substr(1), out)) {
    at_ += number.size();
    return true;
  }
  at_ = begin;
  return refuse("an unknown escape; write \\\\ for a backslash");
}

// Stands after the three opening quotes. A line end right there is left out.
bool Reader::read_long_string(std::string& out, char quote) {
  const std::string end(3, quote);
  if (!take("\n")) take("\r\n");
  while (!ends()) {
    if (text_.substr(at_).starts_with(end)) {
      at_ += end.size();
      // Up to two more quotes belong to the text.
      for (int i = 0; i < 2 && next() == quote; ++i, ++at_) out += quote;
      return true;
    }
    const char c = next();
    if (c == '\\' && quote == '"') {
      const auto rest = text_.find_first_not_of(" \t", at_ + 1);
      const bool continues = rest != std::string_view::npos &&
                             (text_[rest] == '\n' || text_.substr(rest).starts_with("\r\n"));
      if (continues) {
        at_ = std::min(text_.find_first_not_of(" \t\r\n", rest), text_.size());
      } else if (!read_escape(out)) {
        return false;
      }
      continue;
    }
    if (is_control(c) && c != '\n' && !text_.substr(at_).starts_with("\r\n")) {
      return refuse("a control character in a text");
    }
    out += c;
    ++at_;
  }
  return refuse("the text does not end");
}

}  // namespace temps::toml

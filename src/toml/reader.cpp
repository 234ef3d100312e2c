#include "toml/reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "json/json.hpp"
#include "toml/scalar.hpp"

namespace temps::toml {
namespace {

bool is_bare_key_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-';
}

Node table_of(Origin origin) { return Node{.kind = Node::Kind::table, .origin = origin}; }

}  // namespace

bool Reader::refuse(std::string problem) {
  if (problem_.empty()) problem_ = std::move(problem);
  return false;
}

bool Reader::take(std::string_view wanted) {
  if (!text_.substr(at_).starts_with(wanted)) return false;
  at_ += wanted.size();
  return true;
}

void Reader::skip_blanks() {
  while (next() == ' ' || next() == '\t') ++at_;
}

bool Reader::skip_comment() {
  if (next() != '#') return true;
  while (!ends() && next() != '\n' && !text_.substr(at_).starts_with("\r\n")) {
    if ((static_cast<unsigned char>(next()) < ' ' && next() != '\t') || next() == 127) {
      return refuse("a control character in a comment");
    }
    ++at_;
  }
  return true;
}

bool Reader::end_line() {
  skip_blanks();
  if (!skip_comment()) return false;
  return ends() || take("\n") || take("\r\n") || refuse("expected the end of the line");
}

bool Reader::skip_lines() {
  while (true) {
    skip_blanks();
    if (!skip_comment()) return false;
    if (!take("\n") && !take("\r\n")) return true;
  }
}

bool Reader::read(Node& root) {
  root = table_of(Origin::header);
  Node* current = &root;
  std::size_t depth = 1;
  while (skip_lines() && !ends()) {
    const bool header = next() == '[';
    if (header ? !read_header(root, current) : !read_assignment(*current, depth)) return false;
    // What stands below a header is as deep as its key is long, at most.
    if (header) depth = depth_max / 2;
    if (!end_line()) return false;
  }
  return problem_.empty();
}

bool Reader::read_header(Node& root, Node*& current) {
  const bool repeated = take("[[");
  if (!repeated) take("[");
  Key key;
  skip_blanks();
  if (!read_key(key)) return false;
  skip_blanks();
  if (!take(repeated ? "]]" : "]")) return refuse(repeated ? "expected ]]" : "expected ]");
  if (key.size() >= depth_max / 2) return refuse("the tables are nested too deeply");
  return repeated ? open_item(root, key, current) : open_table(root, key, current);
}

// The table `name` of `table`, made if it is not there; of [[name]] the last item. Null for what
// cannot have members of its own.
Node* Reader::enter(Node& table, const std::string& name) {
  auto& found = table.members.try_emplace(name, table_of(Origin::implied)).first->second;
  if (found.kind == Node::Kind::array && found.origin == Origin::repeated) {
    return &found.items.back();
  }
  if (found.kind == Node::Kind::table && found.origin != Origin::literal) return &found;
  refuse(fmt::format("\"{}\" is no table that can be added to", name));
  return nullptr;
}

bool Reader::open_table(Node& root, const Key& key, Node*& current) {
  Node* table = &root;
  for (std::size_t i = 0; i + 1 < key.size() && table != nullptr; ++i)
    table = enter(*table, key[i]);
  if (table == nullptr) return false;
  const auto [place, is_new] = table->members.try_emplace(key.back(), table_of(Origin::header));
  auto& found = place->second;
  const bool implied = found.kind == Node::Kind::table && found.origin == Origin::implied;
  if (!is_new && !implied) return refuse(fmt::format("\"{}\" is there already", key.back()));
  found.origin = Origin::header;
  current = &found;
  return true;
}

bool Reader::open_item(Node& root, const Key& key, Node*& current) {
  Node* table = &root;
  for (std::size_t i = 0; i + 1 < key.size() && table != nullptr; ++i)
    table = enter(*table, key[i]);
  if (table == nullptr) return false;
  auto& found =
      table->members
          .try_emplace(key.back(), Node{.kind = Node::Kind::array, .origin = Origin::repeated})
          .first->second;
  if (found.kind != Node::Kind::array || found.origin != Origin::repeated) {
    return refuse(fmt::format("\"{}\" is there already", key.back()));
  }
  found.items.push_back(table_of(Origin::header));
  current = &found.items.back();
  return true;
}

bool Reader::read_assignment(Node& table, std::size_t depth) {
  Key key;
  if (!read_key(key)) return false;
  skip_blanks();
  if (!take("=")) return refuse("expected = after the key");
  skip_blanks();
  if (depth + key.size() > depth_max) return refuse("the tables are nested too deeply");
  Node* owner = &table;
  for (std::size_t i = 0; i + 1 < key.size(); ++i) {
    auto& inner = owner->members.try_emplace(key[i], table_of(Origin::dotted)).first->second;
    const bool open = inner.kind == Node::Kind::table &&
                      (inner.origin == Origin::dotted || inner.origin == Origin::implied);
    if (!open) return refuse(fmt::format("\"{}\" is no table that can be added to", key[i]));
    owner = &inner;
  }
  const auto [place, is_new] = owner->members.try_emplace(key.back());
  if (!is_new) return refuse(fmt::format("\"{}\" is there already", key.back()));
  return read_value(place->second, depth + key.size());
}

bool Reader::read_key(Key& key) {
  while (true) {
    std::string part;
    if (next() == '"' || next() == '\'') {
      if (!read_string(part)) return false;
    } else {
      const auto begin = at_;
      while (!ends() && is_bare_key_character(next())) ++at_;
      part = text_.substr(begin, at_ - begin);
      if (part.empty()) return refuse("expected a key");
    }
    key.push_back(std::move(part));
    if (key.size() > depth_max) return refuse("the tables are nested too deeply");
    const auto end = at_;
    skip_blanks();
    if (!take(".")) {
      at_ = end;
      return true;
    }
    skip_blanks();
  }
}

bool Reader::read_value(Node& value, std::size_t depth) {
  value.origin = Origin::literal;
  if (depth > depth_max) return refuse("the values are nested too deeply");
  if (next() == '[') return read_array(value, depth);
  if (next() == '{') return read_inline_table(value, depth);
  value.kind = Node::Kind::scalar;
  if (next() != '"' && next() != '\'') return read_bare(value);
  std::string text;
  const char quote = next();
  const std::string long_quote(3, quote);
  if (take(long_quote) ? !read_long_string(text, quote) : !read_string(text)) return false;
  value.json = json::quote(text);
  return true;
}

bool Reader::read_bare(Node& value) {
  const auto end_of = [this](std::size_t from) {
    return std::min(text_.find_first_of(" \t\r\n,]}#=\"'[{", from), text_.size());
  };
  const auto begin = at_;
  at_ = end_of(begin);
  // A date and a time may have a space in between.
  if (at_ - begin == 10 && next() == ' ' && text_[begin + 4] == '-' && at_ + 3 < text_.size() &&
      text_[at_ + 3] == ':') {
    at_ = end_of(at_ + 1);
  }
  const auto text = text_.substr(begin, at_ - begin);
  auto json = bare_value(text);
  if (json) {
    value.json = std::move(*json);
    return true;
  }
  at_ = begin;
  return refuse(text.empty()
                    ? "expected a value"
                    : fmt::format("\"{}\" is no value; text needs quotes", text.substr(0, 40)));
}

bool Reader::read_array(Node& value, std::size_t depth) {
  value.kind = Node::Kind::array;
  take("[");
  while (true) {
    if (!skip_lines()) return false;
    if (take("]")) return true;
    if (!read_value(value.items.emplace_back(), depth + 1) || !skip_lines()) return false;
    if (take("]")) return true;
    if (!take(",")) return refuse("expected , or ]");
  }
}

bool Reader::read_inline_table(Node& value, std::size_t depth) {
  value.kind = Node::Kind::table;
  take("{");
  skip_blanks();
  if (take("}")) return true;
  while (true) {
    skip_blanks();
    if (!read_assignment(value, depth)) return false;
    skip_blanks();
    if (take("}")) return true;
    if (!take(",")) return refuse("expected , or }");
  }
}

}  // namespace temps::toml

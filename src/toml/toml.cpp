#include "toml/toml.hpp"

#define TOML_EXCEPTIONS 0
#include <fmt/format.h>
#include <toml++/toml.h>

#include <cmath>
#include <sstream>
#include <string>
#include <type_traits>
#include <utility>

namespace temps::toml {
namespace {

void write(std::string& out, const ::toml::node& node);

void write_table(std::string& out, const ::toml::table& table) {
  out += '{';
  bool first = true;
  for (const auto& [key, value] : table) {
    if (!std::exchange(first, false)) out += ',';
    out += json::quote(key.str());
    out += ':';
    write(out, value);
  }
  out += '}';
}

void write_array(std::string& out, const ::toml::array& array) {
  out += '[';
  bool first = true;
  for (const auto& item : array) {
    if (!std::exchange(first, false)) out += ',';
    write(out, item);
  }
  out += ']';
}

// The library bounds the nesting (TOML_MAX_NESTED_VALUES), so this recursion is bounded, too.
void write(std::string& out, const ::toml::node& node) {
  node.visit([&out](const auto& value) {
    using Node = std::remove_cvref_t<decltype(value)>;
    if constexpr (std::is_same_v<Node, ::toml::table>) {
      write_table(out, value);
    } else if constexpr (std::is_same_v<Node, ::toml::array>) {
      write_array(out, value);
    } else if constexpr (std::is_same_v<Node, ::toml::value<std::string>>) {
      out += json::quote(value.get());
    } else if constexpr (std::is_same_v<Node, ::toml::value<bool>> ||
                         std::is_same_v<Node, ::toml::value<std::int64_t>> ||
                         std::is_same_v<Node, ::toml::value<double>>) {
      out += json::encode(value.get());
    } else {
      std::ostringstream text;
      text << value.get();
      out += json::quote(text.str());
    }
  });
}

}  // namespace

Result<json::Value> parse(std::string_view text, const json::Limits& limits) {
  if (text.size() > limits.size_bytes_max) {
    return fail(errors::too_large, "the TOML has {} bytes, at most {} are read", text.size(),
                limits.size_bytes_max);
  }
  const auto parsed = ::toml::parse(text);
  if (!parsed) {
    const auto& where = parsed.error().source().begin;
    return fail(errors::syntax, "line {}, column {}: {}", where.line, where.column,
                parsed.error().description());
  }
  std::string out;
  write_table(out, parsed.table());
  // Escapes make the text longer, never more than sixfold.
  auto as_json = limits;
  as_json.size_bytes_max = out.size();
  return json::decode<json::Value>(out, as_json);
}

}  // namespace temps::toml

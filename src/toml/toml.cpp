#include "toml/toml.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "core/text.hpp"
#include "toml/reader.hpp"

namespace temps::toml {
namespace {

// The reader bounds the depth.
void write(std::string& out, const Node& node) {
  bool first = true;
  switch (node.kind) {
    case Node::Kind::scalar:
      out += node.json;
      break;
    case Node::Kind::array:
      out += '[';
      for (const auto& item : node.items) {
        if (!std::exchange(first, false)) out += ',';
        write(out, item);
      }
      out += ']';
      break;
    case Node::Kind::table:
      out += '{';
      for (const auto& [name, value] : node.members) {
        if (!std::exchange(first, false)) out += ',';
        out += json::quote(name);
        out += ':';
        write(out, value);
      }
      out += '}';
      break;
  }
}

std::unexpected<Error> refusal(std::string_view text, std::size_t at, std::string_view problem) {
  const auto before = text.substr(0, at);
  const auto line = std::ranges::count(before, '\n') + 1;
  const auto column = at - (before.rfind('\n') + 1) + 1;  // npos + 1 is the beginning
  return fail(errors::syntax, "line {}, column {}: {}", line, column, problem);
}

}  // namespace

Result<json::Value> parse(std::string_view text, const json::Limits& limits) {
  if (text.size() > limits.size_bytes_max) {
    return fail(errors::too_large, "the TOML has {} bytes, at most {} are read", text.size(),
                limits.size_bytes_max);
  }
  if (!is_utf8(text)) return fail(errors::syntax, "the text is not UTF-8");
  Reader reader(text);
  Node root;
  if (!reader.read(root)) return refusal(text, reader.at(), reader.problem());
  std::string out;
  write(out, root);
  // Escapes make the text longer, never more than sixfold.
  auto as_json = limits;
  as_json.size_bytes_max = std::max(out.size(), limits.size_bytes_max);
  return json::decode<json::Value>(out, as_json);
}

}  // namespace temps::toml

#include "http/masking.hpp"

#include <algorithm>
#include <array>

#include "core/login_mask.hpp"
#include "core/text.hpp"
#include "json/json.hpp"

namespace temps::http {
namespace {

using json::Kind;
using json::Node;

constexpr std::string_view mask = R"("****")";
constexpr json::Limits limits{.size_bytes_max = 64U << 20U};

bool sounds_secret(std::string_view spelled) {
  const auto name = lowered(spelled);
  constexpr std::array endings{"token",          "password",      "secret",     "passphrase",
                               "recovery_codes", "api_key",       "access_key", "cookie",
                               "link",           "authorization", "otpauth_uri"};
  if (name == "key" || name == "private_key") return true;
  return std::ranges::any_of(endings,
                             [&name](std::string_view end) { return name.ends_with(end); });
}

// PostgreSQL has no zero character in its texts.
std::string without_zeros(std::string_view text) {
  return replaced(text, std::string_view("\0", 1), "\xEF\xBF\xBD");
}

// A schema may be missing.
Node part_of(Node schema, std::string_view name) { return schema ? schema.find(name) : Node{}; }

bool is_password(Node schema) {
  const auto format = part_of(schema, "format");
  return format && format.kind() == Kind::string && format.string() == "password";
}

Node member_schema(Node schema, std::string_view name) {
  if (const auto found = part_of(part_of(schema, "properties"), name)) return found;
  return part_of(schema, "additionalProperties");
}

// {"kind": "secret", "value": "…"}, {"name": "API_TOKEN", "value": "…"}
bool tells_secret(Node object) {
  const auto kind = object.find("kind");
  const auto name = object.find("name");
  if (name && name.kind() == Kind::string && sounds_secret(name.string())) return true;
  const auto flag = object.find("secret");
  return (kind && kind.kind() == Kind::string && kind.string() == "secret") ||
         (flag && flag.kind() == Kind::boolean && flag.boolean());
}

// What stands around a value: its schema, which may be none, and whether its name gives it away.
struct Context {
  Node schema;
  bool is_secret = false;
};

void write(std::string& out, Node node, const Context& context);

void write_members(std::string& out, Node node, const Context& context) {
  const bool hides_value = tells_secret(node);
  out += '{';
  for (auto child = node.first(); child; child = child.next()) {
    if (out.back() != '{') out += ',';
    out += json::quote(without_zeros(child.key())) + ':';
    const bool hidden = sounds_secret(child.key()) || (hides_value && child.key() == "value");
    write(out, child, {member_schema(context.schema, child.key()), hidden});
  }
  out += '}';
}

void write_items(std::string& out, Node node, const Context& context) {
  const auto items = part_of(context.schema, "items");
  out += '[';
  for (auto child = node.first(); child; child = child.next()) {
    if (out.back() != '[') out += ',';
    write(out, child, {items, context.is_secret});
  }
  out += ']';
}

void write(std::string& out, Node node, const Context& context) {
  if (is_password(context.schema)) {
    out += node.kind() == Kind::null ? "null" : mask;
    return;
  }
  switch (node.kind()) {
    case Kind::object:
      return write_members(out, node, context);
    case Kind::array:
      return write_items(out, node, context);
    case Kind::string:
      out += context.is_secret ? std::string(mask)
                               : json::quote(without_logins(without_zeros(node.string())));
      return;
    case Kind::null:
    case Kind::boolean:
      out += node.source();
      return;
    default:
      out += context.is_secret ? mask : node.source();
  }
}

}  // namespace

std::string masked(std::string_view text, std::string_view schema) {
  const auto document = json::parse(text, limits);
  if (!document) return {};
  const auto described = json::parse(schema, limits);
  std::string out;
  write(out, json::root(**document), {described ? json::root(**described) : Node{}});
  return out;
}

}  // namespace temps::http

#include "json/write.hpp"

#include <fmt/format.h>

#include <cmath>
#include <iterator>

#include "core/text.hpp"

namespace temps::json {

std::string quote(std::string_view text) {
  std::string out;
  detail::write_string(out, text);
  return out;
}

namespace detail {

namespace {

void write_escaped(std::string& out, char c) {
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned char>(c));
  }
}

}  // namespace

void write_string(std::string& out, std::string_view text) {
  if (!is_utf8(text)) return write_string(out, to_utf8(text));
  out += '"';
  std::size_t plain = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto c = text[at];
    if (static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\' && c != 0x7F) continue;
    out += text.substr(plain, at - plain);
    write_escaped(out, c);
    plain = at + 1;
  }
  out += text.substr(plain);
  out += '"';
}

void write_integer(std::string& out, std::int64_t value) {
  fmt::format_to(std::back_inserter(out), "{}", value);
}

void write_large_integer(std::string& out, std::uint64_t value) {
  fmt::format_to(std::back_inserter(out), "{}", value);
}

void write_number(std::string& out, double value) {
  if (!std::isfinite(value)) {
    out += "null";
  } else {
    fmt::format_to(std::back_inserter(out), "{}", value);
  }
}

void write_key(std::string& out, std::string_view name) {
  if (!out.empty() && out.back() != '{') out += ',';
  write_string(out, name);
  out += ':';
}

}  // namespace detail
}  // namespace temps::json

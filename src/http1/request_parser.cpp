#include <array>
#include <cstdint>

#include "core/text.hpp"
#include "http1/http1.hpp"

namespace temps::http1 {
namespace {

constexpr std::size_t method_bytes_max = 32;
// Method, target, version, two spaces and CRLF.
constexpr std::size_t beside_target = method_bytes_max + 8 + 2 + 2;

bool is_target_character(char c) { return c > 0x20 && c < 0x7f && c != '#'; }

bool is_host_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_';
}

bool is_ipv6_character(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':' ||
         c == '.';
}

bool is_port(std::string_view port) {
  const auto number = parse_number<std::uint32_t>(port);
  constexpr std::uint32_t port_max = 65535;
  return port.empty() || (port.size() <= 5 && number && *number <= port_max);
}

bool starts_with_ignoring_case(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() && equal_ignoring_case(text.substr(0, prefix.size()), prefix);
}

}  // namespace

Method method_of(std::string_view text) {
  static constexpr std::array<std::string_view, 9> names{
      "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"};
  for (std::size_t i = 0; i < names.size(); ++i)
    if (text == names[i]) return static_cast<Method>(i);
  return Method::other;
}

bool split_authority(std::string_view authority, std::string_view& host, std::string_view& port) {
  constexpr std::size_t host_bytes_max = 255;
  std::size_t end = 0;
  if (authority.starts_with('[')) {
    end = authority.find(']');
    if (end == std::string_view::npos || end < 3) return false;
    for (const char c : authority.substr(1, end - 1))
      if (!is_ipv6_character(c)) return false;
    ++end;
  } else {
    while (end < authority.size() && is_host_character(authority[end])) ++end;
    if (end == 0 || authority.front() == '.') return false;
  }
  host = authority.substr(0, end);
  if (host.size() > host_bytes_max || host.find("..") != std::string_view::npos) return false;
  const auto rest = authority.substr(end);
  if (!rest.empty() && rest.front() != ':') return false;
  port = rest.empty() ? rest : rest.substr(1);
  return is_port(port);
}

void RequestParser::reset() {
  clear(head_.fields);
  static_cast<Derived&>(head_) = {};
  head_.method = Method::other;
  head_.method_text = head_.target = head_.path = head_.query = {};
  head_.authority = head_.host = head_.port = {};
  head_.has_query = head_.expect_continue = false;
}

Progress RequestParser::feed(std::string_view buffer) {
  if (state_ != Progress::need_more) return state_;
  if (const auto distance = rebase(buffer, head_.fields); distance != 0 && !head_.target.empty()) {
    head_.method_text = {head_.method_text.data() + distance, head_.method_text.size()};
    head_.target = {head_.target.data() + distance, head_.target.size()};
  }
  for (;;) {
    const auto [kind, line] = next_line(buffer, limits_.target_bytes + beside_target);
    switch (kind) {
      case Line::none:
        return Progress::need_more;
      case Line::failed:
        return state_;
      case Line::start:
        if (!start_line(line)) return state_;
        break;
      case Line::field:
        if (!add_field(line, head_.fields)) return state_;
        break;
      case Line::end:
        return finish();
    }
  }
}

bool RequestParser::start_line(std::string_view line) {
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (first == std::string_view::npos || first == last)
    return fail(400, "The request line is not \"method target version\""), false;
  const auto version = line.substr(last + 1);
  head_.method_text = line.substr(0, first);
  head_.target = line.substr(first + 1, last - first - 1);
  if (!is_token(head_.method_text)) return fail(400, "The method is not a token"), false;
  if (head_.target.empty()) return fail(400, "The request target is empty"), false;
  for (const char c : head_.target)
    if (!is_target_character(c))
      return fail(400, "The request target has a character that is not allowed"), false;
  const bool shaped = version.size() == 8 && version.starts_with("HTTP/") && version[5] >= '0' &&
                      version[5] <= '9' && version[6] == '.' && version[7] >= '0' &&
                      version[7] <= '9';
  if (!shaped) return fail(400, "The HTTP version is not understood"), false;
  if (version[5] != '1' || version[7] > '1')
    return fail(505, "Only HTTP/1.1 and HTTP/1.0 are spoken here"), false;
  head_.minor_version = version[7] - '0';
  if (head_.method_text.size() > method_bytes_max)
    return fail(501, "The method is not supported"), false;
  if (head_.target.size() > limits_.target_bytes)
    return fail(414, "The request target is too long"), false;
  head_.method = method_of(head_.method_text);
  return true;
}

void RequestParser::split_path(std::string_view path_and_query) {
  const auto question = path_and_query.find('?');
  head_.path = path_and_query.substr(0, question);
  if (question != std::string_view::npos) {
    head_.query = path_and_query.substr(question + 1);
    head_.has_query = true;
  }
  if (head_.path.empty()) head_.path = "/";
}

bool RequestParser::split_absolute(std::string_view rest) {
  const auto end = rest.find_first_of("/?");
  head_.authority = rest.substr(0, end);
  split_path(end == std::string_view::npos ? std::string_view{} : rest.substr(end));
  return split_authority(head_.authority, head_.host, head_.port);
}

bool RequestParser::split_target() {
  const auto target = head_.target;
  if (head_.method == Method::connect) {
    head_.authority = target;
    return split_authority(target, head_.host, head_.port) && !head_.port.empty();
  }
  if (target.front() == '/') {
    split_path(target);
    return true;
  }
  if (target == "*") {
    head_.path = target;
    return head_.method == Method::options;
  }
  if (starts_with_ignoring_case(target, "http://")) return split_absolute(target.substr(7));
  if (starts_with_ignoring_case(target, "https://")) return split_absolute(target.substr(8));
  return false;
}

Progress RequestParser::finish() {
  std::string_view host;
  std::string_view port;
  const auto hosts = head_.fields.count(FieldId::host);
  const auto authority = head_.fields.value(FieldId::host);
  if (hosts > 1) return fail(400, "Host is given twice");
  if (hosts == 0 && head_.minor_version >= 1) return fail(400, "Host is missing");
  if (hosts == 1 && !split_authority(authority, host, port))
    return fail(400, "Host is not a valid name");
  if (!split_target()) return fail(400, "The request target is not understood");
  // RFC 9112 §3.2.2: an absolute target wins over Host.
  if (head_.authority.empty()) {
    head_.authority = authority;
    head_.host = host;
    head_.port = port;
  }
  if (!derive(head_.fields, head_)) return state_;
  if (const auto* expect = head_.fields.find(FieldId::expect);
      expect != nullptr && head_.minor_version >= 1) {
    if (!equal_ignoring_case(expect->value, "100-continue"))
      return fail(417, "Only the expectation 100-continue is supported");
    head_.expect_continue =
        head_.framing != Framing::none && !(head_.has_content_length && head_.content_length == 0);
  }
  return state_ = Progress::complete;
}

}  // namespace temps::http1

#include <array>
#include <utility>

#include "http1/http1.hpp"

namespace temps::http1 {
namespace {

constexpr std::size_t status_line_max = 4096;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_reason(std::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && byte != '\t') || byte == 0x7f) return false;
  }
  return true;
}

}  // namespace

void ResponseParser::reset() {
  clear(head_.fields);
  static_cast<Derived&>(head_) = {};
  head_.status = 0;
  head_.reason = {};
}

Progress ResponseParser::feed(std::string_view buffer, Method request) {
  if (state_ != Progress::need_more) return state_;
  if (const auto distance = rebase(buffer, head_.fields); distance != 0 && !head_.reason.empty())
    head_.reason = {head_.reason.data() + distance, head_.reason.size()};
  for (;;) {
    const auto [kind, line] = next_line(buffer, status_line_max);
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
        return finish(request);
    }
  }
}

// "HTTP/1.1 200 OK"; the reason, and the space before it, may be missing.
bool ResponseParser::start_line(std::string_view line) {
  constexpr std::string_view prefix = "HTTP/1.";
  const bool shaped = line.size() >= 12 && line.starts_with(prefix) &&
                      (line[7] == '0' || line[7] == '1') && line[8] == ' ' && is_digit(line[9]) &&
                      is_digit(line[10]) && is_digit(line[11]) &&
                      (line.size() == 12 || line[12] == ' ');
  if (!shaped) return fail(502, "The status line is not that of HTTP/1.1 or 1.0"), false;
  head_.minor_version = line[7] - '0';
  head_.status = (line[9] - '0') * 100 + (line[10] - '0') * 10 + (line[11] - '0');
  if (head_.status < 100) return fail(502, "The status is not a number from 100 up"), false;
  head_.reason = line.size() > 13 ? line.substr(13) : std::string_view{};
  if (!is_reason(head_.reason)) return fail(502, "The reason has a control character"), false;
  return true;
}

// RFC 9112 §6.3.
Progress ResponseParser::finish(Method request) {
  if (!derive(head_.fields, head_)) return fail(502, failure_.reason);
  const bool interim = head_.status < 200;
  const bool tunnel = request == Method::connect && head_.status >= 200 && head_.status < 300;
  if (request == Method::head || interim || head_.status == 204 || head_.status == 304 || tunnel) {
    head_.framing = Framing::none;
  } else if (head_.framing == Framing::none) {
    head_.framing = Framing::until_close;
    head_.keep_alive = false;
  }
  return state_ = Progress::complete;
}

std::string_view reason_phrase(int status) {
  static constexpr std::array<std::pair<int, std::string_view>, 44> phrases{{
      {100, "Continue"},
      {101, "Switching Protocols"},
      {103, "Early Hints"},
      {200, "OK"},
      {201, "Created"},
      {202, "Accepted"},
      {204, "No Content"},
      {205, "Reset Content"},
      {206, "Partial Content"},
      {207, "Multi-Status"},
      {300, "Multiple Choices"},
      {301, "Moved Permanently"},
      {302, "Found"},
      {303, "See Other"},
      {304, "Not Modified"},
      {307, "Temporary Redirect"},
      {308, "Permanent Redirect"},
      {400, "Bad Request"},
      {401, "Unauthorized"},
      {402, "Payment Required"},
      {403, "Forbidden"},
      {404, "Not Found"},
      {405, "Method Not Allowed"},
      {406, "Not Acceptable"},
      {408, "Request Timeout"},
      {409, "Conflict"},
      {410, "Gone"},
      {411, "Length Required"},
      {412, "Precondition Failed"},
      {413, "Content Too Large"},
      {414, "URI Too Long"},
      {415, "Unsupported Media Type"},
      {416, "Range Not Satisfiable"},
      {417, "Expectation Failed"},
      {422, "Unprocessable Content"},
      {429, "Too Many Requests"},
      {431, "Request Header Fields Too Large"},
      {500, "Internal Server Error"},
      {501, "Not Implemented"},
      {502, "Bad Gateway"},
      {503, "Service Unavailable"},
      {504, "Gateway Timeout"},
      {505, "HTTP Version Not Supported"},
      {507, "Insufficient Storage"},
  }};
  for (const auto& [code, phrase] : phrases)
    if (code == status) return phrase;
  return {};
}

}  // namespace temps::http1

#include "proxy/http2_head.hpp"

#include "core/random.hpp"
#include "core/text.hpp"

namespace temps::proxy {
namespace {

using http1::Failure;
using http1::FieldId;
using http1::Framing;
using http1::Method;

bool is_target_character(char c) { return c > 0x20 && c < 0x7f && c != '#'; }

bool usually_has_body(Method method) {
  return method == Method::post || method == Method::put || method == Method::patch;
}

}  // namespace

void Http2Head::clear() {
  text_.clear();
  cookies_.clear();
  protocol_ = {};
  is_too_large_ = false;
  static_cast<http1::Derived&>(head_) = {};
  head_.method = Method::other;
  head_.method_text = head_.target = head_.path = head_.query = {};
  head_.authority = head_.host = head_.port = {};
  head_.has_query = head_.expect_continue = false;
  head_.fields.clear();
}

void Http2Head::add(std::string_view name, std::string_view value) {
  constexpr std::size_t overhead = 4;  // ": " and CRLF, as in HTTP/1
  const auto size = name.size() + value.size() + overhead;
  if (is_too_large_ || text_.bytes() + size > limits_.head_bytes ||
      text_.size() >= limits_.fields) {
    is_too_large_ = true;
    return;
  }
  text_.add(name, value);
}

bool Http2Head::set_pseudo(std::string_view name, std::string_view value) {
  if (!name.starts_with(':')) return false;
  if (name == ":method") {
    head_.method_text = value;
    head_.method = http1::method_of(value);
  } else if (name == ":path") {
    head_.target = value;
  } else if (name == ":authority") {
    head_.authority = value;
  } else if (name == ":protocol") {
    protocol_ = value;
  }
  return true;
}

// nghttp2 is more lenient than an HTTP/1 parser about some characters, and what reaches an app must
// be one request for everybody.
Failure Http2Head::add_fields() {
  constexpr Failure too_many{431, "The message has too many fields"};
  for (std::size_t i = 0; i < text_.size(); ++i) {
    const auto [name, value] = text_[i];
    if (!http1::is_field_value(value)) return {400, "A field value has a control character"};
    if (set_pseudo(name, value)) continue;
    if (!http1::is_token(name)) return {400, "A field name has a character that is not allowed"};
    if (name == "cookie") {
      if (!cookies_.empty()) cookies_ += "; ";
      cookies_ += value;
      continue;
    }
    if (!head_.fields.add(name, value)) return too_many;
  }
  if (!cookies_.empty() && !head_.fields.add("cookie", cookies_)) return too_many;
  return {};
}

Failure Http2Head::check_method() const {
  constexpr std::size_t method_bytes_max = 32;
  if (!http1::is_token(head_.method_text)) return {400, "The method is not a token"};
  if (head_.method_text.size() > method_bytes_max) return {501, "The method is not supported"};
  return {};
}

Failure Http2Head::split_target() {
  const auto target = head_.target;
  if (target.size() > limits_.target_bytes) return {414, "The request target is too long"};
  for (const char c : target)
    if (!is_target_character(c))
      return {400, "The request target has a character that is not allowed"};
  const bool is_star = target == "*" && head_.method == Method::options;
  if (!target.starts_with('/') && !is_star) return {400, "The request target is not understood"};
  const auto question = target.find('?');
  head_.path = target.substr(0, question);
  if (question != std::string_view::npos) {
    head_.query = target.substr(question + 1);
    head_.has_query = true;
  }
  return {};
}

Failure Http2Head::split_host() {
  const auto hosts = head_.fields.count(FieldId::host);
  const auto host = head_.fields.value(FieldId::host);
  if (hosts > 1) return {400, "Host is given twice"};
  if (head_.authority.empty()) head_.authority = host;
  // RFC 9113 §8.3.1
  if (hosts == 1 && !equal_ignoring_case(host, head_.authority))
    return {400, "Host and :authority differ"};
  if (head_.authority.empty()) return {400, "The request names no host"};
  if (!http1::split_authority(head_.authority, head_.host, head_.port))
    return {400, "The host is not a valid name"};
  return {};
}

Failure Http2Head::set_framing(Body body) {
  // As many digits as HTTP/1 is read with: sums of lengths cannot overflow.
  constexpr std::uint64_t length_max = 999'999'999'999'999'999;
  const auto* given = head_.fields.find(FieldId::content_length);
  const auto length = given == nullptr ? std::nullopt : parse_number<std::uint64_t>(given->value);
  if (given != nullptr && (!length || *length > length_max || head_.fields.count(given->id) > 1))
    return {400, "Content-Length is not a number"};
  head_.has_content_length = length.has_value();
  head_.content_length = length.value_or(0);
  if (body == Body::none) {
    head_.framing = usually_has_body(head_.method) ? Framing::content_length : Framing::none;
    head_.content_length = 0;
  } else {
    head_.framing = length ? Framing::content_length : Framing::chunked;
    head_.expect_continue =
        equal_ignoring_case(head_.fields.value(FieldId::expect), "100-continue");
  }
  return {};
}

// What asks for a WebSocket over HTTP/2 asks the app for one over HTTP/1 (RFC 8441 §5).
void Http2Head::become_upgrade() {
  constexpr std::size_t key_bytes = 16;  // RFC 6455 §4.1
  head_.method = Method::get;
  head_.method_text = "GET";
  head_.upgrade = protocol_;
  head_.framing = Framing::none;
  head_.has_content_length = false;
  key_ = to_base64(random_bytes(key_bytes));
  head_.fields.add("Sec-WebSocket-Key", key_);
}

Http2Head::Built Http2Head::build(Body body) {
  if (is_too_large_) return {.failure = {431, "The head of the message is too long"}};
  if (const auto failure = add_fields(); failure.status != 0) return {.failure = failure};
  if (const auto failure = check_method(); failure.status != 0) return {.failure = failure};
  const bool is_tunnel = head_.method == Method::connect && !protocol_.empty();
  if (head_.method != Method::connect || is_tunnel)
    if (const auto failure = split_target(); failure.status != 0) return {.failure = failure};
  if (const auto failure = split_host(); failure.status != 0) return {.failure = failure};
  if (is_tunnel) {
    if (protocol_ != "websocket") return {.failure = {501, "Only WebSockets can be tunnelled"}};
    become_upgrade();
  } else if (const auto failure = set_framing(body); failure.status != 0) {
    return {.failure = failure};
  }
  return {.head = &head_, .is_tunnel = is_tunnel};
}

}  // namespace temps::proxy

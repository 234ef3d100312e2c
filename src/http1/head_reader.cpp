// Lines and fields of a head, and what follows from them about connection and body.
#include <algorithm>
#include <cstdint>

#include "core/text.hpp"
#include "http1/http1.hpp"

namespace temps::http1 {
namespace {

std::string_view without_blanks(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// Digits only, at most 18 of them, so that sums of lengths cannot overflow either.
bool read_length(std::string_view text, std::uint64_t& length) {
  constexpr std::size_t digits_max = 18;
  if (text.empty() || text.size() > digits_max) return false;
  length = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
    length = length * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return true;
}

}  // namespace

// Written without branches for the vectorizer.
bool is_field_value(std::string_view text) {
  unsigned bad = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    bad |= static_cast<unsigned>(byte < 0x20) & static_cast<unsigned>(byte != '\t');
    bad |= static_cast<unsigned>(byte == 0x7f);
  }
  return bad == 0;
}

const Field* Fields::find(FieldId id) const {
  const auto* found = std::find_if(begin(), end(), [&](const Field& f) { return f.id == id; });
  return found == end() ? nullptr : found;
}

const Field* Fields::find(std::string_view name) const {
  const auto* found = std::find_if(
      begin(), end(), [&](const Field& f) { return equal_ignoring_case(f.name, name); });
  return found == end() ? nullptr : found;
}

std::string_view Fields::value(FieldId id) const {
  const auto* found = find(id);
  return found == nullptr ? std::string_view{} : found->value;
}

std::size_t Fields::count(FieldId id) const {
  return static_cast<std::size_t>(
      std::count_if(begin(), end(), [&](const Field& f) { return f.id == id; }));
}

bool Fields::connection_lists(std::string_view token) const {
  return std::any_of(begin(), end(), [&](const Field& f) {
    return f.id == FieldId::connection && list_contains(f.value, token);
  });
}

bool Fields::add(std::string_view name, std::string_view value) {
  if (size_ == capacity) return false;
  fields_[size_++] = {name, value, field_id(name)};
  return true;
}

Progress HeadReader::fail(int status, std::string_view reason) {
  failure_ = {status, reason};
  return state_ = Progress::failed;
}

void HeadReader::clear(Fields& fields) {
  fields.size_ = 0;
  failure_ = {};
  state_ = Progress::need_more;
  has_transfer_encoding_ = false;
  base_ = nullptr;
  line_start_ = scanned_ = 0;
  started_ = start_line_seen_ = false;
}

std::ptrdiff_t HeadReader::rebase(std::string_view buffer, Fields& fields) {
  if (base_ == buffer.data() || base_ == nullptr) {
    base_ = buffer.data();
    return 0;
  }
  const auto distance = static_cast<std::ptrdiff_t>(
      reinterpret_cast<std::uintptr_t>(buffer.data()) - reinterpret_cast<std::uintptr_t>(base_));
  base_ = buffer.data();
  for (std::size_t i = 0; i < fields.size_; ++i) {
    auto& field = fields.fields_[i];
    field.name = {field.name.data() + distance, field.name.size()};
    field.value = {field.value.data() + distance, field.value.size()};
  }
  return distance;
}

// One empty line before the start line is allowed (RFC 9112 §2.2), nothing else. Judging the first
// byte at once keeps TLS and other protocols from waiting for a line end that never comes.
bool HeadReader::check_first_byte(std::string_view buffer) {
  if (started_ || buffer.empty()) return !buffer.empty();
  if (line_start_ == 0 && buffer.front() == '\r') {
    if (buffer.size() == 1) return false;
    if (buffer[1] != '\n') return fail(400, "A message begins with a bare CR"), false;
    line_start_ = scanned_ = 2;
  }
  if (buffer.size() <= line_start_) return false;
  if (!is_token_character(buffer[line_start_]))
    return fail(400, "This is not the beginning of an HTTP message"), false;
  started_ = true;
  return true;
}

HeadReader::Next HeadReader::next_line(std::string_view buffer, std::size_t start_line_max) {
  if (!check_first_byte(buffer))
    return {state_ == Progress::failed ? Line::failed : Line::none, {}};
  const auto limit = start_line_seen_ ? limits_.head_bytes
                                      : std::min(limits_.head_bytes, line_start_ + start_line_max);
  const auto window = buffer.substr(0, limit);
  const auto line_feed = window.find('\n', scanned_);
  if (line_feed == std::string_view::npos) {
    scanned_ = window.size();
    if (buffer.size() < limit) return {Line::none, {}};
    if (start_line_seen_) {
      fail(431, "The head of the message is too long");
    } else {
      fail(414, "The first line of the message is too long");
    }
    return {Line::failed, {}};
  }
  auto line = buffer.substr(line_start_, line_feed - line_start_);
  if (line.empty() || line.back() != '\r') {
    fail(400, "A line ends with a bare LF");
    return {Line::failed, {}};
  }
  line.remove_suffix(1);
  line_start_ = scanned_ = line_feed + 1;
  if (!start_line_seen_) {
    start_line_seen_ = true;
    return {Line::start, line};
  }
  return {line.empty() ? Line::end : Line::field, line};
}

bool HeadReader::add_field(std::string_view line, Fields& fields) {
  if (line.front() == ' ' || line.front() == '\t')
    return fail(400, "A field line is folded (obsolete line folding)"), false;
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return fail(400, "A field line has no colon"), false;
  const auto name = line.substr(0, colon);
  if (name.empty()) return fail(400, "A field has an empty name"), false;
  if (!is_token(name)) return fail(400, "A field name has a character that is not allowed"), false;
  const auto value = without_blanks(line.substr(colon + 1));
  if (!is_field_value(value)) return fail(400, "A field value has a control character"), false;
  if (fields.size_ >= std::min(limits_.fields, Fields::capacity))
    return fail(431, "The message has too many fields"), false;
  fields.fields_[fields.size_++] = {name, value, field_id(name)};
  return true;
}

bool HeadReader::derive(const Fields& fields, Derived& derived) {
  derived.length = line_start_;
  derive_connection(fields, derived);
  return derive_framing(fields, derived);
}

void HeadReader::derive_connection(const Fields& fields, Derived& derived) {
  bool close = false;
  bool keep = false;
  bool upgrade = false;
  bool names = false;
  std::string_view protocol;
  for (const auto& field : fields) {
    if (field.id == FieldId::upgrade) {
      protocol = field.value;
    } else if (field.id == FieldId::connection) {
      for_each_element(field.value, [&](std::string_view token) {
        if (equal_ignoring_case(token, "close")) {
          close = true;
        } else if (equal_ignoring_case(token, "keep-alive")) {
          keep = true;
        } else if (equal_ignoring_case(token, "upgrade")) {
          upgrade = true;
        } else {
          names = true;
        }
      });
    }
  }
  derived.keep_alive = !close && (derived.minor_version >= 1 || keep);
  derived.connection_names = names;
  // RFC 9110 §7.8: Upgrade in an HTTP/1.0 message is ignored.
  derived.upgrade = upgrade && derived.minor_version >= 1 ? protocol : std::string_view{};
}

bool HeadReader::add_coding(std::string_view list, int& chunked_count, bool& other_coding) {
  bool in_order = true;
  std::size_t elements = 0;
  for_each_element(list, [&](std::string_view coding) {
    ++elements;
    if (chunked_count > 0) in_order = false;
    if (equal_ignoring_case(coding, "chunked")) {
      ++chunked_count;
    } else {
      other_coding = true;
    }
  });
  return in_order && elements > 0;
}

// RFC 9112 §6.1 to §6.3, in the strict reading throughout.
bool HeadReader::derive_framing(const Fields& fields, Derived& derived) {
  int chunked_count = 0;
  bool other_coding = false;
  for (const auto& field : fields) {
    if (field.id == FieldId::content_length) {
      if (derived.has_content_length) return fail(400, "Content-Length is given twice"), false;
      if (!read_length(field.value, derived.content_length))
        return fail(400, "Content-Length is not a number"), false;
      derived.has_content_length = true;
    } else if (field.id == FieldId::transfer_encoding) {
      has_transfer_encoding_ = true;
      if (!add_coding(field.value, chunked_count, other_coding))
        return fail(400, "Transfer-Encoding is not understood"), false;
    }
  }
  if (has_transfer_encoding_) {
    if (derived.has_content_length)
      return fail(400, "Content-Length and Transfer-Encoding are given together"), false;
    if (derived.minor_version == 0)
      return fail(400, "Transfer-Encoding is not part of HTTP/1.0"), false;
    if (chunked_count == 0) return fail(400, "The last transfer coding is not chunked"), false;
    if (other_coding) return fail(501, "Only the transfer coding chunked is supported"), false;
    derived.framing = Framing::chunked;
  } else if (derived.has_content_length) {
    derived.framing = Framing::content_length;
  }
  return true;
}

}  // namespace temps::http1

#include "proxy/answer_reader.hpp"

#include <algorithm>

#include "core/text.hpp"

namespace temps::bench {
namespace {

// The value of a field in a head of lower case, or empty.
std::string_view field(std::string_view head, std::string_view name) {
  const auto at = head.find(name);
  if (at == std::string_view::npos) return {};
  const auto begin = at + name.size();
  return trimmed(head.substr(begin, head.find('\r', begin) - begin));
}

}  // namespace

void AnswerReader::expect_response() {
  head_.clear();
  message_ = {};
  in_body_ = false;
  closes_ = false;
}

void AnswerReader::expect_bytes(std::string_view message) {
  message_ = message;
  in_body_ = true;
  is_good_ = true;
  closes_ = false;
  body_left_ = message.size();
}

bool AnswerReader::take(std::string_view bytes) {
  if (!in_body_) {
    const auto known = head_.size();
    head_ += bytes;
    const auto end = head_.find("\r\n\r\n", known < 3 ? 0 : known - 3);
    if (end == std::string::npos) return false;
    bytes.remove_prefix(end + 4 - known);
    head_.resize(end + 4);
    read_head();
  }
  if (!message_.empty()) {
    const auto part = bytes.substr(0, message_.size());
    is_good_ = is_good_ && message_.starts_with(part);
    message_.remove_prefix(part.size());
  }
  body_left_ -= std::min<std::uint64_t>(body_left_, bytes.size());
  return body_left_ == 0;
}

void AnswerReader::read_head() {
  const auto head = lowered(head_);
  const auto status = head.size() < 12 ? std::string() : head.substr(9, 3);
  is_good_ = status.starts_with('2') || status == "101";
  closes_ = field(head, "\r\nconnection:") == "close";
  body_left_ = parse_number<std::uint64_t>(field(head, "\r\ncontent-length:")).value_or(0);
  in_body_ = true;
}

}  // namespace temps::bench

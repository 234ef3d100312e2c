#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/src.hpp>
#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

#include "json/document.hpp"
#include "json/errors.hpp"

namespace temps::json {

namespace {

using boost::json::error_code;
using boost::json::string_view;

// Takes the parser's events and builds the flat list of a Document.
class Builder {
 public:
  static constexpr std::size_t max_array_size = std::numeric_limits<std::uint32_t>::max();
  static constexpr std::size_t max_object_size = max_array_size;
  static constexpr std::size_t max_string_size = max_array_size;
  static constexpr std::size_t max_key_size = max_array_size;

  explicit Builder(Document& document) : document_(document) {}

  // What the text breaks beyond the grammar; empty if nothing.
  [[nodiscard]] const std::string& objection() const { return objection_; }

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }
  bool on_array_begin(error_code&) { return open(Kind::array); }
  bool on_array_end(std::size_t count, error_code&) {
    close(count);
    return true;
  }
  bool on_object_begin(error_code&) { return open(Kind::object); }
  bool on_object_end(std::size_t count, error_code& code) {
    const auto at = open_.back();
    close(count);
    return unique_keys(at) || object(code);
  }
  bool on_string_part(string_view part, std::size_t, error_code&) { return append(part); }
  bool on_string(string_view part, std::size_t size, error_code&) {
    append(part);
    add(Kind::string).string = last(size);
    return true;
  }
  bool on_key_part(string_view part, std::size_t, error_code&) { return append(part); }
  bool on_key(string_view part, std::size_t size, error_code&) {
    append(part);
    key_ = last(size);
    return true;
  }
  bool on_number_part(string_view part, error_code&) {
    digits_.append(part.data(), part.size());
    return true;
  }
  bool on_int64(std::int64_t value, string_view, error_code&) {
    digits_.clear();
    add(Kind::integer).integer = value;
    return true;
  }
  bool on_uint64(std::uint64_t value, string_view, error_code&) {
    digits_.clear();
    add(Kind::large_integer).large_integer = value;
    return true;
  }
  bool on_double(double rough, string_view part, error_code& code) {
    digits_.append(part.data(), part.size());
    // The parser's own value can be off by one in the last place.
    double exact = 0;
    const auto read = std::from_chars(digits_.data(), digits_.data() + digits_.size(), exact);
    digits_.clear();
    if (read.ec == std::errc::result_out_of_range && std::abs(rough) > 1) {
      objection_ = "a number is out of the range of a double";
      return object(code);
    }
    add(Kind::number).number = read.ec == std::errc{} ? exact : 0.0;
    return true;
  }
  bool on_bool(bool value, error_code&) {
    add(Kind::boolean).boolean = value;
    return true;
  }
  bool on_null(error_code&) {
    add(Kind::null);
    return true;
  }
  bool on_comment_part(string_view, error_code&) { return true; }
  bool on_comment(string_view, error_code&) { return true; }

 private:
  static std::uint32_t narrow(std::size_t size) { return static_cast<std::uint32_t>(size); }

  bool append(string_view part) {
    document_.strings.append(part.data(), part.size());
    return true;
  }
  [[nodiscard]] Stretch last(std::size_t size) const {
    return {narrow(document_.strings.size() - size), narrow(size)};
  }
  Entry& add(Kind kind) {
    auto& entry = document_.entries.emplace_back();
    entry.kind = kind;
    entry.key = std::exchange(key_, {});
    entry.end = narrow(document_.entries.size());
    return entry;
  }
  bool open(Kind kind) {
    open_.push_back(narrow(document_.entries.size()));
    add(kind);
    return true;
  }
  void close(std::size_t count) {
    auto& entry = document_.entries[open_.back()];
    entry.end = narrow(document_.entries.size());
    entry.count = narrow(count);
    open_.pop_back();
  }
  bool unique_keys(std::uint32_t at) {
    const auto& entries = document_.entries;
    keys_.clear();
    for (auto child = at + 1; child < entries[at].end; child = entries[child].end) {
      keys_.push_back(document_.view(entries[child].key));
    }
    std::sort(keys_.begin(), keys_.end());
    const auto twice = std::adjacent_find(keys_.begin(), keys_.end());
    if (twice == keys_.end()) return true;
    objection_ = fmt::format("the key \"{}\" stands twice in one object", twice->substr(0, 64));
    return false;
  }
  static bool object(error_code& code) {
    code = boost::json::error::exception;
    return false;
  }

  Document& document_;
  std::string objection_;
  std::vector<std::uint32_t> open_;
  std::vector<std::string_view> keys_;
  Stretch key_;
  std::string digits_;
};

std::string position(std::string_view text, std::size_t at) {
  const auto before = text.substr(0, at);
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const auto newline = before.rfind('\n');
  const auto column = newline == std::string_view::npos ? at : at - newline - 1;
  return fmt::format("line {}, column {}", line, column + 1);
}

std::string explanation(const error_code& code, std::string_view text, std::size_t at) {
  using boost::json::error;
  if (code == error::incomplete) return "the text ends too early";
  if (code == error::extra_data) return "text follows the end of the JSON value";
  if (code == error::exponent_overflow) return "a number is out of the range of a double";
  if (code != error::syntax) return code.message();
  const auto found = at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
  if (found > 0x20 && found < 0x7F) {
    return fmt::format("'{}' does not belong here", static_cast<char>(found));
  }
  return found >= 0x80 ? "a character does not belong here or is not valid UTF-8"
                       : "this does not belong here";
}

}  // namespace

Result<std::shared_ptr<const Document>> parse(std::string_view text, const Limits& limits) {
  if (text.size() > limits.size_bytes_max ||
      text.size() > std::numeric_limits<std::uint32_t>::max()) {
    return fail(errors::too_large, "the JSON has {} bytes, more than the {} that are allowed here",
                text.size(), limits.size_bytes_max);
  }
  auto document = std::make_shared<Document>();
  document->text = text;
  boost::json::parse_options options;
  options.max_depth = limits.depth_max;
  boost::json::basic_parser<Builder> parser(options, *document);
  error_code code;
  auto used = parser.write_some(false, document->text.data(), document->text.size(), code);
  if (!code && used < text.size()) code = boost::json::error::extra_data;
  if (!code) return document;
  if (code == boost::json::error::too_deep) {
    return fail(errors::too_deep, "the JSON is nested deeper than the {} levels allowed here",
                limits.depth_max);
  }
  used = std::min(used, text.size());
  const auto& objection = parser.handler().objection();
  return fail(errors::syntax, "{}: {}", position(text, used),
              objection.empty() ? explanation(code, text, used) : objection);
}

}  // namespace temps::json

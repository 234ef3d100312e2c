#include "json/value.hpp"

#include <algorithm>

#include "core/check.hpp"
#include "json/document.hpp"

namespace temps::json {

namespace {

// Just behind the string that starts at `at`.
std::size_t behind_string(std::string_view text, std::size_t at) {
  ++at;
  while (text[at] != '"') at += text[at] == '\\' ? 2 : 1;
  return at + 1;
}

// Finds where each value of a checked text stands, in one pass: values come in the order of the
// entries.
class Locator {
 public:
  explicit Locator(const Document& document) : document_(document), text_(document.text) {}

  std::vector<Stretch> locate() && {
    sources_.resize(document_.entries.size());
    for (std::uint32_t entry = 0; entry < sources_.size(); ++entry) {
      skip_to_value();
      sources_[entry].at = static_cast<std::uint32_t>(at_);
      const auto kind = document_.entries[entry].kind;
      if (kind == Kind::array || kind == Kind::object) {
        open_.push_back(entry);
        ++at_;
        continue;
      }
      at_ = kind == Kind::string ? behind_string(text_, at_)
                                 : std::min(text_.find_first_of(" \t\r\n,]}", at_), text_.size());
      sources_[entry].size = static_cast<std::uint32_t>(at_) - sources_[entry].at;
    }
    skip_between();
    return std::move(sources_);
  }

 private:
  // Over white space, separators and the ends of arrays and objects.
  void skip_between() {
    constexpr std::string_view between = " \t\r\n,:]}";
    for (; at_ < text_.size() && between.find(text_[at_]) != std::string_view::npos; ++at_) {
      if (text_[at_] != ']' && text_[at_] != '}') continue;
      auto& source = sources_[open_.back()];
      source.size = static_cast<std::uint32_t>(at_ + 1) - source.at;
      open_.pop_back();
    }
  }
  void skip_to_value() {
    skip_between();
    if (open_.empty() || document_.entries[open_.back()].kind != Kind::object) return;
    at_ = behind_string(text_, at_);
    skip_between();
  }

  const Document& document_;
  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<std::uint32_t> open_;
  std::vector<Stretch> sources_;
};

}  // namespace

std::string_view Document::source(std::uint32_t entry) const {
  if (sources.empty()) sources = Locator(*this).locate();
  return std::string_view(text).substr(sources[entry].at, sources[entry].size);
}

Node root(const Document& document) {
  return document.node(0, static_cast<std::uint32_t>(document.entries.size()));
}

Kind Node::kind() const { return document_->entries[at_].kind; }

bool Node::boolean() const {
  ensure(kind() == Kind::boolean, "the node is no boolean");
  return document_->entries[at_].boolean;
}

std::int64_t Node::integer() const {
  ensure(kind() == Kind::integer, "the node is no integer");
  return document_->entries[at_].integer;
}

std::uint64_t Node::large_integer() const {
  ensure(kind() == Kind::large_integer, "the node is no large integer");
  return document_->entries[at_].large_integer;
}

double Node::number() const {
  const auto& entry = document_->entries[at_];
  if (entry.kind == Kind::integer) return static_cast<double>(entry.integer);
  if (entry.kind == Kind::large_integer) return static_cast<double>(entry.large_integer);
  ensure(entry.kind == Kind::number, "the node is no number");
  return entry.number;
}

std::string_view Node::string() const {
  ensure(kind() == Kind::string, "the node is no string");
  return document_->view(document_->entries[at_].string);
}

std::size_t Node::size() const { return document_->entries[at_].count; }

Node Node::first() const {
  const auto end = document_->entries[at_].end;
  if (at_ + 1 == end) return {};
  return document_->node(at_ + 1, end);
}

Node Node::next() const {
  const auto behind = document_->entries[at_].end;
  if (behind == end_) return {};
  return document_->node(behind, end_);
}

std::string_view Node::key() const { return document_->view(document_->entries[at_].key); }

Node Node::find(std::string_view key) const {
  if (kind() != Kind::object) return {};
  for (auto child = first(); child; child = child.next()) {
    if (child.key() == key) return child;
  }
  return {};
}

std::string_view Node::source() const { return document_->source(at_); }

std::optional<bool> Value::as_bool() const {
  if (kind() != Kind::boolean) return std::nullopt;
  return node_.boolean();
}

std::optional<std::int64_t> Value::as_integer() const {
  if (kind() != Kind::integer) return std::nullopt;
  return node_.integer();
}

std::optional<double> Value::as_number() const {
  if (kind() < Kind::integer || kind() > Kind::number) return std::nullopt;
  return node_.number();
}

std::optional<std::string_view> Value::as_string() const {
  if (kind() != Kind::string) return std::nullopt;
  return node_.string();
}

std::optional<Value> Value::find(std::string_view key) const {
  if (!is_object()) return std::nullopt;
  const auto member = node_.find(key);
  if (!member) return std::nullopt;
  return Value(document_, member);
}

Value Value::operator[](std::string_view key) const { return find(key).value_or(Value{}); }

std::vector<Value> Value::items() const {
  std::vector<Value> items;
  if (!is_array()) return items;
  items.reserve(size());
  for (auto child = node_.first(); child; child = child.next())
    items.emplace_back(document_, child);
  return items;
}

std::vector<std::pair<std::string_view, Value>> Value::members() const {
  std::vector<std::pair<std::string_view, Value>> members;
  if (!is_object()) return members;
  members.reserve(size());
  for (auto child = node_.first(); child; child = child.next()) {
    members.emplace_back(child.key(), Value(document_, child));
  }
  return members;
}

std::string_view Value::text() const { return node_ ? node_.source() : "null"; }

Result<Raw> Raw::checked(std::string_view text, const Limits& limits) {
  auto document = parse(text, limits);
  if (!document) return std::unexpected(std::move(document.error()));
  return Raw(std::string(root(**document).source()));
}

}  // namespace temps::json

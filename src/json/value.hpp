// JSON documents as they were read: borrowed nodes, owned values, and text kept as it came.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.hpp"
#include "json/limits.hpp"

namespace temps::json {

// `integer` fits std::int64_t; `large_integer` fits only std::uint64_t; any other number is
// `number`.
enum class Kind : std::uint8_t {
  null,
  boolean,
  integer,
  large_integer,
  number,
  string,
  array,
  object
};

class Document;

// One place in a document that someone else keeps alive. The accessors below `kind()` are only for
// nodes of that kind. False in a condition when it stands for no place.
class Node {
 public:
  Node() = default;
  explicit operator bool() const { return document_ != nullptr; }

  [[nodiscard]] Kind kind() const;
  [[nodiscard]] bool boolean() const;
  [[nodiscard]] std::int64_t integer() const;
  [[nodiscard]] std::uint64_t large_integer() const;
  [[nodiscard]] double number() const;  // of any of the three number kinds
  [[nodiscard]] std::string_view string() const;

  // Items of an array or members of an object; 0 for the other kinds.
  [[nodiscard]] std::size_t size() const;
  // `for (auto child = node.first(); child; child = child.next())`
  [[nodiscard]] Node first() const;
  [[nodiscard]] Node next() const;
  // The name under which it is a member of its object; empty in arrays.
  [[nodiscard]] std::string_view key() const;
  // A member of an object; no place when it has none of this name or is no object.
  [[nodiscard]] Node find(std::string_view key) const;
  // Its text as it stood in the input.
  [[nodiscard]] std::string_view source() const;

 private:
  friend class Document;
  Node(const Document& document, std::uint32_t at, std::uint32_t end)
      : document_(&document), at_(at), end_(end) {}
  const Document* document_ = nullptr;
  std::uint32_t at_ = 0;
  std::uint32_t end_ = 0;  // where the siblings end
};

// Reads `text` whole. Refuses invalid UTF-8, duplicate keys, comments and trailing text. Fails with
// `syntax`, `too_deep` or `too_large`.
Result<std::shared_ptr<const Document>> parse(std::string_view text, const Limits& limits = {});
// The node is good for as long as the document is.
Node root(const Document& document);

// A small document of unknown shape, read-only; a copy costs a reference count and keeps the whole
// document that it was read from. Null when made from nothing.
class Value {
 public:
  Value() = default;
  Value(std::shared_ptr<const Document> document, Node node)
      : document_(std::move(document)), node_(node) {}

  [[nodiscard]] Kind kind() const { return node_ ? node_.kind() : Kind::null; }
  [[nodiscard]] bool is_null() const { return kind() == Kind::null; }
  [[nodiscard]] bool is_object() const { return kind() == Kind::object; }
  [[nodiscard]] bool is_array() const { return kind() == Kind::array; }
  [[nodiscard]] bool is_string() const { return kind() == Kind::string; }

  // Nothing when it is of another kind or does not fit.
  [[nodiscard]] std::optional<bool> as_bool() const;
  [[nodiscard]] std::optional<std::int64_t> as_integer() const;
  [[nodiscard]] std::optional<double> as_number() const;
  [[nodiscard]] std::optional<std::string_view> as_string() const [[clang::lifetimebound]];

  [[nodiscard]] std::size_t size() const { return node_ ? node_.size() : 0; }
  [[nodiscard]] std::optional<Value> find(std::string_view key) const;
  // The same with null for what is not there: `package["scripts"]["build"].as_string()`.
  [[nodiscard]] Value operator[](std::string_view key) const;
  // Of an array; empty for the other kinds.
  [[nodiscard]] std::vector<Value> items() const;
  // Of an object, in the order of the text; empty for the other kinds.
  [[nodiscard]] std::vector<std::pair<std::string_view, Value>> members() const
      [[clang::lifetimebound]];
  // As it stood in the input.
  [[nodiscard]] std::string_view text() const [[clang::lifetimebound]];

 private:
  std::shared_ptr<const Document> document_;
  Node node_;
};

// JSON text that was checked and is passed on as it came.
class Raw {
 public:
  Raw() = default;
  // Fails as `parse` does.
  static Result<Raw> checked(std::string_view text, const Limits& limits = {});
  // For text that this module has read or written.
  static Raw trusted(std::string text) { return Raw(std::move(text)); }

  [[nodiscard]] const std::string& text() const [[clang::lifetimebound]] { return text_; }
  friend bool operator==(const Raw&, const Raw&) = default;

 private:
  explicit Raw(std::string text) : text_(std::move(text)) {}
  std::string text_ = "null";
};

}  // namespace temps::json

// A parsed document as one flat list, in the order of the text; private to this module.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "json/value.hpp"

namespace temps::json {

// A stretch of Document::strings.
struct Stretch {
  std::uint32_t at = 0;
  std::uint32_t size = 0;
};

// One value. The values inside an array or object follow it at once, each with all of its own,
// up to `end`.
struct Entry {
  Kind kind = Kind::null;
  std::uint32_t end = 0;    // where the next value on the same level stands
  std::uint32_t count = 0;  // items or members
  Stretch key;
  union {
    bool boolean;
    std::int64_t integer;
    std::uint64_t large_integer = 0;
    double number;
    Stretch string;
  };
};

class Document {
 public:
  std::string text;
  std::string strings;  // what strings and keys say, without their escapes
  std::vector<Entry> entries;
  // Where each value stands in `text`. Made when the first one asks for a source.
  mutable std::vector<Stretch> sources;

  [[nodiscard]] Node node(std::uint32_t at, std::uint32_t end) const { return {*this, at, end}; }
  [[nodiscard]] std::string_view view(Stretch stretch) const {
    return std::string_view(strings).substr(stretch.at, stretch.size);
  }
  [[nodiscard]] std::string_view source(std::uint32_t entry) const;
};

}  // namespace temps::json

// The tree that a TOML text describes; private to this module.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace temps::toml {

// How a table or array came to be decides what may still be added to it.
enum class Origin : std::uint8_t {
  implied,   // [a.b] implies a; a header of its own may follow
  header,    // [a], or one item of [[a]]
  dotted,    // a.b = 1 makes a
  literal,   // a = {…} or [ … ]: complete as it stands
  repeated,  // [[a]]: each such header adds an item
};

struct Node {
  enum class Kind : std::uint8_t { scalar, array, table };

  Kind kind = Kind::table;
  Origin origin = Origin::implied;
  std::string json{};  // of a scalar
  std::vector<Node> items{};
  std::map<std::string, Node, std::less<>> members{};
};

}  // namespace temps::toml

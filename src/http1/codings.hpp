// Which content codings a client takes, by its Accept-Encoding (RFC 9110 §12.5.3).
#pragma once
#include <optional>
#include <string_view>
#include <vector>

#include "compress/encoder.hpp"

namespace temps::http1 {

// Content codings of siblings ("app.js.br"), the client's favourite first; without refused ones.
struct Sibling {
  std::string_view name;    // "br"
  std::string_view suffix;  // ".br"
};
std::vector<Sibling> accepted_siblings(std::string_view accept_encoding);

// The coding that makes the least work, of those that the client likes best; nothing where it takes
// none of ours.
std::optional<compress::Coding> coding_for(std::string_view accept_encoding);
// "br", "gzip", "zstd".
std::string_view name_of(compress::Coding coding);

}  // namespace temps::http1

// The fields behind a body (RFC 9110 §6.5), on their way from one side to the other.
#pragma once
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "core/text.hpp"
#include "http1/http1.hpp"

namespace temps::proxy {

// May a field of this name be passed on behind a body? Not what frames, routes or authenticates a
// message or says what its content is: who acts on such fields has done so before the body came
// (RFC 9110 §6.5.1).
bool may_be_trailer(std::string_view name);

// The names in a request's Trailer fields that may be passed on to an app, as one such field has
// them.
void read_announced(const http1::Fields& fields, std::string& into);

class Trailers {
 public:
  // False, with nothing added, where it is too much.
  [[nodiscard]] bool add(std::string_view name, std::string_view value);
  // A piece of what http1::BodyDecoder hands out, which has checked it.
  void add_section(std::string_view piece) { text_ += piece; }

  // Is there nothing that may be passed on?
  [[nodiscard]] bool empty() const;
  // Calls `visit(name, value)` for each field that may be passed on.
  template <class Visit>
  void for_each(Visit&& visit) const {
    for (const auto line : split(text_, '\n')) {
      const auto [name, value] = cut(line, ":");
      if (may_be_trailer(name)) visit(name, trimmed(value));
    }
  }

 private:
  std::string text_;  // lines, as in HTTP/1
};

// Takes in a piece of a trailer section, which is usually nothing but an empty line.
inline void add_section(std::unique_ptr<Trailers>& to, std::string_view piece) {
  if (to == nullptr) {
    if (piece.empty() || piece.front() == '\r' || piece.front() == '\n') return;
    to = std::make_unique<Trailers>();
  }
  to->add_section(piece);
}

}  // namespace temps::proxy

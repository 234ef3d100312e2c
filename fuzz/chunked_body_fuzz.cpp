// Any bytes as a chunked body: the data and trailer fields must not depend on how they
// arrive.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "http1/body.hpp"

using temps::http1::BodyDecoder;
using temps::http1::BodyState;
using temps::http1::Framing;

namespace {

struct Outcome {
  BodyState state = BodyState::need_more;
  std::size_t consumed = 0;
  std::string data;
  std::string trailers;
};

Outcome decoded(std::string_view input, std::size_t step) {
  BodyDecoder body(Framing::chunked, 0);
  Outcome outcome;
  while (!input.empty()) {
    const auto piece = input.substr(0, step);
    const auto taken = body.next(piece);
    if (taken.consumed > piece.size()) std::abort();
    outcome.data += taken.data;
    outcome.trailers += taken.trailers;
    outcome.consumed += taken.consumed;
    if (taken.state == BodyState::done || taken.state == BodyState::failed) {
      outcome.state = taken.state;
      break;
    }
    if (taken.consumed == 0) std::abort();
    input.remove_prefix(taken.consumed);
  }
  return outcome;
}

// Lines of a name, a colon and a value, and an empty one behind them.
void check_trailers(std::string_view whole, std::string_view parts) {
  if (whole != parts || !whole.ends_with("\r\n")) std::abort();
  while (whole != "\r\n") {
    const auto end = whole.find("\r\n");
    const auto line = whole.substr(0, end);
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || !temps::http1::is_token(line.substr(0, colon)) ||
        !temps::http1::is_field_value(line.substr(colon + 1)))
      std::abort();
    whole.remove_prefix(end + 2);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto whole = decoded(text, size);
  const auto parts = decoded(text, size == 0 ? 1 : 1 + data[0] % 7U);
  if (whole.state != parts.state || whole.data != parts.data) std::abort();
  if (whole.consumed != parts.consumed) std::abort();
  if (whole.state == BodyState::done) check_trailers(whole.trailers, parts.trailers);
  return 0;
}

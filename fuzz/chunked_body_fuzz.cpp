// Any bytes as a chunked body: the data must not depend on how they arrive.
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
};

Outcome decoded(std::string_view input, std::size_t step) {
  BodyDecoder body(Framing::chunked, 0);
  Outcome outcome;
  while (!input.empty()) {
    const auto piece = input.substr(0, step);
    const auto taken = body.next(piece);
    if (taken.consumed > piece.size()) std::abort();
    outcome.data += taken.data;
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

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto whole = decoded(text, size);
  const auto parts = decoded(text, size == 0 ? 1 : 1 + data[0] % 7U);
  if (whole.state != parts.state || whole.data != parts.data) std::abort();
  if (whole.consumed != parts.consumed) std::abort();
  return 0;
}

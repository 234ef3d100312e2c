// Any line as an offer of sockets or a step of a handover: what is read has its limits, and reads
// the same after it was written.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "proxy/handover.hpp"

using namespace temps::proxy;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view line(reinterpret_cast<const char*>(data), size);
  if (const auto offer = decode_offer(line)) {
    if (offer->sockets() > handover_sockets_max) std::abort();
    const auto again = decode_offer(encode(*offer));
    if (!again || encode(*again) != encode(*offer)) std::abort();
  }
  if (const auto step = decode_step(line)) {
    const auto again = decode_step(encode(*step));
    if (!again || again->step != step->step || again->error != step->error) std::abort();
  }
  return 0;
}

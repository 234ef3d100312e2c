// Any bytes as a chain of certificates: what is read is read again the same from what was written.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "x509/x509.hpp"

using namespace temps;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto chain = x509::read_chain(text);
  if (!chain) {
    if (chain.error().detail().empty()) std::abort();
    return 0;
  }
  const auto again = x509::read_chain(chain->pem);
  if (!again || again->fingerprint != chain->fingerprint || again->names != chain->names) {
    std::abort();
  }
  // A key that is none, or another's, never gets through.
  if (x509::read_key(Secret(std::string(text)), *chain) && text.find("PRIVATE") == text.npos) {
    std::abort();
  }
  return 0;
}

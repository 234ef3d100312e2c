// Any bytes as a certificate chain: what is read has names that can be shown and a period.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "acme/chain.hpp"

using namespace temps;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto chain = acme::parse_chain({reinterpret_cast<const char*>(data), size});
  if (!chain) {
    if (chain.error().detail().empty()) std::abort();
    return 0;
  }
  if (chain->certificates.empty() || chain->certificates.size() > acme::chain_certificates_max ||
      chain->names.size() > acme::certificate_names_max) {
    std::abort();
  }
  for (const auto& name : chain->names) {
    if (name.empty() || std::ranges::any_of(name, [](char c) { return c <= ' ' || c > '~'; })) {
      std::abort();
    }
  }
  return 0;
}

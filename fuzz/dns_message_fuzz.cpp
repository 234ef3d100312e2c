// Any bytes as a name server's message: it is read within its bounds, and every address that comes
// out of it is one.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "net/dns.hpp"

using namespace temps;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto records = net::parse_dns_message({reinterpret_cast<const char*>(data), size});
  if (!records) return 0;
  for (const auto& address : records->addresses) {
    if (net::canonical_address(address) != address) std::abort();
  }
  return 0;
}

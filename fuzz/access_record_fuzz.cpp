// Any bytes as a record of the access log: what is read, is read again when it is written.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "routing/access_record.hpp"

using namespace temps;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto record = routing::decode_access_record({reinterpret_cast<const char*>(data), size});
  if (!record) return 0;
  std::string written;
  routing::encode(written, *record);
  const auto again = routing::decode_access_record(written);
  if (!again || again->time != record->time || again->status != record->status) std::abort();
  if (!record->path.starts_with(again->path) || !record->visitor.starts_with(again->visitor))
    std::abort();
  return 0;
}

// Any bytes as a segment of a spool: every byte is accounted for, and what is read is what a writer
// would have written.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "spool/record.hpp"

using namespace temps;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view content(reinterpret_cast<const char*>(data), size);
  spool::RecordReader reader(content);
  std::string written(spool::segment_mark);
  std::size_t read = 0;
  while (const auto record = reader.next()) {
    if (record->empty() || record->size() > spool::record_bytes_max) std::abort();
    spool::write_record(written, *record);
    ++read;
  }
  if (reader.records() != read || reader.whole_bytes() + reader.torn_bytes() != size) std::abort();
  const bool is_undamaged = reader.damaged() == 0 && reader.whole_bytes() > 0;
  if (is_undamaged && written != content.substr(0, reader.whole_bytes())) std::abort();
  return 0;
}

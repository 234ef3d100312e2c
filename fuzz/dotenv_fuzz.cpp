// Any bytes as a file of variables: what is read can be written and read again the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "dotenv/dotenv.hpp"

using namespace temps;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto read = dotenv::parse({reinterpret_cast<const char*>(data), size});
  if (!read) {
    if (!read.error().detail().starts_with("line ") && size <= dotenv::file_bytes_max) std::abort();
    return 0;
  }
  const auto written = dotenv::write(*read);
  const auto again = dotenv::parse(written);
  // Quoting makes a text longer, at most twice.
  if (!again ? written.size() <= dotenv::file_bytes_max : *again != *read) std::abort();
  return 0;
}

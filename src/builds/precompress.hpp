// Compressed siblings of a static site's text files ("app.js.br", "app.js.gz"), made once, when the
// site is deployed: the proxy sends them as they are.
#pragma once
#include <chrono>
#include <cstdint>
#include <filesystem>

namespace temps::builds {

struct Precompressed {
  std::int64_t files = 0;  // that got siblings
  std::uint64_t bytes_before = 0;
  std::uint64_t bytes_after = 0;  // as browsers get them
  bool is_cut_short = false;      // the time was up
};

// Siblings that the build has made stay. Files that cannot be read or written are left as they are:
// they are served uncompressed. Computes for as long as `time_limit`, so call it on a pool thread.
Precompressed precompress(const std::filesystem::path& root, std::chrono::seconds time_limit);

}  // namespace temps::builds

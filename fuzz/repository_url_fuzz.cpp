// Any bytes as the address of a repository: what is taken is written the same way again, and holds
// nothing that git or a shell could read as more.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "sources/address.hpp"
#include "sources/git_words.hpp"

using namespace temps;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  sources::ProgressLines lines;
  (void)lines.feed(text);
  (void)sources::check_branch(text);
  const auto url = sources::RepositoryUrl::parse(text);
  if (!url) return 0;
  const auto written = url->text();
  const auto again = sources::RepositoryUrl::parse(written);
  if (!again || again->text() != written) std::abort();
  if (written.starts_with('-') ||
      written.find_first_of(" \t\r\n\"'`$;&|<>\\") != std::string::npos ||
      url->host.starts_with('-') || url->user.starts_with('-') || url->path.starts_with('-')) {
    std::abort();
  }
  return 0;
}

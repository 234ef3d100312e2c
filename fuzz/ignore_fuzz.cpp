// Any text as a .gitignore file, and any path: an answer comes, and the same one twice.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "bundle/ignore.hpp"
#include "core/check.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto end = input.find('\0');
  const auto path =
      end == std::string_view::npos ? std::string_view("src/a.txt") : input.substr(end + 1);
  const temps::bundle::IgnoreFile rules(input.substr(0, end), "");
  const bool same = rules.verdict(path, true) == rules.verdict(path, true);
  temps::ensure(same, "a verdict changed");
  (void)rules.verdict(path, false);
  return 0;
}

#include "core/check.hpp"

#include <execinfo.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>

namespace temps {

void broken(std::string_view reason, std::source_location where) {
  std::fprintf(stderr, "broken invariant: %.*s\n  at %s:%u in %s\n",
               static_cast<int>(reason.size()), reason.data(), where.file_name(), where.line(),
               where.function_name());
  std::array<void*, 48> frames{};
  const int count = backtrace(frames.data(), static_cast<int>(frames.size()));
  backtrace_symbols_fd(frames.data(), count, STDERR_FILENO);
  std::abort();
}

}  // namespace temps

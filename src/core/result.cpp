#include "core/result.hpp"

#include <cstring>

namespace temps {

Error errno_error(std::string what, int code) {
  return {errors::system,
          fmt::format("{}: {}", what, std::strerror(code)),
          {},
          fmt::format("errno {}", code)};
}

}  // namespace temps

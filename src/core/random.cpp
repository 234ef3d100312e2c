#include "core/random.hpp"

#include <sys/random.h>

#include "core/check.hpp"
#include "core/text.hpp"

namespace temps {

std::string random_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  std::size_t have = 0;
  while (have < count) {
    const auto got = ::getrandom(bytes.data() + have, count - have, 0);
    ensure(got > 0, "getrandom failed");
    have += static_cast<std::size_t>(got);
  }
  return bytes;
}

std::string random_hex(std::size_t count) { return to_hex(random_bytes(count)); }
std::string random_token(std::size_t count) { return to_base64url(random_bytes(count)); }

}  // namespace temps

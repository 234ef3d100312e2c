// Random bytes from the kernel (getrandom(2)); fit for secrets.
#pragma once
#include <cstddef>
#include <string>

namespace temps {

std::string random_bytes(std::size_t count);
// `count` random bytes as lower-case hex.
std::string random_hex(std::size_t count);
// `count` random bytes as base64url without padding.
std::string random_token(std::size_t count);

}  // namespace temps

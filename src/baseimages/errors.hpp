#pragma once
#include "core/result.hpp"

namespace temps::baseimages::errors {

inline constexpr ErrorCode needs_root{"baseimages.needs_root", ErrorKind::forbidden,
                                      "Only root can make base images"};
inline constexpr ErrorCode no_debootstrap{"baseimages.no_debootstrap", ErrorKind::unavailable,
                                          "debootstrap is missing on this machine"};
inline constexpr ErrorCode failed{"baseimages.failed", ErrorKind::internal,
                                  "A base image could not be made"};

}  // namespace temps::baseimages::errors

#pragma once
#include "core/result.hpp"

namespace temps::dns::errors {

inline constexpr ErrorCode bad_provider{"dns.bad_provider", ErrorKind::invalid,
                                        "The provider cannot be used like this"};
inline constexpr ErrorCode zone_taken{"dns.zone_taken", ErrorKind::conflict,
                                      "The zone has a provider already"};
inline constexpr ErrorCode no_such_provider{"dns.no_such_provider", ErrorKind::not_found,
                                            "There is no provider for this zone"};
inline constexpr ErrorCode refused{"dns.refused", ErrorKind::forbidden,
                                   "The provider refuses the change of a record"};
inline constexpr ErrorCode unreachable{"dns.unreachable", ErrorKind::unavailable,
                                       "The provider cannot be reached"};
inline constexpr ErrorCode bad_answer{"dns.bad_answer", ErrorKind::unavailable,
                                      "The provider's answer cannot be believed"};

}  // namespace temps::dns::errors

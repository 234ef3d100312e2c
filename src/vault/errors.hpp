#pragma once
#include "core/result.hpp"

namespace temps::vault::errors {

inline constexpr ErrorCode bad_key_file{"vault.bad_key_file", ErrorKind::internal,
                                        "The file with the key of the secrets cannot be used"};
inline constexpr ErrorCode other_key{"vault.other_key", ErrorKind::internal,
                                     "A secret was sealed with another key"};

}  // namespace temps::vault::errors

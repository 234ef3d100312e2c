#pragma once
#include "core/result.hpp"

namespace temps::git::errors {

inline constexpr ErrorCode failed{"git.failed", ErrorKind::internal, "git failed"};
inline constexpr ErrorCode unauthenticated{"git.unauthenticated", ErrorKind::unauthenticated,
                                           "Git needs a token"};
inline constexpr ErrorCode bad_service{"git.bad_service", ErrorKind::invalid,
                                       "Only smart HTTP is spoken here"};
inline constexpr ErrorCode bad_hook{"git.bad_hook", ErrorKind::forbidden,
                                    "Not a hook of a running push"};
inline constexpr ErrorCode push_refused{"git.push_refused", ErrorKind::conflict,
                                        "The push was refused: its deployment did not go live"};
inline constexpr ErrorCode disk_full{"git.disk_full", ErrorKind::unavailable,
                                     "The disk is nearly full"};
inline constexpr ErrorCode repository_too_large{"git.repository_too_large", ErrorKind::too_large,
                                                "The repository is too large"};
inline constexpr ErrorCode tree_too_large{"git.tree_too_large", ErrorKind::too_large,
                                          "The commit's files are too large"};

}  // namespace temps::git::errors

#pragma once
#include "core/result.hpp"

namespace temps::sources::errors {

inline constexpr ErrorCode bad_url{"sources.bad_url", ErrorKind::invalid,
                                   "Not the address of a git repository"};
inline constexpr ErrorCode bad_branch{"sources.bad_branch", ErrorKind::invalid,
                                      "Not a usable name of a branch"};
inline constexpr ErrorCode bad_credential{"sources.bad_credential", ErrorKind::invalid,
                                          "Not a usable credential"};
inline constexpr ErrorCode no_repository{"sources.no_repository", ErrorKind::not_found,
                                         "The project has no repository elsewhere"};
inline constexpr ErrorCode refused_address{"sources.refused_address", ErrorKind::invalid,
                                           "Repositories must not be at this address"};
inline constexpr ErrorCode unreachable{"sources.unreachable", ErrorKind::unavailable,
                                       "The repository cannot be reached"};
inline constexpr ErrorCode not_there{"sources.not_there", ErrorKind::invalid,
                                     "There is no such repository"};
inline constexpr ErrorCode wants_credential{"sources.wants_credential", ErrorKind::invalid,
                                            "The repository is not open to us"};
inline constexpr ErrorCode no_such_branch{"sources.no_such_branch", ErrorKind::invalid,
                                          "The repository has no such branch"};
inline constexpr ErrorCode other_host_key{"sources.other_host_key", ErrorKind::invalid,
                                          "The server shows another key than before"};
inline constexpr ErrorCode moved{"sources.moved", ErrorKind::invalid, "The repository has moved"};
inline constexpr ErrorCode too_large{"sources.too_large", ErrorKind::too_large,
                                     "The repository is too large"};
inline constexpr ErrorCode too_slow{"sources.too_slow", ErrorKind::timeout,
                                    "The repository did not come in time"};
inline constexpr ErrorCode failed{"sources.failed", ErrorKind::invalid, "Git failed"};
inline constexpr ErrorCode no_such_registry{"sources.no_such_registry", ErrorKind::not_found,
                                            "Nothing is kept for this registry"};

}  // namespace temps::sources::errors

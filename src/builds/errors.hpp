#pragma once
#include "core/result.hpp"

namespace temps::builds::errors {

inline constexpr ErrorCode disk_full{"builds.disk_full", ErrorKind::unavailable,
                                     "The disk is nearly full"};
inline constexpr ErrorCode empty_tree{"builds.empty_tree", ErrorKind::invalid,
                                      "The commit has no files"};
inline constexpr ErrorCode empty_static_output{"builds.empty_static_output", ErrorKind::invalid,
                                               "The build left no index.html"};
inline constexpr ErrorCode bad_dockerfile{"builds.bad_dockerfile", ErrorKind::invalid,
                                          "The Dockerfile cannot be read"};
inline constexpr ErrorCode needs_engine{"builds.needs_engine", ErrorKind::unavailable,
                                        "Dockerfiles need a container engine"};
inline constexpr ErrorCode no_certificates{"builds.no_certificates", ErrorKind::unavailable,
                                           "The certificates for builds cannot be read"};

}  // namespace temps::builds::errors

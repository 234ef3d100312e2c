// What can stop the detection. All of it is about the user's tree or settings, so every message
// names the file and says what to change.
#pragma once
#include "core/result.hpp"

namespace temps::detect::errors {

inline constexpr ErrorCode no_provider{"detect.no_provider", ErrorKind::invalid,
                                       "Nothing here says how to build and run it"};
inline constexpr ErrorCode invalid_manifest{"detect.invalid_manifest", ErrorKind::invalid,
                                            "A manifest cannot be read"};
inline constexpr ErrorCode manifest_too_large{"detect.manifest_too_large", ErrorKind::too_large,
                                              "A manifest is too large"};
inline constexpr ErrorCode unknown_package_manager{"detect.unknown_package_manager",
                                                   ErrorKind::invalid, "Unknown package manager"};
inline constexpr ErrorCode no_start_command{"detect.no_start_command", ErrorKind::invalid,
                                            "Nothing says how to start the app"};
inline constexpr ErrorCode ambiguous_app{"detect.ambiguous_app", ErrorKind::invalid,
                                         "The tree holds several apps"};
inline constexpr ErrorCode no_such_version{"detect.no_such_version", ErrorKind::invalid,
                                           "No known version fits"};
// A setting names a folder or a Dockerfile that the tree does not have, or that leads out of it.
inline constexpr ErrorCode bad_setting{"detect.bad_setting", ErrorKind::invalid,
                                       "A build setting does not fit the tree"};
inline constexpr ErrorCode unreadable_tree{"detect.unreadable_tree", ErrorKind::internal,
                                           "The source tree cannot be read"};

}  // namespace temps::detect::errors

#pragma once
#include "core/result.hpp"

namespace temps::projects::errors {

inline constexpr ErrorCode bad_name{"projects.bad_name", ErrorKind::invalid,
                                    "Not a usable project name"};
inline constexpr ErrorCode name_taken{"projects.name_taken", ErrorKind::conflict,
                                      "A project of this name exists already"};
inline constexpr ErrorCode no_such_project{"projects.no_such_project", ErrorKind::not_found,
                                           "There is no such project"};
inline constexpr ErrorCode bad_setting{"projects.bad_setting", ErrorKind::invalid,
                                       "A project setting is out of range"};

}  // namespace temps::projects::errors

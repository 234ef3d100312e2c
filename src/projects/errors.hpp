#pragma once
#include "core/result.hpp"

namespace temps::projects::errors {

inline constexpr ErrorCode bad_name{"projects.bad_name", ErrorKind::invalid,
                                    "Not a usable project name"};
inline constexpr ErrorCode name_taken{"projects.name_taken", ErrorKind::conflict,
                                      "A project of this name exists already"};
inline constexpr ErrorCode no_such_project{"projects.no_such_project", ErrorKind::not_found,
                                           "There is no such project"};
inline constexpr ErrorCode bad_environment_name{"projects.bad_environment_name",
                                                ErrorKind::invalid,
                                                "Not a usable name of an environment"};
inline constexpr ErrorCode no_such_environment{"projects.no_such_environment",
                                               ErrorKind::not_found,
                                               "There is no such environment"};
inline constexpr ErrorCode environment_taken{"projects.environment_taken", ErrorKind::conflict,
                                             "The name, branch or host of the environment is taken"};
inline constexpr ErrorCode too_many_environments{"projects.too_many_environments",
                                                 ErrorKind::conflict,
                                                 "The project has too many environments"};
inline constexpr ErrorCode production_stays{"projects.production_stays", ErrorKind::conflict,
                                            "Production goes with its project only"};
inline constexpr ErrorCode bad_setting{"projects.bad_setting", ErrorKind::invalid,
                                       "A project setting is out of range"};

}  // namespace temps::projects::errors

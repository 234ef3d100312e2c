#pragma once
#include "core/result.hpp"

namespace temps::deploys::errors {

inline constexpr ErrorCode no_such_deployment{"deploys.no_such_deployment", ErrorKind::not_found,
                                              "There is no such deployment"};
inline constexpr ErrorCode nothing_to_roll_back_to{"deploys.nothing_to_roll_back_to",
                                                   ErrorKind::conflict,
                                                   "There is no earlier release to go back to"};
inline constexpr ErrorCode nothing_to_redeploy{"deploys.nothing_to_redeploy", ErrorKind::conflict,
                                               "Nothing was deployed yet"};
inline constexpr ErrorCode nothing_to_restart{"deploys.nothing_to_restart", ErrorKind::conflict,
                                              "Nothing runs that could be started anew"};
inline constexpr ErrorCode exited{"deploys.exited", ErrorKind::invalid,
                                  "The app ended before it was ready"};
inline constexpr ErrorCode unhealthy{"deploys.unhealthy", ErrorKind::timeout,
                                     "The app did not become healthy in time"};
inline constexpr ErrorCode wrong_port{"deploys.wrong_port", ErrorKind::invalid,
                                      "The app listens on another port"};
inline constexpr ErrorCode crashed{"deploys.crashed", ErrorKind::invalid,
                                   "The release crashed right after the switch"};
inline constexpr ErrorCode failing{"deploys.failing", ErrorKind::invalid,
                                   "The release answered with errors right after the switch"};
inline constexpr ErrorCode superseded{"deploys.superseded", ErrorKind::conflict,
                                      "A newer push took this one's place"};
inline constexpr ErrorCode cancelled{"deploys.cancelled", ErrorKind::conflict,
                                     "The deployment was cancelled"};
inline constexpr ErrorCode given_up{"deploys.given_up", ErrorKind::internal,
                                    "The deployment could not be carried on"};
inline constexpr ErrorCode instance_in_use{"deploys.instance_in_use", ErrorKind::conflict,
                                           "A deployment needs the instance"};
inline constexpr ErrorCode bad_split{"deploys.bad_split", ErrorKind::invalid,
                                     "These are not two releases with weights"};
inline constexpr ErrorCode cannot_split{"deploys.cannot_split", ErrorKind::conflict,
                                        "These releases cannot share their visitors"};
inline constexpr ErrorCode split_failed{"deploys.split_failed", ErrorKind::conflict,
                                        "The releases do not share their visitors"};
inline constexpr ErrorCode no_split{"deploys.no_split", ErrorKind::not_found,
                                    "No split was asked for"};
inline constexpr ErrorCode upload_too_large{"deploys.upload_too_large", ErrorKind::too_large,
                                            "The packed folder is too large"};
inline constexpr ErrorCode empty_upload{"deploys.empty_upload", ErrorKind::invalid,
                                        "There is nothing to deploy"};
inline constexpr ErrorCode disk_full{"deploys.disk_full", ErrorKind::unavailable,
                                     "The disk is nearly full"};
inline constexpr ErrorCode busy{"deploys.busy", ErrorKind::unavailable,
                                "Too many folders are uploaded at this moment"};
inline constexpr ErrorCode no_such_example{"deploys.no_such_example", ErrorKind::invalid,
                                           "There is no such example"};
inline constexpr ErrorCode no_source{"deploys.no_source", ErrorKind::conflict,
                                     "The project is not deployed from elsewhere"};
inline constexpr ErrorCode not_running{"deploys.not_running", ErrorKind::conflict,
                                       "The deployment has ended already"};

}  // namespace temps::deploys::errors

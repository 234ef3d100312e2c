#pragma once
#include "core/result.hpp"

namespace temps::jobs::errors {

inline constexpr ErrorCode no_such_job{"jobs.no_such_job", ErrorKind::not_found,
                                       "There is no such job"};
inline constexpr ErrorCode too_large{"jobs.too_large", ErrorKind::too_large,
                                     "The job's document is too large"};
inline constexpr ErrorCode cancelled{"jobs.cancelled", ErrorKind::cancelled,
                                     "The job was cancelled"};
inline constexpr ErrorCode lease_lost{"jobs.lease_lost", ErrorKind::cancelled,
                                      "Another process has taken over the job"};
inline constexpr ErrorCode interrupted{"jobs.interrupted", ErrorKind::internal,
                                       "The job ended its process too often"};

}  // namespace temps::jobs::errors

#pragma once
#include "core/result.hpp"

namespace temps::sql::errors {

inline constexpr ErrorCode unavailable{"sql.unavailable", ErrorKind::unavailable,
                                       "The database cannot be reached"};
// Wrong user, password or database: trying again does not help.
inline constexpr ErrorCode login_refused{"sql.login_refused", ErrorKind::unavailable,
                                         "The database server refuses the login"};
// A unique or exclusion constraint.
inline constexpr ErrorCode conflict{"sql.conflict", ErrorKind::conflict,
                                    "The value is taken already"};
// A deadlock, a serialization failure, a lock not had in time: the same work may succeed later.
inline constexpr ErrorCode busy{"sql.busy", ErrorKind::unavailable,
                                "The same data is being changed elsewhere"};
// A check, a foreign key, not null.
inline constexpr ErrorCode refused{"sql.refused", ErrorKind::conflict,
                                   "The database refuses the change"};
// A value that no column of its type can hold, such as text with a zero byte.
inline constexpr ErrorCode bad_value{"sql.bad_value", ErrorKind::invalid,
                                     "The database cannot hold the value"};
inline constexpr ErrorCode timeout{"sql.timeout", ErrorKind::timeout, "The database took too long"};
inline constexpr ErrorCode failed{"sql.failed", ErrorKind::internal, "A database statement failed"};

inline constexpr ErrorCode server_too_old{"sql.server_too_old", ErrorKind::unavailable,
                                          "The PostgreSQL server is too old"};
inline constexpr ErrorCode migration_changed{"sql.migration_changed", ErrorKind::internal,
                                             "A migration was changed after it had run"};
inline constexpr ErrorCode migration_failed{"sql.migration_failed", ErrorKind::internal,
                                            "A migration failed"};
inline constexpr ErrorCode newer_database{"sql.newer_database", ErrorKind::conflict,
                                          "The database was written by a newer version"};

}  // namespace temps::sql::errors

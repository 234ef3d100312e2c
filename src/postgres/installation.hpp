// The server's programs on this machine. Private to postgres.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "core/task.hpp"
#include "net/loop.hpp"
#include "postgres/postgres.hpp"

namespace temps::postgres {

// Older ones are out of support.
inline constexpr int major_version_min = 14;

struct Installation {
  std::filesystem::path programs;  // the folder of initdb and postgres
  int major_version = 0;
};

// "postgres (PostgreSQL) 15.8 (Debian 15.8-0+deb12u1)" gives 15; 0 for anything else.
int parse_version(std::string_view text);

// The newest one that is supported, or the one of `wanted` when that is not 0. Fails with
// `not_installed`, `wrong_version`; `data` is for the message of the latter.
Task<Installation> find_installation(net::Loop& loop, const Options& options, int wanted,
                                     const std::filesystem::path& data);

}  // namespace temps::postgres

// Everything before the server is started. Private to postgres.
#pragma once
#include "core/task.hpp"
#include "net/loop.hpp"
#include "postgres/account.hpp"
#include "postgres/installation.hpp"
#include "postgres/layout.hpp"
#include "postgres/postgres.hpp"

namespace temps::postgres {

struct Prepared {
  Layout layout;
  Account account;
  Installation installation;
};

// Finds the programs and the user, makes the data folder where there is none, writes the settings
// and checks that the server's user can reach and read everything. `layout.folder` must exist.
Task<Prepared> prepare(net::Loop& loop, const Options& options, Layout layout);

}  // namespace temps::postgres

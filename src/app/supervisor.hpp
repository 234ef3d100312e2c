// Keeps one of our own processes running.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "core/concurrency.hpp"
#include "core/task.hpp"
#include "net/loop.hpp"

namespace temps::app {

struct Part {
  std::string name;  // "serve"
  std::vector<std::string> command;
  std::map<std::string, std::string> environment;
  // Starts a process that takes the place of the one that runs, and prints a line when it has; the
  // other ends by itself then, and gets SIGUSR2 when nothing comes of it. Empty: the part cannot be
  // reloaded.
  std::vector<std::string> successor{};
};

// Starts the part and starts it again whenever it ends, with a growing pause; has a successor take
// its place at each of `reloads`. Ends when cancelled, after stopping it. Fails with
// `app.child_ended` when it ends at once several times without ever having run.
Task<> supervise(net::Loop& loop, Part part, Signal& reloads);

}  // namespace temps::app

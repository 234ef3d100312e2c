// Keeps one of our own processes running.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "core/task.hpp"
#include "net/loop.hpp"

namespace temps::app {

struct Part {
  std::string name;  // "serve"
  std::vector<std::string> command;
  std::map<std::string, std::string> environment;
};

// Starts the part and starts it again whenever it ends, with a growing pause. Ends when cancelled,
// after stopping it. Fails with `app.child_ended` when it ends at once several times without ever
// having run.
Task<> supervise(net::Loop& loop, Part part);

}  // namespace temps::app

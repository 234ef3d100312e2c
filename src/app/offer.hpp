// What `temps up` offers on a terminal: a first app.
#pragma once
#include "app/up.hpp"
#include "core/task.hpp"
#include "net/loop.hpp"

namespace temps::app {

// Asks whether to deploy the example, once per data folder and only while there is no project, and
// does so. Says nothing where standard input is no terminal. Does not fail.
Task<> offer_demo(net::Loop& loop, const UpOptions& options);

}  // namespace temps::app

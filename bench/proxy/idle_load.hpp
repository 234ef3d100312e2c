// Many connections that do nothing.
#pragma once
#include "proxy/options.hpp"

namespace temps::bench {

// Opens the connections, a bounded number at a time, and sends one request on each. Then prints one
// line of JSON and holds them for the seconds of the options. False: not all of them were answered.
bool run_idle(const Options& options);

}  // namespace temps::bench

// The small process that stands between `serve` and one app of the process runtime, so that the app
// and its output live on when `serve` dies.
#pragma once
#include <filesystem>

namespace temps::runtime {

// The hidden command `temps shim <folder>`: goes to the background, starts the app that the
// folder's spec.json describes, and returns 0 as soon as state.json names it. In the background it
// keeps the app's output, starts it again as the restart policy says, and stops it on SIGTERM.
int shim_main(const std::filesystem::path& folder);

}  // namespace temps::runtime

// `temps serve`: the control plane.
#pragma once
#include <filesystem>
#include <string>

#include "app/options.hpp"
#include "core/result.hpp"

namespace temps::app {

// Serves until SIGTERM or SIGINT.
Result<> serve(const ServeOptions& options);

}  // namespace temps::app

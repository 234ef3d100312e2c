// Which runtime runs the apps.
#pragma once
#include <memory>

#include "app/options.hpp"
#include "core/task.hpp"
#include "net/loop.hpp"
#include "runtime/runtime.hpp"

namespace temps::app {

// The one asked for, or with "auto" docker where an engine answers, else processes. Fails with
// `app.bad_runtime`.
Task<std::unique_ptr<runtime::Runtime>> choose_runtime(net::Loop& loop, const ServeOptions& options,
                                                       std::string installation);

}  // namespace temps::app

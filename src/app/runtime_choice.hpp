// Which runtime runs the apps.
#pragma once
#include <memory>

#include "app/options.hpp"
#include "core/task.hpp"
#include "net/loop.hpp"
#include "runtime/runtime.hpp"

namespace temps::app {

// The one asked for, or with "auto" docker where an engine answers, else processes; but never
// another one than that which the data folder's apps were made for. Remembers the choice there.
// Fails with `app.bad_runtime`.
Task<std::unique_ptr<runtime::Runtime>> choose_runtime(net::Loop& loop, const ServeOptions& options,
                                                       std::string installation);

}  // namespace temps::app

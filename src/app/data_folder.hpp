// The data folder: made at the first start, refused when a newer Temps has written it.
#pragma once
#include <string>

#include "app/layout.hpp"
#include "core/result.hpp"

namespace temps::app {

// Makes what is missing. Fails with `app.newer_data`, `core.system`.
Result<> prepare(const Layout& layout);

// A random name of this installation, made once; labels of containers carry it.
Result<std::string> installation_id(const Layout& layout);

}  // namespace temps::app

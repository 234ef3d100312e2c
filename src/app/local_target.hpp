// The server of this machine, for whoever may read its data folder.
#pragma once
#include <string>

#include "app/client_config.hpp"
#include "core/result.hpp"

namespace temps::app {

// With the token that `serve` left there. Fails with `app.not_logged_in`.
Result<Target> local_target(const std::string& data_folder);

}  // namespace temps::app

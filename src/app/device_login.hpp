// Logging in without a password: a person confirms in a browser that is logged in (RFC 8628).
#pragma once
#include <string>

#include "core/secret.hpp"
#include "core/task.hpp"
#include "net/loop.hpp"

namespace temps::app {

// "temps login on laptop": what the key is called that a login makes.
std::string device_name();
// Shows the code and waits, ten minutes at most. Fails with `app.not_logged_in` when nobody
// confirms.
Task<Secret> token_by_device(net::Loop& loop, std::string url);

}  // namespace temps::app

// Lines for /bin/sh.
#pragma once
#include <string>
#include <string_view>

namespace temps::detect {

// May the command be put behind `exec`, because it is a single program without shell syntax?
bool is_single_command(std::string_view command);
// With `exec` where that is possible, so that signals reach the app and no shell waits beside it.
std::string with_exec(const std::string& command);

}  // namespace temps::detect

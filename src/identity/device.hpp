// What a browser says about itself, in plain words.
#pragma once
#include <string>
#include <string_view>

namespace temps::identity {

// "Firefox on Linux"; "curl" for a program that names itself; "Unknown device" for what is not
// understood. The text is the client's word: it helps people to tell their devices apart, no more.
std::string device_name(std::string_view user_agent);

}  // namespace temps::identity

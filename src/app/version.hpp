#pragma once
#include <string_view>

namespace temps::app {
inline constexpr std::string_view version = "0.1.0";
}

// Which Debian package brings a program. Private to process.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace temps::process {

// "postgresql" for "initdb"; nothing for programs we do not know.
std::optional<std::string_view> package_of(std::string_view program);
// "git is not installed. Install it: apt-get install git"
std::string missing_program(std::string_view program);

}  // namespace temps::process

// How the steps of a Dockerfile come to trust the certificates of this machine.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace temps::runtime {

// Lines for the Dockerfile, before the first RUN of a stage. `image` holds the certificates.
std::vector<std::string> lines_of_trust(std::string_view image);

}  // namespace temps::runtime

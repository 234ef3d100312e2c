// How a Node app is started, or which of its folders is served.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "detect/detect.hpp"
#include "detect/node_framework.hpp"
#include "detect/node_installer.hpp"

namespace temps::detect {

// Either a command or an output; neither when nothing was found, and `problem` says so.
struct NodeStart {
  std::string command{};
  std::optional<StaticOutput> output{};
  std::vector<std::string> warnings{};
  std::string problem{};
};

NodeStart find_node_start(const NodeApp& app, const NodeInstaller& manager,
                          const std::optional<NodeFramework>& framework);

}  // namespace temps::detect

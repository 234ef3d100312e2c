// Which package manager a Node project uses, and its commands.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "detect/detect.hpp"
#include "detect/package_json.hpp"
#include "detect/tree.hpp"

namespace temps::detect {

struct NodeInstaller {
  std::string name;            // "npm", "pnpm", "yarn", "bun"
  std::optional<Tool> tool{};  // how to get it; npm comes with Node.js
  std::string lock_file{};     // empty: none
  std::vector<std::string> manifests{};
  std::vector<std::string> install{};  // empty: there is nothing to install
  std::vector<std::string> prune{};    // empty: not possible
  // Without node_modules: every program is started through yarn.
  bool plug_and_play = false;
  std::vector<std::string> warnings{};

  [[nodiscard]] std::string run(std::string_view script) const;
};

// Fails with `detect.unknown_package_manager`.
Result<NodeInstaller> choose_installer(const Tree& tree, const PackageJson& package);

}  // namespace temps::detect

// The table of Node frameworks: how each is built and what it leaves.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "detect/detect.hpp"
#include "detect/package_json.hpp"
#include "detect/tree.hpp"

namespace temps::detect {

struct NodeApp {
  const Tree& tree;
  const PackageJson& package;
  std::string build_script;  // package.json scripts.build, or what the settings say
};

// What a framework makes of an app.
struct NodeFramework {
  std::string name{};
  std::string build{};                // where package.json has no build script
  std::vector<std::string> finish{};  // after the build
  std::string start{};                // a server, or
  std::optional<StaticOutput> output{};
  std::string build_variable_prefix{};
  std::map<std::string, std::string> environment{};
  std::map<std::string, std::string> build_environment{};
  std::vector<std::string> warnings{};
};

// The first of the table that the package depends on; nothing for none. It has a `start` or an
// `output`.
std::optional<NodeFramework> find_framework(const NodeApp& app);
// "express": a library for servers, whose entry the app itself names. Empty for none.
std::string find_server_library(const PackageJson& package);

}  // namespace temps::detect

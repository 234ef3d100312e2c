// Detect: looks at a source tree and says how it is built and run. A pure function of file names,
// small text files and settings; it never runs anything of the tree.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "detect/errors.hpp"
#include "detect/tree.hpp"

namespace temps::detect {

// What the user decided. Everything here wins over what the tree says.
struct Settings {
  std::string dockerfile{};  // below the root directory; empty: "Dockerfile" if it is there
  std::string root_directory{};
  std::string install_command{};
  std::string build_command{};
  std::string start_command{};
  std::string output_directory{};  // serve this folder as a static site
  // The environment's variables. Read here: TEMPS_NODE_VERSION, TEMPS_PYTHON_VERSION,
  // TEMPS_INSTALL_CMD, TEMPS_BUILD_CMD, TEMPS_START_CMD, also with RAILPACK_ or NIXPACKS_ in front.
  std::map<std::string, std::string> variables{};
};

// Of the language. `value` is as in an image tag: "22", "20.11.1", "3.12".
struct Version {
  std::string value;
  std::string source;  // "package.json engines.node", "default"
};

struct StaticOutput {
  std::string directory;     // below the context; "." is the context itself
  bool single_page = false;  // unknown paths of navigations get /index.html, else /404.html
};

// A package manager that the base image lacks: "pnpm@9" from npm, "uv" from pip.
struct Tool {
  std::string name;
  std::string installer;  // "npm" or "pip"
  std::string package;
};

// From Debian.
struct SystemPackages {
  std::vector<std::string> build;
  std::vector<std::string> run;
};

// Front-end files that Node builds for an app of another language.
struct Assets {
  Version version;
  std::string package_manager;
  std::vector<Tool> tools;
  std::vector<std::string> manifests;
  std::vector<std::string> install_commands;
  std::vector<std::string> build_commands;
};

// Commands are lines for /bin/sh, run in the context.
struct Plan {
  std::string provider;     // "dockerfile", "static", "node", "python"
  std::string framework{};  // "next", "flask", …; empty for none that is known
  Version version{};
  std::string package_manager{};  // "npm", "uv", …; empty when nothing is installed
  std::string context{};          // the folder of the tree that is built; empty: all of it
  std::string dockerfile{};       // below the context, for the provider "dockerfile"
  std::vector<Tool> tools{};
  SystemPackages system_packages{};
  // What install needs to see, so that it is repeated only when one of these changes. Empty: all.
  std::vector<std::string> manifests{};
  std::vector<std::string> install_commands{};
  std::vector<std::string> build_commands{};
  std::vector<std::string> prune_commands{};  // take out what only the build needed
  std::string start_command{};                // empty for static sites and Dockerfiles
  std::optional<StaticOutput> static_output{};
  std::uint16_t port = 0;           // the default of PORT; 0 for static sites and Dockerfiles
  std::vector<std::string> path{};  // folders below the context that go in front of PATH
  std::map<std::string, std::string> environment{};        // defaults when it runs, without PORT
  std::map<std::string, std::string> build_environment{};  // of install and build
  // Variables whose names begin so are needed by the build ("VITE_").
  std::vector<std::string> build_variable_prefixes{};
  std::optional<Assets> assets{};
  std::string release_command{};                   // Procfile `release`
  std::map<std::string, std::string> processes{};  // Procfile, without `web` and `release`
  std::vector<std::string> warnings{};
};

// Fails with the codes of errors.hpp.
Result<Plan> detect(const Tree& tree, const Settings& settings = {});

// Where images come from. "{version}" stands for the plan's version.
struct BaseImages {
  std::string debian = "debian:12-slim";
  std::string node = "node:{version}-slim";
  std::string python = "python:{version}-slim";

  // Made by `temps base-images build` where no registry can be reached.
  static BaseImages local() {
    return {"temps-base/debian:12", "temps-base/node:18", "temps-base/python:3.11"};
  }
};

struct DockerfileOptions {
  // Names of variables that the builder passes as build arguments.
  std::vector<std::string> build_variables{};
};

// The Dockerfile of a plan of a language (not of "dockerfile" and not of a static tree that needs
// no build). Static output is at /app/<static_output->directory> of the image. For the classic
// builder, too. HTTP_PROXY, HTTPS_PROXY and NO_PROXY reach every step as Docker's predefined build
// arguments.
std::string write_dockerfile(const Plan& plan, const BaseImages& images,
                             const DockerfileOptions& options = {});
// The images that the Dockerfile of this plan begins with.
std::vector<std::string> base_images_of(const Plan& plan, const BaseImages& images);
// "package.json engines.node asks for Node.js 22, but temps-base/node:18 …", where an image of a
// fixed version is another one than the plan's.
std::vector<std::string> image_warnings(const Plan& plan, const BaseImages& images);

enum class Phase : std::uint8_t { install, build, start };

// One command of a plan where there is no container engine.
struct Step {
  Phase phase;
  std::string command;  // for /bin/sh -c in the unpacked context; sets its own PATH
  std::map<std::string, std::string> environment;
};

// Install and build steps in order, then one start step unless the plan is static. Uses node, npm
// and python3 of the machine, and writes only below the context.
std::vector<Step> process_steps(const Plan& plan);

// For people: a few lines, without the warnings. `temps detect --json` encodes the Plan itself.
std::string describe(const Plan& plan);

}  // namespace temps::detect

// For the tables of trees in the tests.
#pragma once
#include <map>
#include <ostream>
#include <string>

#include "core/text.hpp"
#include "detect/detect.hpp"

namespace temps::detect {

using Files = std::map<std::string, std::string>;

struct Fixture {
  std::string name;
  Files files;
  // "provider framework | version (source) | install | build | start or output | warnings"
  std::string expected;
  Settings settings{};
};

inline std::string summary(const Result<Plan>& plan) {
  if (!plan) return std::string(plan.error().code().code);
  std::string text = plan->provider;
  if (!plan->framework.empty()) text += " " + plan->framework;
  if (!plan->version.value.empty()) {
    text += " | " + plan->version.value + " (" + plan->version.source + ")";
  }
  for (const auto& tool : plan->tools) text += " | tool " + tool.package;
  if (plan->assets)
    text += " | assets " + join(plan->assets->install_commands, "; ") + "; " +
            join(plan->assets->build_commands, "; ");
  if (!plan->install_commands.empty()) text += " | " + join(plan->install_commands, "; ");
  if (!plan->build_commands.empty()) text += " | " + join(plan->build_commands, "; ");
  if (plan->static_output) {
    text += " | " + std::string(plan->static_output->single_page ? "spa " : "static ") +
            plan->static_output->directory;
  }
  if (!plan->start_command.empty()) text += " | " + plan->start_command;
  if (!plan->dockerfile.empty()) text += " | " + plan->dockerfile;
  if (!plan->release_command.empty()) text += " | release " + plan->release_command;
  return text;
}

inline void PrintTo(const Fixture& fixture, std::ostream* out) { *out << fixture.name; }

}  // namespace temps::detect

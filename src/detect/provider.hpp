// What a language is to the detector. One more language is one more .cpp with a function of this
// shape and one more line in providers.cpp.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "detect/detect.hpp"
#include "detect/tree.hpp"

namespace temps::detect {

// What providers look at: the tree below the root directory, and what was decided by settings,
// variables and Procfile, in this order, already merged.
struct Source {
  const Tree& tree;
  std::string install_command{};
  std::string build_command{};
  std::string start_command{};
  std::string output_directory{};
  std::map<std::string, std::string> variables{};

  // The value of TEMPS_<name>, RAILPACK_<name> or NIXPACKS_<name>, and which it was.
  struct Variable {
    std::string name;
    std::string value;
  };
  [[nodiscard]] std::optional<Variable> variable(std::string_view name) const;
};

struct Provider {
  std::string_view name;
  std::string_view looks_for;  // for the message when none fits
  // Nothing when the tree is not of this kind. detect() then puts the commands of the Source in
  // place of the plan's; a provider must only not fail for want of a command that is given.
  Result<std::optional<Plan>> (*detect)(const Source& source);
};

// In the order in which they are asked.
const std::vector<Provider>& providers();

Result<std::optional<Plan>> detect_python(const Source& source);
Result<std::optional<Plan>> detect_node(const Source& source);
Result<std::optional<Plan>> detect_static(const Source& source);

// Lines "name: command" of a Procfile; '#' begins a comment line. Not YAML: the command is the rest
// of the line.
std::map<std::string, std::string> parse_procfile(std::string_view text);

// The version of a language: a variable decides, else the newest of `lines` in the manifest's
// range, narrowed by a version file when it fits. `lines` are release lines, best first.
struct VersionSources {
  std::string language;                                        // "Node.js"
  std::vector<std::vector<std::uint32_t>> lines;               // the first is the default
  std::optional<Source::Variable> variable;                    // as above
  std::vector<std::pair<std::string, std::string>> manifests;  // source and range, best first
  std::vector<std::pair<std::string, std::string>> files;      // source and version, best first
};
// Adds to `warnings` what was not obeyed. Fails with `detect.no_such_version`.
Result<Version> choose_version(const VersionSources& sources, std::vector<std::string>& warnings);

// "3.12" of the first line that is no comment.
std::string first_word(std::string_view text);
// The version of `tool` in .tool-versions or mise.toml, and the file's name.
std::optional<std::pair<std::string, std::string>> tool_version(
    const Tree& tree, const std::vector<std::string_view>& names);

// For messages: no control characters, at most 200 bytes.
std::string printable(std::string_view text);

}  // namespace temps::detect

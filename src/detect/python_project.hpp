// What the files of a Python project say: dependencies, tools, scripts.
#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "detect/tree.hpp"
#include "json/value.hpp"

namespace temps::detect {

// PEP 503: "Flask_CORS" -> "flask-cors".
std::string normalised_name(std::string_view name);

class PythonProject {
 public:
  // Fails with `detect.invalid_manifest`, `detect.manifest_too_large`.
  static Result<PythonProject> read(const Tree& tree);

  // Is it one, beyond lone .py files?
  [[nodiscard]] bool has_manifest() const { return has_manifest_; }
  // A pyproject.toml that describes a package or app, not only settings of tools.
  [[nodiscard]] bool has_pyproject() const;
  // Does pyproject.toml say how this tree itself is installed?
  [[nodiscard]] bool is_package() const;

  [[nodiscard]] bool depends_on(std::string_view name) const;
  [[nodiscard]] bool depends_on(std::string_view name, std::string_view extra) const;

  // requirements.txt and what it includes.
  [[nodiscard]] const std::vector<std::string>& requirement_files() const {
    return requirement_files_;
  }
  // It names folders of the tree ("-e .").
  [[nodiscard]] bool requirements_need_sources() const { return requirements_need_sources_; }

  // Source and range of each version requirement, best first.
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> version_ranges() const;
  // The first of [project.scripts]; empty for none.
  [[nodiscard]] std::string script() const;

 private:
  void add(std::string_view requirement);
  Result<> read_requirements(const Tree& tree, const std::string& path, int depth);
  Result<> read_pyproject(const Tree& tree);
  Result<> read_pipfile(const Tree& tree);

  json::Value pyproject_;
  json::Value pipfile_;
  bool has_manifest_ = false;
  std::map<std::string, std::set<std::string>, std::less<>> dependencies_;  // name -> extras
  std::vector<std::string> requirement_files_;
  bool requirements_need_sources_ = false;
};

}  // namespace temps::detect

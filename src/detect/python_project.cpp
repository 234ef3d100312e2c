#include "detect/python_project.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "core/text.hpp"
#include "detect/folder_name.hpp"
#include "toml/toml.hpp"

namespace temps::detect {
namespace {

constexpr int include_depth_max = 5;
constexpr std::size_t include_files_max = 20;
constexpr std::size_t requirements_max = 5'000;

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == '.';
}

Result<json::Value> read_toml(const Tree& tree, const std::string& path) {
  auto text = tree.read(path);
  if (!text) return std::unexpected(std::move(text.error()));
  if (!*text) return json::Value();
  auto document = toml::parse(**text, {.size_bytes_max = manifest_bytes_max});
  if (!document) {
    return fail(errors::invalid_manifest, "{}: {}; correct it and push again", path,
                document.error().detail());
  }
  return std::move(*document);
}

std::string text_of(const json::Value& value) {
  return std::string(value.as_string().value_or(""));
}

// "-r base.txt", "--requirement=base.txt": the file; empty for other lines.
std::string_view included(std::string_view line) {
  for (const std::string_view option : {"-r", "--requirement", "-c", "--constraint"}) {
    if (!line.starts_with(option)) continue;
    const auto rest = line.substr(option.size());
    if (rest.starts_with(' ') || rest.starts_with('=')) return trimmed(rest.substr(1));
    if (option.size() == 2) return trimmed(rest);
  }
  return {};
}

std::string_view folder_of(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

}  // namespace

std::string normalised_name(std::string_view name) {
  std::string normal;
  for (const char c : lowered(name)) {
    const char folded = c == '_' || c == '.' ? '-' : c;
    if (folded != '-' || !normal.ends_with('-')) normal += folded;
  }
  return normal;
}

// "Flask[async]>=3 ; python_version > '3.8'"
void PythonProject::add(std::string_view requirement) {
  const auto end = std::ranges::find_if_not(requirement, is_name_character) - requirement.begin();
  if (end == 0 || dependencies_.size() >= requirements_max) return;
  auto& extras = dependencies_[normalised_name(requirement.substr(0, static_cast<size_t>(end)))];
  auto rest = trimmed(requirement.substr(static_cast<std::size_t>(end)));
  if (!rest.starts_with('[')) return;
  rest = rest.substr(1, rest.find(']') - 1);
  for (const auto extra : split(rest, ',')) extras.insert(normalised_name(trimmed(extra)));
}

Result<> PythonProject::read_requirements(const Tree& tree, const std::string& path, int depth) {
  const bool known = std::ranges::find(requirement_files_, path) != requirement_files_.end();
  if (known || depth > include_depth_max || requirement_files_.size() >= include_files_max) {
    return {};
  }
  auto text = tree.read(path);
  if (!text) return std::unexpected(std::move(text.error()));
  if (!*text) return {};
  requirement_files_.push_back(path);
  for (const auto whole : split(**text, '\n')) {
    const auto line = trimmed(whole.starts_with('#') ? "" : cut(whole, " #").first);
    if (const auto file = included(line); !file.empty()) {
      const auto inside = folder_name_in(folder_of(path), file);
      if (!inside) continue;
      if (auto read = read_requirements(tree, *inside, depth + 1); !read) return read;
    } else if (line.starts_with("-e") || line.starts_with("--editable") || line.starts_with('.') ||
               line.contains("file:")) {
      requirements_need_sources_ = true;
    } else if (!line.starts_with('-')) {
      add(line);
    }
  }
  return {};
}

Result<> PythonProject::read_pyproject(const Tree& tree) {
  auto document = read_toml(tree, "pyproject.toml");
  if (!document) return std::unexpected(std::move(document.error()));
  pyproject_ = std::move(*document);
  for (const auto& requirement : pyproject_["project"]["dependencies"].items()) {
    add(text_of(requirement));
  }
  const auto poetry = pyproject_["tool"]["poetry"]["dependencies"];
  for (const auto& [name, wanted] : poetry.members()) {
    if (name == "python") continue;
    add(name);
    for (const auto& extra : wanted["extras"].items()) {
      dependencies_[normalised_name(name)].insert(normalised_name(text_of(extra)));
    }
  }
  return {};
}

Result<> PythonProject::read_pipfile(const Tree& tree) {
  auto document = read_toml(tree, "Pipfile");
  if (!document) return std::unexpected(std::move(document.error()));
  pipfile_ = std::move(*document);
  const auto packages = pipfile_["packages"];
  for (const auto& [name, wanted] : packages.members()) add(name);
  return {};
}

Result<PythonProject> PythonProject::read(const Tree& tree) {
  PythonProject project;
  auto done = project.read_requirements(tree, "requirements.txt", 0);
  if (done) done = project.read_pyproject(tree);
  if (done) done = project.read_pipfile(tree);
  if (!done) return std::unexpected(std::move(done.error()));
  project.has_manifest_ =
      project.has_pyproject() ||
      !tree.first_of({"requirements.txt", "Pipfile", "setup.py", "manage.py"}).empty();
  return project;
}

bool PythonProject::has_pyproject() const {
  return pyproject_["project"].is_object() || pyproject_["tool"]["poetry"].is_object() ||
         is_package();
}

bool PythonProject::is_package() const { return pyproject_["build-system"].is_object(); }

bool PythonProject::depends_on(std::string_view name) const { return dependencies_.contains(name); }

bool PythonProject::depends_on(std::string_view name, std::string_view extra) const {
  const auto found = dependencies_.find(name);
  return found != dependencies_.end() && found->second.contains(std::string(extra));
}

std::vector<std::pair<std::string, std::string>> PythonProject::version_ranges() const {
  std::vector<std::pair<std::string, std::string>> ranges;
  const auto add_range = [&ranges](std::string source, const json::Value& range) {
    if (range.is_string()) ranges.emplace_back(std::move(source), text_of(range));
  };
  add_range("Pipfile python_full_version", pipfile_["requires"]["python_full_version"]);
  add_range("Pipfile python_version", pipfile_["requires"]["python_version"]);
  add_range("pyproject.toml requires-python", pyproject_["project"]["requires-python"]);
  add_range("pyproject.toml tool.poetry python",
            pyproject_["tool"]["poetry"]["dependencies"]["python"]);
  return ranges;
}

std::string PythonProject::script() const {
  for (const auto& scripts :
       {pyproject_["project"]["scripts"], pyproject_["tool"]["poetry"]["scripts"]}) {
    for (const auto& [name, target] : scripts.members()) return std::string(name);
  }
  return {};
}

}  // namespace temps::detect

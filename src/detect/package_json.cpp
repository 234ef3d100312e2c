#include "detect/package_json.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace temps::detect {
namespace {

constexpr std::array<std::string_view, 4> dependency_maps{
    "dependencies", "devDependencies", "optionalDependencies", "peerDependencies"};
constexpr std::array<std::string_view, 4> install_scripts{"preinstall", "install", "postinstall",
                                                          "prepare"};

std::string string_of(const json::Value& value) {
  return std::string(value.as_string().value_or(""));
}

bool is_local(std::string_view version) {
  return version.starts_with("file:") || version.starts_with("link:") ||
         version.starts_with("portal:") || version.starts_with("workspace:") ||
         version.starts_with("./") || version.starts_with("../");
}

}  // namespace

Result<std::optional<PackageJson>> PackageJson::read(const Tree& tree) {
  auto text = tree.read("package.json");
  if (!text) return std::unexpected(std::move(text.error()));
  if (!*text) return std::nullopt;
  auto document = json::decode<json::Value>(**text, {.size_bytes_max = manifest_bytes_max});
  if (!document) {
    return fail(errors::invalid_manifest, "package.json: {}; correct it and push again",
                document.error().detail());
  }
  if (!document->is_object()) {
    return fail(errors::invalid_manifest, "package.json: line 1, column 1: an object is expected");
  }
  return PackageJson(std::move(*document));
}

std::string PackageJson::text(std::string_view key) const { return string_of(document_[key]); }
std::string PackageJson::script(std::string_view name) const {
  return string_of(document_["scripts"][name]);
}
std::string PackageJson::engine(std::string_view name) const {
  return string_of(document_["engines"][name]);
}

bool PackageJson::depends_on(std::string_view package) const {
  return depends_at_run_time_on(package) || document_["devDependencies"].find(package).has_value();
}

bool PackageJson::depends_at_run_time_on(std::string_view package) const {
  return document_["dependencies"].find(package).has_value();
}

bool PackageJson::has_development_dependencies() const {
  return document_["devDependencies"].size() > 0;
}

bool PackageJson::has_dependencies() const {
  return std::ranges::any_of(dependency_maps,
                             [this](auto map) { return document_[map].size() > 0; });
}

bool PackageJson::has_install_scripts() const {
  return std::ranges::any_of(install_scripts, [this](auto name) { return !script(name).empty(); });
}

bool PackageJson::install_needs_sources() const {
  if (has_install_scripts() || is_workspace_root()) return true;
  return std::ranges::any_of(dependency_maps, [this](auto map) {
    return std::ranges::any_of(document_[map].members(), [](const auto& member) {
      return is_local(member.second.as_string().value_or(""));
    });
  });
}

bool PackageJson::is_workspace_root() const {
  const auto workspaces = document_["workspaces"];
  return workspaces.size() > 0;
}

}  // namespace temps::detect

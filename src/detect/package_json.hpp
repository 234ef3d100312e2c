// package.json, as far as building and running need it.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "detect/tree.hpp"
#include "json/json.hpp"

namespace temps::detect {

class PackageJson {
 public:
  // Nothing when there is none. Fails with `detect.invalid_manifest`, `detect.manifest_too_large`.
  static Result<std::optional<PackageJson>> read(const Tree& tree);

  // Empty where it is missing.
  [[nodiscard]] std::string text(std::string_view key) const;
  [[nodiscard]] std::string script(std::string_view name) const;
  [[nodiscard]] std::string engine(std::string_view name) const;

  // In either of the dependency maps.
  [[nodiscard]] bool depends_on(std::string_view package) const;
  [[nodiscard]] bool depends_at_run_time_on(std::string_view package) const;
  [[nodiscard]] bool has_development_dependencies() const;
  [[nodiscard]] bool has_dependencies() const;  // of any kind
  // Does installing run scripts of this package itself, or look at other folders of the tree?
  [[nodiscard]] bool install_needs_sources() const;
  [[nodiscard]] bool has_install_scripts() const;
  [[nodiscard]] bool is_workspace_root() const;

  [[nodiscard]] const json::Value& document() const { return document_; }

 private:
  explicit PackageJson(json::Value document) : document_(std::move(document)) {}
  json::Value document_;
};

}  // namespace temps::detect

// Plain files: index.html at the root or in public/, or where a Staticfile says.
#include <fmt/format.h>

#include <optional>
#include <string>

#include "core/text.hpp"
#include "detect/folder_name.hpp"
#include "detect/provider.hpp"

namespace temps::detect {
namespace {

// Staticfile: lines "key: value" with `root` and `index_fallback`.
Result<StaticOutput> read_staticfile(const Tree& tree) {
  StaticOutput output{.directory = "."};
  for (const auto line : split(tree.text("Staticfile"), '\n')) {
    const auto [key, value] = cut(line, ":");
    const auto wanted = trimmed(value);
    if (trimmed(key) == "root" && !wanted.empty()) {
      auto folder = folder_name(wanted);
      if (!folder) {
        return fail(errors::invalid_manifest, "Staticfile: root \"{}\" is not below the site",
                    printable(wanted));
      }
      output.directory = *folder;
    }
    if (trimmed(key) == "index_fallback") output.single_page = wanted == "true";
  }
  return output;
}

}  // namespace

Result<std::optional<Plan>> detect_static(const Source& source) {
  Plan plan{.provider = "static"};
  if (source.tree.has("Staticfile")) {
    auto output = read_staticfile(source.tree);
    if (!output) return std::unexpected(std::move(output.error()));
    plan.static_output = std::move(*output);
  } else if (!source.output_directory.empty()) {
    // It may be a folder that the walk leaves out, like dist; the build finds out if it is there.
    plan.static_output = StaticOutput{.directory = source.output_directory};
  } else if (source.tree.has("index.html")) {
    plan.static_output = StaticOutput{.directory = "."};
  } else if (source.tree.has("public/index.html")) {
    plan.static_output = StaticOutput{.directory = "public"};
  } else {
    return std::nullopt;
  }
  return plan;
}

}  // namespace temps::detect

// Commands that work on this machine: detect, base-images build.
#include "app/commands.hpp"
#include "app/errors.hpp"
#include "app/terminal.hpp"
#include "baseimages/baseimages.hpp"
#include "core/text.hpp"
#include "detect/detect.hpp"
#include "json/json.hpp"
#include "net/loop.hpp"

namespace temps::app {

Result<> detect_tree(const std::string& folder, Format format, bool dockerfile) {
  auto tree = detect::read_tree(folder);
  if (!tree) return fail(tree.error());
  auto plan = detect::detect(*tree);
  if (!plan) return fail(plan.error());
  if (format == Format::json) {
    print(json::encode(*plan));
    return {};
  }
  print(trimmed(detect::describe(*plan)));
  for (const auto& warning : plan->warnings) note("note: " + warning);
  const bool written = plan->provider != "dockerfile" &&
                       (plan->provider != "static" || !plan->build_commands.empty());
  if (dockerfile && written) print("\n" + detect::write_dockerfile(*plan, {}));
  if (!dockerfile && written)
    note("See the Dockerfile that builds it with: temps detect --dockerfile");
  return {};
}

Result<> build_base_images(const BaseImageOptions& options) {
  const auto which = baseimages::parse_which(options.which);
  if (!which) {
    return fail(errors::usage, "\"{}\" is none of debian, node, python and all", options.which);
  }
  net::Loop loop;
  return loop.run(baseimages::build(
      loop, {.which = *which, .mirror = options.mirror, .engine_socket = options.docker_socket},
      [](std::string_view line) { note(line); }));
}

}  // namespace temps::app

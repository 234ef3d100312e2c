// A plan for people, without its warnings.
#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

#include "core/text.hpp"
#include "detect/detect.hpp"

namespace temps::detect {
namespace {

std::string what(const Plan& plan) {
  if (plan.provider == "dockerfile") return fmt::format("An image from {}", plan.dockerfile);
  if (plan.provider == "static") return "A static site";
  const std::string language = plan.provider == "node" ? "Node.js" : "Python";
  const auto framework = plan.framework.empty() ? "" : fmt::format(" ({})", plan.framework);
  return fmt::format("A {}{} {}", language, framework,
                     plan.static_output ? "site, built and served as static files" : "app");
}

class Table {
 public:
  explicit Table(std::string first) : text_(std::move(first) + "\n") {}
  void row(std::string_view name, std::string_view value) {
    if (!value.empty()) text_ += fmt::format("  {:<10} {}\n", name, value);
  }
  void rows(std::string_view name, const std::vector<std::string>& values) {
    for (const auto& value : values) {
      row(name, value);
      name = "";
    }
  }
  std::string take() && { return std::move(text_); }

 private:
  std::string text_;
};

std::string output_text(const StaticOutput& output) {
  return fmt::format("{}{}", output.directory == "." ? "the root" : output.directory + "/",
                     output.single_page ? ", unknown pages get index.html" : "");
}

}  // namespace

std::string describe(const Plan& plan) {
  Table table(what(plan));
  table.row("folder", plan.context);
  if (!plan.version.value.empty()) {
    table.row("version", fmt::format("{} ({})", plan.version.value, plan.version.source));
  }
  if (plan.assets) {
    table.row("assets", fmt::format("Node.js {} ({})", plan.assets->version.value,
                                    plan.assets->version.source));
    table.rows("", plan.assets->install_commands);
    table.rows("", plan.assets->build_commands);
  }
  std::vector<std::string> tools;
  for (const auto& tool : plan.tools) tools.push_back(tool.package);
  table.row("tools", join(tools, ", "));
  table.row("packages", join(plan.system_packages.run, ", "));
  table.rows("install", plan.install_commands);
  table.rows("build", plan.build_commands);
  if (plan.static_output) table.row("serves", output_text(*plan.static_output));
  table.row("start", plan.start_command);
  if (plan.port != 0) table.row("port", fmt::format("{} (PORT)", plan.port));
  table.row("release", plan.release_command);
  for (const auto& [name, command] : plan.processes) table.row(name, command);
  return std::move(table).take();
}

}  // namespace temps::detect

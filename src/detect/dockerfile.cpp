// A plan as a Dockerfile that a person could have written.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/text.hpp"
#include "detect/command.hpp"
#include "detect/detect.hpp"
#include "json/write.hpp"

namespace temps::detect {
namespace {

struct Language {
  std::string_view provider;
  std::string_view title;
  std::string BaseImages::* image;
};
constexpr Language languages[] = {{"node", "Node.js", &BaseImages::node},
                                  {"python", "Python", &BaseImages::python}};

std::string image_of(std::string_view provider, const Version& version, const BaseImages& images) {
  for (const auto& language : languages) {
    if (language.provider != provider) continue;
    return replaced(images.*language.image, "{version}", version.value);
  }
  return images.debian;
}

std::string_view title_of(std::string_view provider) {
  for (const auto& language : languages) {
    if (language.provider == provider) return language.title;
  }
  return provider;
}

bool is_variable_name(std::string_view name) {
  return !name.empty() && (name[0] < '0' || name[0] > '9') && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

std::string as_shell_array(const std::string& command) {
  return fmt::format("[\"/bin/sh\", \"-c\", {}]", json::quote(command));
}

// RUN and CMD end with their line, a last backslash continues it, '[' begins the other form, and
// "<<" is a here-document for newer builders.
bool fits_in_a_line(const std::string& command) {
  return !command.contains('\n') && !command.contains('\r') && !command.contains("<<") &&
         !command.ends_with('\\') && !command.starts_with('[') && !command.starts_with("--");
}

// One stage, line by line.
class Stage {
 public:
  explicit Stage(std::string& text) : text_(text) {}

  void line(std::string_view content) { text_ += fmt::format("{}\n", content); }
  void comment(std::string_view content) { line(fmt::format("# {}", content)); }
  void run(const std::string& command) {
    line("RUN " + (fits_in_a_line(command) ? command : as_shell_array(command)));
  }
  void run_all(const std::vector<std::string>& commands) {
    for (const auto& command : commands) run(command);
  }
  void start(const std::string& command) {
    const auto whole = with_exec(command);
    line("CMD " + (fits_in_a_line(whole) ? whole : as_shell_array(whole)));
  }
  void environment(const std::map<std::string, std::string>& variables) {
    std::vector<std::string> parts;
    for (const auto& [name, value] : variables) parts.push_back(fmt::format("{}={}", name, value));
    if (!parts.empty()) line("ENV " + join(parts, " \\\n    "));
  }
  void search_path(const std::vector<std::string>& folders) {
    std::string path;
    for (const auto& folder : folders) {
      path += fmt::format("{}{}:", folder.starts_with('/') ? "" : "/app/", folder);
    }
    if (!path.empty()) line(fmt::format("ENV PATH={}$PATH", path));
  }
  void install_packages(const std::vector<std::string>& packages) {
    if (packages.empty()) return;
    line(
        fmt::format("RUN apt-get update \\\n && apt-get install -y --no-install-recommends {} \\\n"
                    " && rm -rf /var/lib/apt/lists/*",
                    join(packages, " ")));
  }
  void install_tool(const Tool& tool) {
    if (tool.installer == "npm") {
      // Official images have yarn 1 already, so it has to be replaced.
      line(fmt::format("RUN npm install --global {}{}", tool.name == "yarn" ? "--force " : "",
                       tool.package));
    } else {
      line(fmt::format("RUN python3 -m venv /opt/{0} && /opt/{0}/bin/pip install {1}", tool.name,
                       tool.package));
      search_path({fmt::format("/opt/{}/bin", tool.name)});
    }
  }
  // Files of one folder in one line; a name that ends with '/' is a folder.
  void copy_manifests(const std::vector<std::string>& manifests) {
    std::map<std::string, std::vector<std::string>> by_folder;
    for (const auto& manifest : manifests) {
      if (manifest.ends_with('/')) {
        copy({manifest}, "./" + manifest);
        continue;
      }
      const auto slash = manifest.rfind('/');
      const auto folder = slash == std::string::npos ? "" : manifest.substr(0, slash + 1);
      by_folder[folder].push_back(manifest);
    }
    for (const auto& [folder, files] : by_folder) copy(files, "./" + folder);
  }

 private:
  void copy(std::vector<std::string> sources, const std::string& target) {
    sources.push_back(target);
    const bool has_space =
        std::ranges::any_of(sources, [](const auto& name) { return name.contains(' '); });
    if (!has_space) return line("COPY " + join(sources, " "));
    for (auto& name : sources) name = json::quote(name);
    line(fmt::format("COPY [{}]", join(sources, ", ")));
  }

  std::string& text_;
};

struct Work {
  const std::vector<Tool>& tools;
  const std::vector<std::string>& system_packages;
  const std::vector<std::string>& manifests;
  const std::vector<std::string>& install_commands;
  const std::vector<std::string>& build_commands;
  const std::vector<std::string>& path;
  const std::map<std::string, std::string>& environment;
};

// Everything up to the built tree in /app.
void write_work(Stage& stage, const Work& work, const DockerfileOptions& options) {
  stage.line("WORKDIR /app");
  stage.environment(work.environment);
  stage.install_packages(work.system_packages);
  for (const auto& tool : work.tools) stage.install_tool(tool);
  stage.search_path(work.path);
  for (const auto& name : options.build_variables) {
    if (is_variable_name(name)) stage.line("ARG " + name);
  }
  const bool manifests_first = !work.manifests.empty() && !work.install_commands.empty();
  if (manifests_first) {
    stage.comment("Dependencies first: these layers are used again until a manifest changes.");
    stage.copy_manifests(work.manifests);
    stage.run_all(work.install_commands);
  }
  stage.line("COPY . .");
  if (!manifests_first) stage.run_all(work.install_commands);
  stage.run_all(work.build_commands);
}

std::string title(const Plan& plan) {
  std::string text(title_of(plan.provider));
  if (!plan.framework.empty()) text += ", " + plan.framework;
  if (!plan.package_manager.empty()) text += ", " + plan.package_manager;
  return text;
}

void write_assets(std::string& text, const Plan& plan, const BaseImages& images,
                  const DockerfileOptions& options) {
  Stage stage(text);
  const auto& assets = *plan.assets;
  stage.comment("The front end.");
  stage.line(fmt::format("FROM {} AS assets", image_of("node", assets.version, images)));
  static const std::vector<std::string> no_packages;
  static const std::vector<std::string> path{"node_modules/.bin"};
  static const std::map<std::string, std::string> environment{{"CI", "true"}};
  write_work(stage,
             {assets.tools, no_packages, assets.manifests, assets.install_commands,
              assets.build_commands, path, environment},
             options);
  stage.line("RUN rm -rf node_modules");
  stage.line("");
}

bool has_build_stage(const Plan& plan) {
  return !plan.install_commands.empty() || !plan.build_commands.empty() || plan.static_output;
}

// The image that runs: the built tree, an unprivileged user, the start command.
void write_final(std::string& text, const Plan& plan, const BaseImages& images) {
  const bool is_only_stage = !has_build_stage(plan) && !plan.assets;
  const auto copy_from = has_build_stage(plan) ? "build" : "assets";
  Stage stage(text);
  if (!is_only_stage) stage.comment("What runs.");
  stage.line("FROM " + image_of(plan.provider, plan.version, images));
  stage.line("WORKDIR /app");
  auto environment = plan.environment;
  if (plan.port != 0) environment["PORT"] = std::to_string(plan.port);
  stage.environment(environment);
  stage.search_path(plan.path);
  stage.install_packages(plan.system_packages.run);
  for (const auto& tool : plan.tools) {
    if (tool.installer == "npm" && plan.start_command.starts_with(tool.name + " ")) {
      stage.install_tool(tool);
    }
  }
  stage.line("RUN useradd --create-home app && chown app:app /app");
  if (is_only_stage) {
    stage.line("COPY --chown=app:app . .");
  } else {
    stage.line(fmt::format("COPY --from={} --chown=app:app /app ./", copy_from));
  }
  stage.line("USER app");
  if (plan.port != 0) stage.line(fmt::format("EXPOSE {}", plan.port));
  stage.start(plan.start_command);
}

void write_build(std::string& text, const Plan& plan, const BaseImages& images,
                 const DockerfileOptions& options) {
  Stage stage(text);
  if (plan.static_output) {
    stage.comment(fmt::format("The site is in /app{}.", plan.static_output->directory == "."
                                                            ? ""
                                                            : "/" + plan.static_output->directory));
  }
  stage.line(fmt::format("FROM {} AS build", image_of(plan.provider, plan.version, images)));
  write_work(stage,
             {plan.tools, plan.system_packages.build, plan.manifests, plan.install_commands,
              plan.assets ? std::vector<std::string>() : plan.build_commands, plan.path,
              plan.build_environment},
             options);
  if (plan.assets) {
    stage.line("COPY --from=assets /app ./");
    stage.run_all(plan.build_commands);
  }
  stage.run_all(plan.prune_commands);
}

}  // namespace

std::string write_dockerfile(const Plan& plan, const BaseImages& images,
                             const DockerfileOptions& options) {
  std::string text = fmt::format(
      "# {}. Written by Temps; keep it as Dockerfile in the repository to change it.\n"
      "# HTTP_PROXY, HTTPS_PROXY and NO_PROXY reach the steps as predefined build arguments.\n\n",
      title(plan));
  if (plan.assets) write_assets(text, plan, images, options);
  if (has_build_stage(plan)) write_build(text, plan, images, options);
  if (plan.static_output) return text;
  if (has_build_stage(plan)) text += '\n';
  write_final(text, plan, images);
  return text;
}

std::vector<std::string> base_images_of(const Plan& plan, const BaseImages& images) {
  if (plan.provider == "dockerfile") return {};
  std::vector<std::string> used{image_of(plan.provider, plan.version, images)};
  if (plan.assets) used.push_back(image_of("node", plan.assets->version, images));
  return used;
}

std::vector<std::string> image_warnings(const Plan& plan, const BaseImages& images) {
  std::vector<std::string> warnings;
  const auto look = [&](std::string_view provider, const Version& version) {
    if (version.value.empty() || version.source == "default") return;
    for (const auto& language : languages) {
      const auto& image = images.*language.image;
      if (language.provider != provider || image.contains("{version}")) continue;
      const auto tag = image.substr(image.rfind(':') + 1);
      if (version.value == tag || version.value.starts_with(tag + ".")) continue;
      warnings.push_back(fmt::format("{} asks for {} {}, but the base image is {}", version.source,
                                     language.title, version.value, image));
    }
  };
  look(plan.provider, plan.version);
  if (plan.assets) look("node", plan.assets->version);
  return warnings;
}

}  // namespace temps::detect

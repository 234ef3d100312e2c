#include "detect/node_framework.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/text.hpp"
#include "detect/folder_name.hpp"
#include "detect/node_script.hpp"

namespace temps::detect {
namespace {

// Fits a row to the app, from its configuration. False: it is something else after all.
using Adjust = bool (*)(const NodeApp& app, NodeFramework& found);

enum class Fallback : std::uint8_t { page_404, index };

struct Row {
  std::string_view name;
  std::vector<std::string_view> packages;  // any of them
  std::string_view build;
  std::string_view start;   // a server, or
  std::string_view output;  // a static folder
  Fallback fallback;
  std::string_view prefix;
  Adjust adjust;
};

void make_static(NodeFramework& found, std::string directory, Fallback fallback) {
  found.start.clear();
  found.output = StaticOutput{std::move(directory), fallback == Fallback::index};
}

// `folder` as literal configuration says it, or the usual one. What leads out of the tree is not
// ours to serve.
std::string folder_or(const std::optional<std::string>& folder, std::string_view usual) {
  return folder ? folder_name(*folder).value_or(std::string(usual)) : std::string(usual);
}

bool adjust_next(const NodeApp& app, NodeFramework& found) {
  const auto config = config_text(app.tree, "next.config");
  const auto folder = literal_of(config, "distDir");
  found.build_environment["NEXT_TELEMETRY_DISABLED"] = "1";
  if (has_setting(config, "output", "'export'") || has_setting(config, "output", "\"export\"") ||
      app.build_script.contains("next export")) {
    make_static(found, folder_or(folder, "out"), Fallback::page_404);
  } else if (has_setting(config, "output", "'standalone'") ||
             has_setting(config, "output", "\"standalone\"")) {
    const auto made = folder_or(folder, ".next");
    found.finish = {
        fmt::format("cp -R {0}/static {0}/standalone/{0}/", shell_word(made)),
        fmt::format("if [ -d public ]; then cp -R public {}/standalone/; fi", shell_word(made))};
    found.start = fmt::format("node {}", shell_word(made + "/standalone/server.js"));
  }
  return true;
}

bool adjust_nuxt(const NodeApp& app, NodeFramework& found) {
  if (app.build_script.contains("generate")) {
    make_static(found, ".output/public", Fallback::page_404);
  }
  return true;
}

bool adjust_react_router(const NodeApp& app, NodeFramework& found) {
  const auto config = config_text(app.tree, "react-router.config");
  const auto folder = folder_or(literal_of(config, "buildDirectory"), "build");
  found.start = fmt::format("react-router-serve {}", shell_word(folder + "/server/index.js"));
  if (has_setting(config, "ssr", "false")) {
    make_static(found, folder + "/client", Fallback::index);
  }
  return true;
}

bool adjust_svelte_kit(const NodeApp& app, NodeFramework& found) {
  const auto config = config_text(app.tree, "svelte.config");
  if (app.package.depends_on("@sveltejs/adapter-static")) {
    const auto fallback = literal_of(config, "fallback");
    const bool single_page = fallback && *fallback != "404.html";
    if (single_page && *fallback != "index.html") {
      found.warnings.push_back(fmt::format(
          "svelte.config names {} as the fallback page; name it index.html", *fallback));
    }
    make_static(found, folder_or(literal_of(config, "pages"), "build"),
                single_page ? Fallback::index : Fallback::page_404);
  } else if (app.package.depends_on("@sveltejs/adapter-auto") &&
             !app.package.depends_on("@sveltejs/adapter-node")) {
    found.build_environment["GCP_BUILDPACKS"] = "1";  // makes adapter-auto choose adapter-node
  }
  return true;
}

bool adjust_astro(const NodeApp& app, NodeFramework& found) {
  const auto config = config_text(app.tree, "astro.config");
  const auto folder = folder_or(literal_of(config, "outDir"), "dist");
  if (app.package.depends_on("@astrojs/node")) {
    found.start = fmt::format("node {}", shell_word(folder + "/server/entry.mjs"));
    found.output.reset();
  } else {
    make_static(found, folder, Fallback::page_404);
  }
  return true;
}

std::string text_of(const json::Value& value) {
  return std::string(value.as_string().value_or(""));
}

// `outputPath` is a string or {base, browser}; the newer builders put a folder "browser" in it.
void fit_to_angular_build(const std::string& project, const json::Value& build,
                          NodeFramework& found) {
  const auto options = build["options"];
  const auto path = options["outputPath"];
  const auto base = path.is_object() ? text_of(path["base"]) : text_of(path);
  const auto usual = fmt::format("dist/{}", project);
  const auto folder = folder_or(base.empty() ? usual : base, usual);
  const bool nested = text_of(build["builder"]).ends_with(":application");
  if (nested && !options["ssr"].is_null() && !options["server"].is_null()) {
    found.start = fmt::format("node {}", shell_word(folder + "/server/server.mjs"));
    found.output.reset();
    return;
  }
  const auto browser = path["browser"];
  const auto below = !nested ? std::string() : browser.is_string() ? text_of(browser) : "browser";
  make_static(found, folder_name_in(folder, below).value_or(folder), Fallback::index);
}

bool adjust_angular(const NodeApp& app, NodeFramework& found) {
  const auto workspace = json::decode<json::Value>(app.tree.text("angular.json"),
                                                   {.size_bytes_max = manifest_bytes_max});
  if (!workspace) return false;
  const auto projects = (*workspace)["projects"];
  for (const auto& [name, project] : projects.members()) {
    const auto build = project["architect"]["build"];
    const auto kind = text_of(project["projectType"]);
    if (build.is_null() || (!kind.empty() && kind != "application")) continue;
    fit_to_angular_build(std::string(name), build, found);
    return true;
  }
  return false;
}

bool adjust_vitepress(const NodeApp& app, NodeFramework& found) {
  const bool in_docs = app.tree.has_folder("docs/.vitepress") ||
                       (!app.tree.has_folder(".vitepress") && app.tree.has("docs/index.md"));
  if (!in_docs && !app.tree.has_folder(".vitepress") && !app.tree.has("index.md")) return false;
  found.build = in_docs ? "vitepress build docs" : "vitepress build";
  make_static(found, in_docs ? "docs/.vitepress/dist" : ".vitepress/dist", Fallback::page_404);
  return true;
}

bool adjust_storybook(const NodeApp& app, NodeFramework&) {
  // Many apps have it beside them; it is the result only where nothing else is built.
  return app.build_script.contains("storybook");
}

bool adjust_expo(const NodeApp& app, NodeFramework&) {
  return app.package.depends_on("react-native-web");
}

bool adjust_nest(const NodeApp& app, NodeFramework& found) {
  if (!app.package.script("start:prod").empty()) found.start = app.package.script("start:prod");
  return true;
}

bool adjust_tanstack(const NodeApp& app, NodeFramework& found) {
  if (!app.package.depends_on("nitro") && app.package.depends_on("srvx")) {
    found.start = "srvx --prod -s ../client dist/server/server.js";
  }
  return true;
}

bool adjust_vite(const NodeApp& app, NodeFramework& found) {
  const auto config = config_text(app.tree, "vite.config");
  const auto root = folder_or(literal_of(config, "root"), ".");
  auto folder = flag_value(app.build_script, {"--outDir"});
  if (!folder) folder = literal_of(config, "outDir");
  make_static(found, folder_name_in(root, folder.value_or("dist")).value_or("dist"),
              Fallback::index);
  return true;
}

bool adjust_parcel(const NodeApp& app, NodeFramework& found) {
  make_static(found, folder_or(flag_value(app.build_script, {"--dist-dir"}), "dist"),
              Fallback::index);
  return true;
}

bool adjust_eleventy(const NodeApp& app, NodeFramework& found) {
  make_static(found, folder_or(flag_value(app.build_script, {"--output"}), "_site"),
              Fallback::page_404);
  return true;
}

constexpr auto page_404 = Fallback::page_404;
constexpr auto index = Fallback::index;

// The order decides: what is built on Vite stands before Vite.
const std::vector<Row>& rows() {
  static const std::vector<Row> list{
      {"next", {"next"}, "next build", "next start", "", page_404, "NEXT_PUBLIC_", adjust_next},
      {"nuxt",
       {"nuxt"},
       "nuxt build",
       "node .output/server/index.mjs",
       "",
       page_404,
       "",
       adjust_nuxt},
      {"remix",
       {"@remix-run/dev"},
       "remix vite:build",
       "remix-serve build/server/index.js",
       "",
       page_404,
       "VITE_",
       nullptr},
      {"react-router",
       {"@react-router/dev"},
       "react-router build",
       "",
       "",
       page_404,
       "VITE_",
       adjust_react_router},
      {"tanstack-start",
       {"@tanstack/react-start", "@tanstack/solid-start"},
       "vite build",
       "node .output/server/index.mjs",
       "",
       page_404,
       "VITE_",
       adjust_tanstack},
      {"solid-start",
       {"@solidjs/start"},
       "vinxi build",
       "node .output/server/index.mjs",
       "",
       page_404,
       "VITE_",
       nullptr},
      {"sveltekit",
       {"@sveltejs/kit"},
       "vite build",
       "node build",
       "",
       page_404,
       "PUBLIC_",
       adjust_svelte_kit},
      {"astro", {"astro"}, "astro build", "", "", page_404, "PUBLIC_", adjust_astro},
      {"angular", {"@angular/core"}, "ng build", "", "", index, "", adjust_angular},
      {"gatsby", {"gatsby"}, "gatsby build", "", "public", page_404, "GATSBY_", nullptr},
      {"docusaurus", {"@docusaurus/core"}, "docusaurus build", "", "build", page_404, "", nullptr},
      {"vitepress", {"vitepress"}, "", "", "", page_404, "VITE_", adjust_vitepress},
      {"eleventy", {"@11ty/eleventy"}, "eleventy", "", "", page_404, "", adjust_eleventy},
      {"hexo", {"hexo"}, "hexo generate", "", "public", page_404, "", nullptr},
      {"create-react-app",
       {"react-scripts"},
       "react-scripts build",
       "",
       "build",
       index,
       "REACT_APP_",
       nullptr},
      {"vue-cli",
       {"@vue/cli-service"},
       "vue-cli-service build",
       "",
       "dist",
       index,
       "VUE_APP_",
       nullptr},
      {"expo", {"expo"}, "expo export -p web", "", "dist", index, "EXPO_PUBLIC_", adjust_expo},
      {"nest", {"@nestjs/core"}, "nest build", "node dist/main.js", "", page_404, "", adjust_nest},
      {"storybook",
       {"storybook"},
       "storybook build",
       "",
       "storybook-static",
       page_404,
       "",
       adjust_storybook},
      {"rsbuild", {"@rsbuild/core"}, "rsbuild build", "", "dist", index, "PUBLIC_", nullptr},
      {"parcel", {"parcel"}, "", "", "", index, "", adjust_parcel},
      {"vite", {"vite"}, "vite build", "", "", index, "VITE_", adjust_vite},
  };
  return list;
}

}  // namespace

std::string find_server_library(const PackageJson& package) {
  for (const auto name : {"express", "fastify", "hono", "koa", "h3", "elysia"}) {
    if (package.depends_on(name)) return name;
  }
  return {};
}

std::optional<NodeFramework> find_framework(const NodeApp& app) {
  for (const auto& row : rows()) {
    const bool wanted = std::ranges::any_of(
        row.packages, [&app](auto package) { return app.package.depends_on(package); });
    if (!wanted) continue;
    NodeFramework found{.name = std::string(row.name),
                        .build = std::string(row.build),
                        .start = std::string(row.start),
                        .build_variable_prefix = std::string(row.prefix)};
    if (!row.output.empty()) make_static(found, std::string(row.output), row.fallback);
    if (row.adjust == nullptr || row.adjust(app, found)) return found;
  }
  return std::nullopt;
}

}  // namespace temps::detect

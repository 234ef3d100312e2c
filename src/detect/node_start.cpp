#include "detect/node_start.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "detect/command.hpp"
#include "detect/folder_name.hpp"
#include "detect/node_script.hpp"
#include "detect/provider.hpp"

namespace temps::detect {
namespace {

// Built on these, an app often has its own server beside the site.
constexpr std::array<std::string_view, 3> bundlers{"vite", "rsbuild", "parcel"};
constexpr std::array<std::string_view, 4> entry_names{"server", "index", "app", "main"};

std::string node_command(const std::string& file) { return "node " + shell_word(file); }

// Without npm in between where that makes no difference: it saves a process, and signals arrive.
std::string start_script_command(const NodeApp& app, const NodeInstaller& manager) {
  const auto script = app.package.script("start");
  const bool has_hooks =
      !app.package.script("prestart").empty() || !app.package.script("poststart").empty();
  if (!has_hooks && is_single_command(script) && !script.contains("$npm_")) return script;
  // npm is everywhere where Node.js is, and runs the scripts of all of them but bun's.
  return manager.name == "bun" ? "bun run start" : "npm run start";
}

bool mentions(const std::string& text, const std::string& package) {
  return text.contains(fmt::format("'{}'", package)) ||
         text.contains(fmt::format("\"{}\"", package));
}

// A file in the root or in src/ that imports the server library.
std::string library_entry(const NodeApp& app) {
  const auto library = find_server_library(app.package);
  if (library.empty()) return {};
  for (const auto folder : {"", "src/"}) {
    for (const auto name : entry_names) {
      for (const auto ending : {"js", "mjs", "cjs"}) {
        const auto path = fmt::format("{}{}.{}", folder, name, ending);
        if (app.tree.has(path) && mentions(app.tree.text(path), library)) return path;
      }
    }
  }
  return {};
}

std::string main_file(const NodeApp& app) {
  const auto main = app.package.text("main");
  const auto path = main.empty() ? std::nullopt : folder_name(main);
  if (!path) return {};
  if (app.tree.has(*path)) return *path;
  if (app.tree.has(*path + ".js")) return *path + ".js";
  // The build makes it; the walk does not look into such folders anyway.
  const bool built = path->starts_with("dist/") || path->starts_with("build/") ||
                     path->starts_with("lib/") || path->starts_with("out/");
  return built && !app.build_script.empty() ? *path : std::string();
}

// Beside an index.html, a script is for the browser unless it listens.
bool is_server_file(const NodeApp& app, const std::string& path) {
  return !path.empty() && (!app.tree.has("index.html") || app.tree.text(path).contains("listen("));
}

std::string usual_file(const NodeApp& app) {
  for (const auto name :
       {"server.js", "index.js", "app.js", "server.mjs", "index.mjs", "app.mjs"}) {
    if (app.tree.has(name)) return name;
  }
  return {};
}

// A build without a known framework and without anything to start leaves files.
std::optional<StaticOutput> guessed_output(const NodeApp& app) {
  if (app.build_script.empty()) return std::nullopt;
  const auto named = flag_value(app.build_script, {"--outDir", "--out-dir", "--outdir",
                                                   "--output-path", "--dist-dir", "-o", "-d"});
  const auto folder = named ? folder_name(*named) : std::nullopt;
  // "-o css/site.css" is a file
  if (folder && !folder->contains('.')) return StaticOutput{.directory = *folder};
  if (app.tree.has("index.html")) return StaticOutput{.directory = "."};
  if (app.tree.has("public/index.html")) return StaticOutput{.directory = "public"};
  if (app.package.depends_on("webpack")) return StaticOutput{.directory = "dist"};
  return std::nullopt;
}

std::string problem_of(const NodeApp& app) {
  const auto script = app.package.script("start");
  if (is_development_script(app.package, "start")) {
    return fmt::format(
        "package.json: the start script \"{}\" is a development server, and nothing else says how "
        "to serve the app in production; set a start command, or an output directory for a static "
        "site",
        printable(script));
  }
  return "package.json has no start script, and there is no server.js, index.js or app.js; add "
         "\"start\" to its scripts, or set a start command";
}

}  // namespace

NodeStart find_node_start(const NodeApp& app, const NodeInstaller& manager,
                          const std::optional<NodeFramework>& framework) {
  NodeStart found;
  const bool has_start =
      !app.package.script("start").empty() && !is_development_script(app.package, "start");
  const bool may_be_server =
      !framework || std::ranges::find(bundlers, framework->name) != bundlers.end();
  const auto entry = may_be_server ? library_entry(app) : std::string();
  // A framework's exported site has no server that its own `start` could run.
  const bool starts_framework =
      framework && app.package.script("start").starts_with(framework->name + " ");

  if (has_start && !(framework && framework->output && starts_framework)) {
    found.command = start_script_command(app, manager);
  } else if (!entry.empty()) {
    found.command = node_command(entry);
  } else if (framework && framework->output) {
    found.output = framework->output;
  } else if (framework) {
    found.command = framework->start;
  } else if (const auto main = main_file(app); is_server_file(app, main)) {
    found.command = node_command(main);
  } else if (const auto usual = usual_file(app); is_server_file(app, usual)) {
    found.command = node_command(usual);
  } else if (auto output = guessed_output(app)) {
    found.warnings.push_back(fmt::format(
        "nothing starts a server, so {} is served as a static site after the build; set the "
        "output directory if it is another folder",
        output->directory == "." ? "the root" : output->directory + "/"));
    found.output = std::move(output);
  } else {
    found.problem = problem_of(app);
  }
  if (manager.plug_and_play && !found.command.empty()) {
    found.command = has_start ? "yarn run start" : "yarn " + found.command;
  }
  return found;
}

}  // namespace temps::detect

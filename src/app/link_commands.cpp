// temps link, init and open: a folder and its project.
#include <unistd.h>

#include <array>
#include <cstdlib>

#include "app/commands.hpp"
#include "app/errors.hpp"
#include "app/folder_target.hpp"
#include "app/terminal.hpp"
#include "core/text.hpp"
#include "json/json.hpp"
#include "process/process.hpp"

namespace temps::app {

namespace {

Task<std::string> wanted_project(const LinkOptions& options) {
  if (!options.project.empty()) co_return options.project;
  co_return co_await ask_project(project_name_of(options.folder));
}

Result<> say_linked(const LinkOptions& options, const Target& target, const ProjectView& project) {
  const ProjectLink link{target.url, project.name};
  if (auto written = write_link(options.folder, link); !written) return written;
  if (options.common.format == Format::json) {
    print(json::encode(link));
    return {};
  }
  print(fmt::format("This folder belongs to {} at {}.", project.name, target.url));
  note("Deploy it with: temps deploy");
  return {};
}

Task<> link(net::Loop& loop, LinkOptions options) {
  ApiClient client(loop, co_await find_target(options.common.url));
  const auto project = co_await known_project(client, co_await wanted_project(options));
  co_await say_linked(options, client.target(), project);
}

Task<> init(net::Loop& loop, LinkOptions options) {
  ApiClient client(loop, co_await find_target(options.common.url));
  const auto project = co_await make_project(client, co_await wanted_project(options));
  co_await say_linked(options, client.target(), project);
}

// Only where somebody sits and a desktop is there; the address is printed anyway.
void show_in_browser(const std::string& address) {
  const bool has_desktop =
      std::getenv("DISPLAY") != nullptr || std::getenv("WAYLAND_DISPLAY") != nullptr;
  if (!is_terminal(STDOUT_FILENO) || !has_desktop) return;
  const auto program = process::find_program("xdg-open");
  if (!program || ::fork() != 0) return;
  if (::setsid() < 0) ::_exit(1);
  ::execl(program->c_str(), program->c_str(), address.c_str(), nullptr);
  ::_exit(1);
}

Task<> open_it(net::Loop& loop, LinkOptions options) {
  const auto link = co_await read_link(options.folder);
  ApiClient client(loop, co_await folder_server(options.common, link));
  if (options.project.empty() && link) options.project = link->project;
  if (options.project.empty()) {
    co_await fail(errors::usage,
                  "name a project: temps open PROJECT, or link the folder once: "
                  "temps link PROJECT");
  }
  const auto project = co_await client.get<ProjectView>(project_path(options.project));
  if (options.common.format == Format::json) {
    print(json::encode(project));
    co_return;
  }
  print(project.address);
  show_in_browser(project.address);
}

}  // namespace

Result<> link_folder(const LinkOptions& options) {
  net::Loop loop;
  return loop.run(link(loop, options));
}
Result<> init_folder(const LinkOptions& options) {
  net::Loop loop;
  return loop.run(init(loop, options));
}
Result<> open_project(const LinkOptions& options) {
  net::Loop loop;
  return loop.run(open_it(loop, options));
}

}  // namespace temps::app

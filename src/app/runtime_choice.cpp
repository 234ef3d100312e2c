#include "app/runtime_choice.hpp"

#include <filesystem>

#include "app/errors.hpp"
#include "app/layout.hpp"
#include "core/log.hpp"
#include "core/text.hpp"
#include "files/files.hpp"
#include "runtime/docker_runtime.hpp"
#include "runtime/process_runtime.hpp"

namespace temps::app {

namespace {

// Has the process runtime built anything here?
bool has_releases(const std::filesystem::path& data) {
  std::error_code missing;
  return std::filesystem::directory_iterator(data / "releases", missing) !=
             std::filesystem::directory_iterator() &&
         !missing;
}

Task<std::string> decide(net::Loop& loop, const ServeOptions& options) {
  const auto remembered = files::read(Layout{options.data}.runtime());
  const auto former = remembered ? std::string(trimmed(*remembered)) : std::string();
  const bool answers = co_await runtime::docker_answers(loop, options.docker_socket);
  if (!answers && former == "docker") {
    log::error(
        "apps here run in containers, and no container engine answers; what runs goes on, and is "
        "looked after when the engine is back: systemctl start docker. To run apps without it, "
        "start with --runtime process and push each again",
        {{"socket", options.docker_socket}});
    co_return "docker";
  }
  if (answers && former == "process" && has_releases(options.data)) {
    log::warning(
        "a container engine is here now, but the apps run as processes; to change over, start with "
        "--runtime docker and push each again");
    co_return "process";
  }
  co_return answers ? "docker" : "process";
}

}  // namespace

Task<std::unique_ptr<runtime::Runtime>> choose_runtime(net::Loop& loop, const ServeOptions& options,
                                                       std::string installation) {
  std::string wanted = options.runtime;
  if (wanted == "auto") wanted = co_await decide(loop, options);
  std::unique_ptr<runtime::Runtime> chosen;
  if (wanted == "docker") {
    chosen = std::make_unique<runtime::DockerRuntime>(
        loop, runtime::DockerOptions{.socket = options.docker_socket,
                                     .installation = std::move(installation),
                                     .step_ledger = Layout{options.data}.build_steps(),
                                     .build_cache_bytes_max = options.build_cache_bytes_max});
  } else if (wanted == "process") {
    chosen = std::make_unique<runtime::ProcessRuntime>(
        loop, runtime::ProcessOptions{.data_folder = options.data,
                                      .shim_program = options.program.string()});
  } else {
    co_await fail(errors::bad_runtime, "\"{}\" is no runtime; choose docker, process or auto",
                  wanted);
  }
  co_await files::write_atomically(Layout{options.data}.runtime(), wanted + "\n");
  log::info("apps run on this runtime",
            {{"runtime", chosen->name()}, {"caveat", chosen->caveat()}});
  co_return chosen;
}

}  // namespace temps::app

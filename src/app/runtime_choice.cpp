#include "app/runtime_choice.hpp"

#include "app/errors.hpp"
#include "core/log.hpp"
#include "runtime/docker_runtime.hpp"
#include "runtime/process_runtime.hpp"

namespace temps::app {

Task<std::unique_ptr<runtime::Runtime>> choose_runtime(net::Loop& loop, const ServeOptions& options,
                                                       std::string installation) {
  std::string wanted = options.runtime;
  if (wanted == "auto") {
    wanted = co_await runtime::docker_answers(loop, options.docker_socket) ? "docker" : "process";
  }
  std::unique_ptr<runtime::Runtime> chosen;
  if (wanted == "docker") {
    chosen = std::make_unique<runtime::DockerRuntime>(
        loop, runtime::DockerOptions{.socket = options.docker_socket,
                                     .installation = std::move(installation)});
  } else if (wanted == "process") {
    chosen = std::make_unique<runtime::ProcessRuntime>(
        loop, runtime::ProcessOptions{.data_folder = options.data,
                                      .shim_program = options.program.string()});
  } else {
    co_await fail(errors::bad_runtime, "\"{}\" is no runtime; choose docker, process or auto",
                  wanted);
  }
  log::info("apps run on this runtime",
            {{"runtime", chosen->name()}, {"caveat", chosen->caveat()}});
  co_return chosen;
}

}  // namespace temps::app

#include "app/api_document.hpp"

#include <memory>

#include "app/options.hpp"
#include "app/surroundings.hpp"
#include "app/version.hpp"
#include "files/files.hpp"
#include "http/router.hpp"
#include "json/indent.hpp"
#include "net/loop.hpp"
#include "runtime/process_runtime.hpp"

namespace temps::app {

Result<std::string> api_document() {
  // The modules get what they need and are asked for their routes; nothing is started.
  files::TemporaryFolder folder;
  net::Loop loop;
  ServeOptions options{.data = folder.path(), .database_url = "host=/nonexistent"};
  Surroundings around{loop, options,
                      std::make_unique<runtime::ProcessRuntime>(
                          loop, runtime::ProcessOptions{.data_folder = folder.path(),
                                                        .shim_program = "/bin/false"})};
  auto services = build_services(around);
  if (!services) return fail(services.error());
  start_modules(*services, around);
  return json::indented(http::openapi(around.router, version)) + "\n";
}

}  // namespace temps::app

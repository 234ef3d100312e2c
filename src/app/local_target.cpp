#include "app/local_target.hpp"

#include "app/errors.hpp"
#include "app/layout.hpp"
#include "core/text.hpp"
#include "files/files.hpp"

namespace temps::app {

Result<Target> local_target(const std::string& data_folder) {
  const Layout layout{data_folder};
  auto token = files::read(layout.local_token());
  auto console = files::read(layout.console_url());
  if (!token || !console) {
    return fail(errors::not_logged_in,
                "not logged in, and Temps does not run on {}; start it with: temps up, or log in: "
                "temps login http://localhost:8080",
                data_folder);
  }
  return Target{std::string(trimmed(*console)), Secret(std::string(trimmed(*token)))};
}

}  // namespace temps::app

#include "sources/deploy_key.hpp"

#include "core/concurrency.hpp"
#include "core/text.hpp"
#include "files/files.hpp"
#include "process/process.hpp"
#include "sources/errors.hpp"

namespace temps::sources {

Task<DeployKey> make_deploy_key(net::Loop& loop, std::string project) {
  const files::TemporaryFolder folder;
  const auto file = folder.path() / "key";
  process::Spec spec{.command = {"ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C",
                                 "temps " + project, "-f", file.string()},
                     .environment = process::base_environment(),
                     .folder = folder.path().string()};
  auto done = co_await within(std::chrono::seconds(30), process::capture(loop, std::move(spec)));
  if (!done.exit.is_success()) {
    co_await fail(errors::failed, "no deploy key was made: {}",
                  to_utf8(trimmed(done.err).substr(0, 300)));
  }
  auto private_half = co_await files::read(file);
  const auto public_half = co_await files::read(file.string() + ".pub");
  co_return DeployKey{.public_half = std::string(trimmed(public_half)),
                      .private_half = Secret(std::move(private_half))};
}

}  // namespace temps::sources

// Against a real OpenSSH server on loopback; skipped where none is installed or we are not root.
#include <gmock/gmock.h>
#include <unistd.h>

#include "core/concurrency.hpp"
#include "core/testing.hpp"
#include "core/text.hpp"
#include "files/files.hpp"
#include "net/socket.hpp"
#include "process/process.hpp"
#include "sources/deploy_key.hpp"
#include "sources/errors.hpp"
#include "sources/remote_fixture_for_tests.hpp"

namespace temps::sources {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

struct RemoteSshTest : RemoteFixture {
  std::optional<process::Child> server;
  std::uint16_t port = 0;

  void SetUp() override {
    if (::geteuid() != 0 || !process::find_program("sshd")) {
      GTEST_SKIP() << "needs root and sshd";
    }
    RemoteFixture::SetUp();
    port = net::free_port().value();
  }
  Task<std::string> run(std::vector<std::string> command) {
    auto variables = repositories.environment();
    for (const auto* who : {"AUTHOR", "COMMITTER"}) {
      variables[fmt::format("GIT_{}_NAME", who)] = "A";
      variables[fmt::format("GIT_{}_EMAIL", who)] = "a@example.org";
    }
    auto done =
        co_await process::capture(loop, {.command = std::move(command), .environment = variables});
    EXPECT_TRUE(done.exit.is_success()) << done.err;
    co_return std::string(trimmed(done.out));
  }
  // A server with a host key of its own that lets this key in.
  Task<> start_server(std::string name, std::string public_key) {
    if (server) co_await server->stop(1s);
    co_await files::make_folder("/run/sshd");
    const auto host_key = folder.path() / name;
    co_await run({"ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", host_key.string()});
    const auto authorized = folder.path() / "authorized";
    co_await files::write_atomically(authorized, public_key + "\n", 0600);
    std::vector<std::string> command{process::find_program("sshd").value(), "-D", "-e", "-f",
                                     "/dev/null"};
    for (const auto& option :
         {fmt::format("Port={}", port), std::string("ListenAddress=127.0.0.1"),
          "HostKey=" + host_key.string(), "AuthorizedKeysFile=" + authorized.string(),
          std::string("StrictModes=no"), std::string("UsePAM=no"), std::string("PidFile=none"),
          std::string("PermitRootLogin=yes"), std::string("PasswordAuthentication=no")}) {
      command.emplace_back("-o");
      command.push_back(option);
    }
    server = co_await process::Child::start(loop, {.command = command,
                                                   .environment = process::base_environment(),
                                                   .out = process::Output::discard,
                                                   .err = process::Output::discard,
                                                   .dies_with_parent = true});
    for (int i = 0; i < 200; ++i) {
      if (co_await attempt(net::connect(loop, {.host = "127.0.0.1", .port = port, .path = {}})))
        co_return;
      co_await sleep(20ms);
    }
    ADD_FAILURE() << "sshd does not answer";
  }
  Task<std::string> make_shop() {
    const auto checkout = (folder.path() / "shop").string();
    co_await run({"git", "init", "--quiet", "--initial-branch=main", checkout});
    co_await files::write_atomically(folder.path() / "shop" / "index.html", "hello");
    co_await run({"git", "-C", checkout, "add", "--all"});
    co_await run({"git", "-C", checkout, "commit", "--quiet", "--message", "first"});
    co_return co_await run({"git", "-C", checkout, "rev-parse", "HEAD"});
  }
  [[nodiscard]] Opened shop(const DeployKey& key) const {
    return {.project = "shop",
            .url = RepositoryUrl::parse(fmt::format("ssh://root@127.0.0.1:{}{}", port,
                                                    (folder.path() / "shop").string()))
                       .value(),
            .deploy_key = key.private_half};
  }
};

TASK_TEST_F(RemoteSshTest, ADeployKeyOpensItAndAnotherDoesNot) {
  if (IsSkipped()) co_return;
  const auto id = co_await make_shop();
  const auto key = co_await make_deploy_key(loop, "shop");
  co_await start_server("host", key.public_half);
  const auto repository = co_await repositories.open("shop");
  co_await remote.fetch(shop(key),
                        {.repository = repository, .branch = "main", .ref = "refs/source/x"},
                        [](std::string_view) {});
  EXPECT_EQ(co_await repositories.tip(repository, "refs/source/x"), id);
  auto refused = co_await attempt(remote.branches(shop(co_await make_deploy_key(loop, "shop"))));
  EXPECT_TRUE(!refused && refused.error().is(errors::wants_credential)) << refused.error().detail();
  EXPECT_THAT(std::string(refused.error().detail()), HasSubstr("deploy key"));
}

TASK_TEST_F(RemoteSshTest, AnotherHostKeyThanAtFirstIsRefused) {
  if (IsSkipped()) co_return;
  co_await make_shop();
  const auto key = co_await make_deploy_key(loop, "shop");
  co_await start_server("host", key.public_half);
  EXPECT_TRUE((co_await attempt(remote.branches(shop(key)))).has_value());
  co_await start_server("impostor", key.public_half);
  auto refused = co_await attempt(remote.branches(shop(key)));
  EXPECT_TRUE(!refused && refused.error().is(errors::other_host_key)) << refused.error().detail();
  EXPECT_THAT(std::string(refused.error().detail()), HasSubstr("known_hosts"));
}

}  // namespace
}  // namespace temps::sources

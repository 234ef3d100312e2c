// Against a real git server over loopback http, which the tests' own setting permits.
#include <gmock/gmock.h>

#include "core/testing.hpp"
#include "sources/deploy_key.hpp"
#include "sources/errors.hpp"
#include "sources/git_server_for_tests.hpp"
#include "sources/remote_fixture_for_tests.hpp"

namespace temps::sources {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

struct RemoteTest : RemoteFixture {
  std::unique_ptr<GitServerForTests> server = std::make_unique<GitServerForTests>(loop);
  std::vector<std::string> said;

  void TearDown() override {
    EXPECT_TRUE(loop.run(server->close()).has_value());
    server.reset();
  }

  [[nodiscard]] Opened shop(std::string name = "shop") const {
    return {.project = "shop", .url = RepositoryUrl::parse(server->url(name)).value()};
  }
  Task<std::string> fetch(Opened from, std::string branch = "main") {
    const auto repository = co_await repositories.open("shop");
    co_await remote.fetch(
        std::move(from),
        {.repository = repository, .branch = std::move(branch), .ref = "refs/source/production"},
        [this](std::string_view line) { said.emplace_back(line); });
    co_return (co_await repositories.tip(repository, "refs/source/production")).value_or("");
  }
};

TASK_TEST_F(RemoteTest, BringsTheNewestCommitOfABranchEachTime) {
  const auto first = co_await server->commit("shop", "main", {{"index.html", "1"}}, "first");
  EXPECT_EQ(co_await fetch(shop()), first);
  EXPECT_THAT(said, Contains(HasSubstr("Receiving objects: 100%")));
  const auto second = co_await server->commit("shop", "main", {{"index.html", "2"}}, "second");
  const auto topic = co_await server->commit("shop", "topic", {{"index.html", "3"}}, "third");
  EXPECT_EQ(co_await fetch(shop()), second);
  EXPECT_EQ(co_await fetch(shop(), "topic"), topic);
  // What was pushed here is another matter.
  const auto repository = co_await repositories.open("shop");
  EXPECT_FALSE((co_await repositories.head(repository, "main")).has_value());
}

TASK_TEST_F(RemoteTest, AHistoryThatWasRewrittenIsTaken) {
  co_await server->commit("shop", "main", {{"a", "1"}}, "first");
  co_await fetch(shop());
  co_await server->git(server->folder.path() / "shop-checkout",
                       {"commit", "--quiet", "--amend", "--message", "other"});
  const auto other = co_await server->commit("shop", "main", {}, "on top");
  EXPECT_EQ(co_await fetch(shop()), other);
}

TASK_TEST_F(RemoteTest, ListsBranchesAndTheUsualOne) {
  co_await server->commit("shop", "main", {{"a", "1"}}, "first");
  co_await server->commit("shop", "topic/login", {{"a", "2"}}, "second");
  const auto found = co_await remote.branches(shop());
  EXPECT_THAT(found.names, ElementsAre("main", "topic/login"));
  EXPECT_EQ(found.standard, "main");
}

TASK_TEST_F(RemoteTest, ABranchThatIsMissingIsToldWithThoseThatThereAre) {
  co_await server->commit("shop", "main", {{"a", "1"}}, "first");
  co_await server->commit("shop", "develop", {{"a", "2"}}, "second");
  auto missing = co_await attempt(fetch(shop(), "production"));
  EXPECT_TRUE(!missing && missing.error().is(errors::no_such_branch));
  EXPECT_THAT(std::string(missing.error().detail()),
              AllOf(HasSubstr("no branch production"), HasSubstr("develop, main")));
}

TASK_TEST_F(RemoteTest, ARepositoryThatIsMissingIsToldSo) {
  co_await server->commit("shop", "main", {{"a", "1"}}, "first");
  auto missing = co_await attempt(fetch(shop("other")));
  EXPECT_TRUE(!missing && missing.error().is(errors::not_there)) << missing.error().detail();
}

TASK_TEST_F(RemoteTest, ATokenOpensAPrivateOneAndStandsNowhereElse) {
  const auto id = co_await server->commit("shop", "main", {{"a", "1"}}, "first");
  server->wanted = "Basic " + to_base64("oauth2:t0ps3cret");
  auto closed = co_await attempt(fetch(shop()));
  EXPECT_TRUE(!closed && closed.error().is(errors::wants_credential)) << closed.error().detail();
  EXPECT_THAT(std::string(closed.error().detail()), HasSubstr("temps source set shop"));
  auto from = shop();
  from.user = "oauth2";
  from.token = Secret("t0ps3cret");
  EXPECT_EQ(co_await fetch(from), id);
  const auto repository = co_await repositories.open("shop");
  EXPECT_THAT(files::read(repository / "config").value(), Not(HasSubstr("t0ps3cret")));
  from.token = Secret("wr0ngt0ken");
  auto refused = co_await attempt(fetch(from));
  EXPECT_TRUE(!refused && refused.error().is(errors::wants_credential));
  EXPECT_THAT(std::string(refused.error().detail()), Not(HasSubstr("wr0ngt0ken")));
}

TASK_TEST_F(RemoteTest, ItIsNotFollowedElsewhereAndNoTokenGoesThere) {
  GitServerForTests other(loop);
  co_await other.commit("shop", "main", {{"a", "1"}}, "first");
  server->redirect = fmt::format("http://127.0.0.1:{}", other.port);
  auto from = shop();
  from.token = Secret("t0ps3cret");
  auto moved = co_await attempt(fetch(from));
  EXPECT_TRUE(!moved && moved.error().is(errors::moved)) << moved.error().detail();
  EXPECT_THAT(other.seen, ElementsAre());
  co_await other.close();
}

TASK_TEST_F(RemoteTest, AddressesOfThisMachineAreAskedOnlyWhereThatIsPermitted) {
  co_await server->commit("shop", "main", {{"a", "1"}}, "first");
  options.permitted = {};
  auto refused = co_await attempt(fetch(shop()));
  EXPECT_TRUE(!refused && refused.error().is(errors::refused_address)) << refused.error().detail();
  auto named = shop();
  named.url =
      RepositoryUrl::parse(fmt::format("http://localhost:{}/shop.git", server->port)).value();
  refused = co_await attempt(fetch(named));
  EXPECT_TRUE(!refused && refused.error().is(errors::refused_address));
  EXPECT_THAT(server->seen, ElementsAre());
}

TASK_TEST_F(RemoteTest, WithoutEncryptionOnlyThisMachineIsAsked) {
  const Opened from{.project = "shop",
                    .url = RepositoryUrl::parse("http://192.0.2.1/shop.git").value()};
  auto refused = co_await attempt(remote.branches(from));
  EXPECT_TRUE(!refused && refused.error().is(errors::bad_url));
  EXPECT_THAT(std::string(refused.error().detail()), HasSubstr("https://"));
}

TASK_TEST_F(RemoteTest, ANameIsConnectedToWhereItWasFound) {
  const auto id = co_await server->commit("shop", "main", {{"a", "1"}}, "first");
  auto from = shop();
  from.url =
      RepositoryUrl::parse(fmt::format("http://localhost:{}/shop.git", server->port)).value();
  EXPECT_EQ(co_await fetch(from), id);
}

TASK_TEST_F(RemoteTest, OneThatIsTooLargeLeavesNothing) {
  options.fetch_bytes_max = 200'000;
  std::string noise;
  std::uint64_t state = 1;
  for (int i = 0; i < 8'000'000; ++i) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    noise += static_cast<char>(state >> 56U);
  }
  co_await server->commit("shop", "main", {{"noise", noise}}, "large");
  auto large = co_await attempt(fetch(shop()));
  EXPECT_TRUE(!large && large.error().is(errors::too_large))
      << (large ? "" : large.error().detail());
  const auto repository = co_await repositories.open("shop");
  for (const auto& entry : std::filesystem::directory_iterator(repository / "objects" / "pack")) {
    ADD_FAILURE() << entry.path();
  }
}

TASK_TEST_F(RemoteTest, NoHookOfOursRunsAndSubmodulesStayAway) {
  const auto repository = co_await repositories.open("shop");
  const auto ran = folder.path() / "ran";
  for (const auto* hook : {"reference-transaction", "post-merge", "post-checkout"}) {
    co_await files::write_atomically(repository / "hooks" / hook,
                                     fmt::format("#!/bin/sh\ntouch {}\n", ran.string()), 0755);
  }
  co_await server->commit(
      "shop", "main",
      {{".gitmodules", "[submodule \"x\"]\n\tpath = x\n\turl = " + server->url("x")}}, "first");
  co_await fetch(shop());
  EXPECT_FALSE(std::filesystem::exists(ran));
}

TASK_TEST_F(RemoteTest, ADeployKeyIsOfItsOwnAndNamesTheProject) {
  const auto one = co_await make_deploy_key(loop, "shop");
  const auto two = co_await make_deploy_key(loop, "shop");
  EXPECT_THAT(one.public_half, AllOf(HasSubstr("ssh-ed25519 "), HasSubstr(" temps shop")));
  EXPECT_THAT(one.private_half.reveal(), HasSubstr("OPENSSH PRIVATE KEY"));
  EXPECT_NE(one.public_half, two.public_half);
}

}  // namespace
}  // namespace temps::sources

// A project that is deployed from a git server elsewhere, at the command line and over the API.
#include <gmock/gmock.h>

#include "sources/git_server_for_tests.hpp"
#include "system/world.hpp"

namespace temps::e2e {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view token = "read-token-that-stays-hidden-81";

class Sources : public ::testing::Test {
 protected:
  // Loopback is where the tests' git server is.
  World world{{.variables = {{"TEMPS_SOURCE_NETWORKS", "loopback"}}}};
  std::optional<sources::GitServerForTests> server;

  void SetUp() override {
    ASSERT_TRUE(world.start()) << world.printed();
    world.make_owner();
    server.emplace(world.loop());
  }
  void TearDown() override { EXPECT_TRUE(world.loop().run(server->close()).has_value()); }

  std::string commit(std::string branch, std::string page, std::string message) {
    return world.loop()
        .run(server->commit("shop", std::move(branch), {{"index.html", std::move(page)}},
                            std::move(message)))
        .value_or("");
  }
};

TEST_F(Sources, FromTheAddressToALiveSiteAndItsNextCommit) {
  const auto first = commit("main", "page 1", "The first page");
  const auto made = world.temps(
      {"project", "create", "shop", "--repository", server->url("shop"), "--branch", "main"});
  EXPECT_EQ(made.code, 0) << made.all();
  EXPECT_THAT(made.all(), HasSubstr("has the branch main"));
  const auto deployed = world.temps({"deploy", "--project", "shop", "--from-repository"});
  EXPECT_EQ(deployed.code, 0) << deployed.all();
  EXPECT_THAT(deployed.all(), AllOf(HasSubstr("fetching main of http://127.0.0.1"),
                                    HasSubstr("The first page"), HasSubstr("#1 is live")));
  EXPECT_EQ(world.visit("shop").body, "page 1");
  commit("main", "page 2", "The second page");
  EXPECT_EQ(world.temps({"deploy", "--project", "shop", "--from-repository"}).code, 0);
  EXPECT_EQ(world.visit("shop").body, "page 2");
  const auto list = world.temps({"deployments", "shop"}).out;
  EXPECT_THAT(list, AllOf(HasSubstr("repository"), HasSubstr(first.substr(0, 8))));
  EXPECT_THAT(world.api("GET", "/api/v1/projects/shop/deployments/2").body,
              AllOf(HasSubstr(R"("source":"repository")"), HasSubstr("The second page")));
  EXPECT_EQ(world.temps({"rollback", "shop"}).code, 0);
  EXPECT_EQ(world.visit("shop").body, "page 1");
}

TEST_F(Sources, WhatIsWrongIsToldWithWhatToDo) {
  commit("develop", "page", "A page");
  const auto made = world.temps({"project", "create", "shop", "--repository", server->url("shop")});
  EXPECT_THAT(made.all(), AllOf(HasSubstr("no branch main"), HasSubstr("develop")));
  const auto failed = world.temps({"deploy", "--project", "shop", "--from-repository"});
  EXPECT_EQ(failed.code, 3);
  EXPECT_THAT(failed.all(), AllOf(HasSubstr("has no branch main"), HasSubstr("develop")));
  EXPECT_EQ(world.newest("shop").error_code, "sources.no_such_branch");
  const auto nowhere = world.temps({"source", "set", "shop", server->url("nowhere")});
  EXPECT_THAT(nowhere.all(), HasSubstr("there is no git repository"));
  for (const auto* refused : {"file:///etc", "/etc", "ext::sh -c id", "http://192.0.2.1/shop.git",
                              "https://169.254.169.254/latest", "--upload-pack=id"}) {
    const auto said = world.temps({"source", "set", "shop", "--branch", "main", "--", refused});
    EXPECT_NE(said.code, 0) << refused;
  }
}

TEST_F(Sources, ATokenOpensAPrivateRepositoryAndIsNowhereToBeRead) {
  world.keep_secret(std::string(token));
  commit("main", "private page", "A page");
  server->wanted = "Basic " + to_base64(fmt::format("git:{}", token));
  EXPECT_EQ(world.temps({"project", "create", "shop"}).code, 0);
  const auto closed = world.temps({"source", "set", "shop", server->url("shop")});
  EXPECT_THAT(closed.all(), HasSubstr("--token-stdin"));
  const auto set = world.temps({"source", "set", "shop", server->url("shop"), "--token-stdin"},
                               std::string(token));
  EXPECT_EQ(set.code, 0) << set.all();
  EXPECT_EQ(world.temps({"deploy", "--project", "shop", "--from-repository"}).code, 0);
  EXPECT_EQ(world.visit("shop").body, "private page");
  // Another host does not get it.
  sources::GitServerForTests other(world.loop());
  world.temps({"source", "set", "shop", other.url("shop")});
  for (const auto& header : other.seen) EXPECT_EQ(header, "");
  EXPECT_THAT(world.temps({"source", "show", "shop"}).out, HasSubstr("none"));
  EXPECT_TRUE(world.loop().run(other.close()).has_value());
}

TEST_F(Sources, OverSshADeployKeyIsShownAndItsPrivateHalfIsNot) {
  const auto made = world.temps(
      {"project", "create", "shop", "--repository", "git@git.example.com:ann/shop.git"});
  EXPECT_EQ(made.code, 0) << made.all();
  EXPECT_THAT(made.all(),
              AllOf(HasSubstr("ssh-ed25519 "), HasSubstr("temps shop"), Not(HasSubstr("PRIVATE"))));
  const auto renewed = world.temps({"source", "renew-key", "shop"});
  EXPECT_EQ(renewed.code, 0);
  EXPECT_NE(renewed.out, made.out);
  EXPECT_THAT(world.api("GET", "/api/v1/projects/shop/source").body, Not(HasSubstr("PRIVATE")));
}

}  // namespace
}  // namespace temps::e2e

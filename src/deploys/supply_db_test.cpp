// Deployments of what is elsewhere, from their beginning to the live release.
#include "deploys/errors.hpp"
#include "deploys/fixture_for_tests.hpp"
#include "deploys/views.hpp"

namespace temps::deploys {
namespace {

using testing::HasSubstr;

struct SupplyTest : DeploysTest, Supplier {
  std::vector<std::string> fetched;  // branches, in order
  Files tree = static_tree;
  std::optional<Error> refusal_of_fetch;
  runtime::RegistryLogin known_login;

  Task<Fetched> fetch(projects::Place, std::string branch, runtime::LineSink say,
                      runtime::LineSink output) override {
    fetched.push_back(branch);
    say("fetching " + branch);
    output("Receiving objects: 100%, done.");
    if (refusal_of_fetch) co_await fail(*refusal_of_fetch);
    const files::TemporaryFolder source;
    for (const auto& [path, text] : tree) {
      co_await files::write_atomically(source.path() / path, text);
    }
    const auto tar = folder.path() / "sources" / fmt::format("fetch-{}.tar", fetched.size());
    co_await files::make_folder(tar.parent_path());
    co_await files::pack_tar(source.path(), tar);
    co_return Fetched{fmt::format("c0ffee{}", fetched.size()), "Add a page", tar};
  }
  Task<Deployment> deploy(projects::Place place) override {
    co_return co_await serve->deploys.deploy_repository(place.environment.id, "main");
  }
  Task<Deployment> deploy_image(projects::Place place, std::string image) override {
    co_return co_await serve->deploys.deploy_image(place.environment.id, std::move(image));
  }
  Task<runtime::RegistryLogin> login(projects::Place, std::string) override {
    co_return known_login;
  }

  void SetUp() override {
    DeploysTest::SetUp();
    serve->deploys.supplied_by(*this);
    runtime.on_start = [this](const runtime::InstanceSpec&) -> Task<std::uint16_t> {
      return [](std::uint16_t port) -> Task<std::uint16_t> { co_return port; }(app.port());
    };
  }
  Task<Deployment> from_repository() {
    const auto made = co_await serve->deploys.deploy_repository(environment, "main");
    co_return co_await ended(made.id);
  }
  Task<Deployment> of_image(std::string image) {
    const auto made = co_await serve->deploys.deploy_image(environment, std::move(image));
    co_return co_await ended(made.id);
  }
};

TASK_TEST_F(SupplyTest, ABranchElsewhereGoesLiveAndItsLogTellsOfTheFetch) {
  const auto deployment = co_await from_repository();
  EXPECT_EQ(deployment.status, Status::live) << deployment.error_detail;
  EXPECT_EQ(deployment.trigger, Trigger::repository);
  EXPECT_EQ(deployment.source_kind, SourceKind::repository);
  EXPECT_EQ(deployment.commit, "c0ffee1");
  EXPECT_EQ(deployment.message, "Add a page");
  EXPECT_EQ(deployment.branch, "main");
  EXPECT_TRUE(was_said("fetching main"));
  EXPECT_TRUE(was_said("Receiving objects: 100%, done."));
  EXPECT_TRUE(was_said("received c0ffee1 \"Add a page\""));
}

TASK_TEST_F(SupplyTest, ARedeployBuildsWhatWasFetchedAndKeepsItsSource) {
  co_await from_repository();
  const auto again = co_await serve->deploys.redeploy(environment, folder.path() / "sources");
  const auto deployment = co_await ended(again.id);
  EXPECT_EQ(deployment.status, Status::live);
  EXPECT_EQ(deployment.commit, "c0ffee1");
  EXPECT_EQ(deployment.source_kind, SourceKind::repository);
  EXPECT_EQ(fetched.size(), 1U);
}

TASK_TEST_F(SupplyTest, AFetchThatFailsIsTheDeploymentsEndAndLeavesTheLiveOne) {
  const auto live = co_await push_to_the_end(static_tree);
  refusal_of_fetch = Error(errors::no_source, "the repository has no branch main");
  const auto failed = co_await from_repository();
  EXPECT_EQ(failed.status, Status::failed);
  EXPECT_EQ(failed.error_detail, "the repository has no branch main");
  EXPECT_EQ((co_await serve->deploys.live(environment))->id, live.id);
  EXPECT_EQ(live.source_kind, SourceKind::push);
}

TASK_TEST_F(SupplyTest, AnImageIsARelease) {
  runtime.exposed_ports = {8080};
  known_login = {.user = "ann", .password = Secret("hunter22")};
  const auto deployment = co_await of_image("ghcr.io/ann/shop:1");
  EXPECT_EQ(deployment.status, Status::live) << deployment.error_detail;
  EXPECT_EQ(deployment.image, "ghcr.io/ann/shop:1");
  EXPECT_EQ(runtime.pulls.at(0).login.password.reveal(), "hunter22");
  EXPECT_EQ(runtime.instances.begin()->second.spec.port, 8080);
  EXPECT_TRUE(runtime.builds.empty());
  EXPECT_TRUE(was_said("pulling ghcr.io/ann/shop:1 as ann"));
  const auto shown = view(deployment, deployment.id);
  EXPECT_EQ(shown.source, SourceKind::image);
  EXPECT_EQ(shown.image, "ghcr.io/ann/shop:1");
  EXPECT_EQ(shown.digest, "shop@sha256:1");
}

TASK_TEST_F(SupplyTest, ARollbackRunsTheImageThatWasPulledThen) {
  co_await of_image("shop:1");
  co_await of_image("shop:1");
  const auto back = co_await rollback_to_the_end();
  EXPECT_EQ(back.status, Status::live);
  EXPECT_EQ(back.origin, 1);
  EXPECT_EQ(back.release->digest, "shop@sha256:1");
  EXPECT_EQ(back.source_kind, SourceKind::image);
  EXPECT_EQ(runtime.pulls.size(), 2U);
}

TASK_TEST_F(SupplyTest, ARedeployPullsAnImageAnew) {
  co_await of_image("shop:1");
  const auto again = co_await serve->deploys.redeploy(environment, folder.path() / "sources");
  const auto deployment = co_await ended(again.id);
  EXPECT_EQ(deployment.status, Status::live);
  EXPECT_EQ(deployment.release->digest, "shop@sha256:2");
  // A push in between is newer.
  co_await push_to_the_end(static_tree);
  const auto pushed = co_await serve->deploys.redeploy(environment, folder.path() / "sources");
  EXPECT_EQ((co_await ended(pushed.id)).source_kind, SourceKind::push);
}

TASK_TEST_F(SupplyTest, AnImageThatCannotBePulledLeavesTheLiveOne) {
  const auto live = co_await of_image("shop:1");
  runtime.pull_refusal = "shop:2 could not be pulled: manifest unknown";
  const auto failed = co_await of_image("shop:2");
  EXPECT_EQ(failed.status, Status::failed);
  EXPECT_THAT(failed.error_detail, HasSubstr("manifest unknown"));
  EXPECT_EQ((co_await serve->deploys.live(environment))->id, live.id);
}

TASK_TEST_F(SupplyTest, SurplusImagesGoAsBuildsDo) {
  options.builds_kept = 1;
  for (int i = 0; i < 4; ++i) co_await of_image("shop:1");
  co_await until_idle();
  EXPECT_EQ(runtime.artifacts.size(), 2U);
  EXPECT_FALSE(runtime.artifacts.contains("kept-1"));
}

TASK_TEST_F(SupplyTest, WhatIsNoImageMakesNoDeployment) {
  auto bad = co_await attempt(serve->deploys.deploy_image(environment, "No Image"));
  EXPECT_TRUE(!bad && bad.error().is(runtime::errors::bad_image));
  EXPECT_TRUE((co_await serve->deploys.list(environment, 1000, 10)).empty());
}

}  // namespace
}  // namespace temps::deploys

// Environments beside production: deployed, served and deleted each for itself.
#include "deploys/fixture_for_tests.hpp"
#include "deploys/routes.hpp"
#include "http/client.hpp"
#include "projects/errors.hpp"

namespace temps::deploys {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::UnorderedElementsAre;

class Admins final : public http::Authenticator {
  Task<http::Principal> authenticate(const http::Request&) override {
    co_return http::Principal{
        .user = 1, .email = "ann@example.org", .role = temps::Role::admin, .kind = "key"};
  }
};

struct EnvironmentsTest : DeploysTest {
  projects::EnvironmentId production;
  projects::Environment staging;
  Admins admins;
  std::unique_ptr<http::Router> router;
  access::Grants grants{database, clock};
  std::unique_ptr<Api> api;
  std::unique_ptr<http::Server> server;
  TaskGroup group{loop};
  net::Address address;

  Task<> prepare() {
    production = environment;
    staging = co_await serve->projects.create_environment(project, {"staging", "develop"});
    router = std::make_unique<http::Router>();
    api = std::make_unique<Api>(serve->deploys, serve->projects, grants, serve->variables, options);
    add_project_routes(*router, *api);
    add_environment_routes(*router, *api);
    add_settings_routes(*router, *api);
    add_deployment_routes(*router, *api);
    add_log_routes(*router, *api);
    add_split_routes(*router, *api);
    server = std::make_unique<http::Server>(loop, *router, admins);
    auto listener =
        co_await net::Listener::open(loop, {.host = "127.0.0.1", .port = 0, .path = {}});
    address = listener.address();
    group.start("server", server->serve(std::move(listener)));
  }
  void TearDown() override {
    EXPECT_TRUE(loop.run(group.close()).has_value());
    DeploysTest::TearDown();
  }
  Task<http::ClientResponse> send(std::string method, std::string path, std::string body = {}) {
    http::Client client(loop, address);
    http::ClientRequest request{.method = std::move(method),
                                .target = "/api/v1/projects/shop" + path,
                                .body = std::move(body)};
    if (!request.body.empty()) request.headers.add("Content-Type", "application/json");
    co_return co_await client.send(std::move(request));
  }
  Task<Deployment> deploy_to(projects::EnvironmentId where, Files tree) {
    environment = where;
    co_return co_await push_to_the_end(std::move(tree));
  }
  [[nodiscard]] std::vector<std::string> hosts() const {
    std::vector<std::string> all;
    for (const auto& route : in_force->routes) {
      all.push_back(route.host + " " + route.release);
    }
    return all;
  }
};

TASK_TEST_F(EnvironmentsTest, EachHasItsHostReleasesAndVariables) {
  co_await prepare();
  co_await set_variable("A", "of production");
  environment = staging.id;
  co_await set_variable("A", "of staging");
  co_await deploy_to(production, node_tree);
  const auto deployment = co_await deploy_to(staging.id, node_tree);
  EXPECT_EQ(deployment.number, 1);
  EXPECT_THAT(hosts(), UnorderedElementsAre("shop.localhost shop/production/1",
                                            "shop-staging.localhost shop/staging/1"));
  EXPECT_THAT(running(), ElementsAre("shop-production-1-1", "shop-staging-1-1"));
  const auto& given = runtime.instances.at("shop-staging-1-1").spec.environment;
  EXPECT_EQ(given.at("A"), "of staging");
  EXPECT_EQ(given.at("TEMPS_ENVIRONMENT"), "staging");
  EXPECT_EQ(given.at("TEMPS_URL"), "http://shop-staging.localhost:8080");
}

TASK_TEST_F(EnvironmentsTest, AreMadeShownChangedAndDeletedByTheApi) {
  co_await prepare();
  const auto made = co_await send("POST", "/environments", R"({"name":"preview"})");
  EXPECT_EQ(made.status, 201);
  EXPECT_THAT(made.body, AllOf(HasSubstr(R"("branch":"preview")"), HasSubstr(R"("status":"empty")"),
                               HasSubstr("http://shop-preview.localhost:8080")));
  EXPECT_THAT(hosts(), testing::Contains("shop-preview.localhost "));
  EXPECT_EQ((co_await send("POST", "/environments", R"({"name":"preview"})")).status, 409);
  EXPECT_EQ((co_await send("POST", "/environments", R"({"name":"Pre view"})")).status, 400);
  EXPECT_THAT((co_await send("GET", "/environments")).body,
              AllOf(HasSubstr(R"("name":"production")"), HasSubstr(R"("name":"staging")")));
  const auto changed =
      co_await send("PATCH", "/environments/preview/settings", R"({"memory_mb":64})");
  EXPECT_THAT(changed.body, HasSubstr(R"("memory_mb":64)"));
  EXPECT_THAT((co_await send("GET", "/settings?environment=preview")).body,
              HasSubstr(R"("memory_mb":64)"));
  EXPECT_THAT((co_await send("GET", "/settings")).body, HasSubstr(R"("memory_mb":0)"));
  EXPECT_EQ((co_await send("GET", "/environments/none/settings")).status, 404);
  EXPECT_EQ((co_await send("DELETE", "/environments/preview")).status, 204);
  EXPECT_EQ((co_await send("GET", "/environments/preview")).status, 404);
  EXPECT_EQ((co_await send("DELETE", "/environments/production")).status, 409);
}

TASK_TEST_F(EnvironmentsTest, TheRoutesOfDeploymentsAndLogsMeanTheOneThatIsNamed) {
  co_await prepare();
  co_await deploy_to(production, node_tree);
  co_await deploy_to(staging.id, node_tree);
  co_await deploy_to(staging.id, node_tree);
  EXPECT_EQ((co_await send("GET", "/deployments/2")).status, 404);
  EXPECT_EQ((co_await send("GET", "/deployments/2?environment=staging")).status, 200);
  EXPECT_EQ((co_await send("GET", "/deployments/2?environment=none")).status, 404);
  EXPECT_THAT((co_await send("GET", "/deployments")).body, Not(HasSubstr(R"("number":2)")));
  EXPECT_THAT((co_await send("GET", "/deployments?environment=staging&limit=1")).body,
              AllOf(HasSubstr(R"("number":2)"), HasSubstr(R"("next":"2")")));
  EXPECT_THAT((co_await send("GET", "/deployments/2/log?environment=staging")).body,
              HasSubstr("deployment #2 of shop (staging) begins"));
  EXPECT_EQ((co_await send("GET", "/deployments/2/log")).status, 404);
  EXPECT_EQ((co_await send("GET", "/logs?environment=staging")).status, 200);
  const auto back =
      co_await send("POST", "/rollback?environment=staging", R"({"variables":"newest"})");
  EXPECT_EQ(back.status, 202);
  EXPECT_THAT(back.body, HasSubstr(R"("number":3)"));
  const auto restarted = co_await send("POST", "/restart");
  EXPECT_EQ(restarted.status, 202);
  EXPECT_THAT(restarted.body,
              AllOf(HasSubstr(R"("number":2)"), HasSubstr(R"("trigger":"restart")")));
  EXPECT_EQ((co_await send("POST", "/redeploy?environment=staging")).status, 202);
  co_await until_idle();
}

TASK_TEST_F(EnvironmentsTest, TheRoutesOfSplitsMeanTheOneThatIsNamed) {
  co_await prepare();
  co_await deploy_to(production, node_tree);
  co_await deploy_to(staging.id, node_tree);
  co_await deploy_to(staging.id, node_tree);
  co_await until_idle();
  const std::string wish = R"({"releases":[{"number":1,"weight":25},{"number":2,"weight":75}]})";
  EXPECT_NE((co_await send("PUT", "/split", wish)).status, 202);
  EXPECT_EQ((co_await send("PUT", "/split?environment=staging", wish)).status, 202);
  EXPECT_THAT((co_await send("GET", "/split/events?environment=staging")).body,
              HasSubstr(R"("status":"succeeded")"));
  EXPECT_THAT((co_await send("GET", "/split?environment=staging")).body,
              HasSubstr(R"({"number":1,"weight":25})"));
  EXPECT_THAT((co_await send("GET", "/split")).body, HasSubstr(R"("releases":[])"));
  EXPECT_THAT((co_await send("GET", "/deployments/1?environment=staging")).body,
              HasSubstr(R"("share":25)"));
  EXPECT_EQ((co_await send("DELETE", "/split?environment=staging&keep=1")).status, 204);
  EXPECT_EQ((co_await serve->deploys.live(staging.id))->number, 1);
  co_await until_idle();
}

TASK_TEST_F(EnvironmentsTest, ADeploymentIsCancelledInTheOneThatIsNamed) {
  co_await prepare();
  co_await deploy_to(production, node_tree);
  runtime.on_build = [](const runtime::BuildSpec&, const runtime::LineSink&) -> Task<> {
    return []() -> Task<> { co_await sleep(std::chrono::hours(1)); }();
  };
  environment = staging.id;
  const auto pushed = co_await push(node_tree);
  co_await until_status(pushed.id, Status::building);
  const auto live = co_await send("POST", "/deployments/1/cancel");
  EXPECT_EQ(live.status, 409);
  EXPECT_THAT(live.body, AllOf(HasSubstr("deploys.not_running"), HasSubstr("temps rollback shop")));
  EXPECT_EQ((co_await send("POST", "/deployments/9/cancel")).status, 404);
  const auto done = co_await send("POST", "/deployments/1/cancel?environment=staging");
  EXPECT_EQ(done.status, 202);
  EXPECT_THAT(done.body, AllOf(HasSubstr(R"("status":"cancelled")"),
                               HasSubstr(R"("cancelled_by":"ann@example.org")")));
  EXPECT_THAT((co_await send("GET", "/deployments/1?environment=staging")).body,
              HasSubstr(R"("stage":"building")"));
}

TASK_TEST_F(EnvironmentsTest, LogsAreFilteredByWhatTheirLinesSay) {
  co_await prepare();
  const auto channel = app_channel(environment);
  for (const auto* text : {R"({"level":50,"msg":"broken"})", "level=warn msg=slow",
                           R"({"level":30,"msg":"an error page"})", "ERROR gone", "as it is"}) {
    const logs::Line line{.time = clock.now(), .text = text};
    co_await serve->logs.append(channel, std::span(&line, 1));
  }
  EXPECT_THAT((co_await send("GET", "/logs?level=error")).body,
              AllOf(HasSubstr("broken"), HasSubstr("gone"), Not(HasSubstr("slow")),
                    Not(HasSubstr("page")), HasSubstr(R"("level":"error")")));
  EXPECT_THAT((co_await send("GET", "/logs?level=error&lines=1")).body,
              AllOf(HasSubstr("gone"), Not(HasSubstr("broken"))));
  EXPECT_THAT((co_await send("GET", "/logs?level=warning&contains=msg")).body,
              AllOf(HasSubstr("broken"), HasSubstr("slow"), Not(HasSubstr("gone"))));
  EXPECT_THAT((co_await send("GET", "/logs")).body, HasSubstr("as it is"));
  EXPECT_EQ((co_await send("GET", "/logs?level=purple")).status, 400);
}

TASK_TEST_F(EnvironmentsTest, ADeletedOneLeavesNothingAndTheOthersAlone) {
  co_await prepare();
  environment = staging.id;
  co_await set_variable("A", "1");
  const auto kept = co_await deploy_to(production, node_tree);
  const auto gone = co_await deploy_to(staging.id, node_tree);
  co_await serve->deploys.remove_environment(project, staging);
  EXPECT_THAT(running(), ElementsAre("shop-production-1-1"));
  EXPECT_THAT(hosts(), ElementsAre("shop.localhost shop/production/1"));
  EXPECT_FALSE(runtime.artifacts.contains(gone.release->artifact));
  EXPECT_TRUE(runtime.artifacts.contains(kept.release->artifact));
  EXPECT_EQ((co_await get(kept)).status, Status::live);
  EXPECT_FALSE(co_await attempt(get(gone)));
  // Made anew, it begins from nothing.
  const auto again = co_await serve->projects.create_environment(project, {"staging", "develop"});
  EXPECT_EQ(co_await serve->variables.newest(again.id), 0);
  EXPECT_EQ((co_await deploy_to(again.id, node_tree)).number, 1);
}

TASK_TEST_F(EnvironmentsTest, ADeploymentUnderWayIsCancelledWhenItsEnvironmentIsDeleted) {
  co_await prepare();
  runtime.on_build = [](const runtime::BuildSpec&, const runtime::LineSink&) -> Task<> {
    return []() -> Task<> { co_await sleep(std::chrono::hours(1)); }();
  };
  environment = staging.id;
  const auto pushed = co_await push(node_tree);
  co_await until_status(pushed.id, Status::building);
  co_await serve->deploys.remove_environment(project, staging);
  co_await until_idle();
  EXPECT_THAT(running(), testing::IsEmpty());
}

TASK_TEST_F(EnvironmentsTest, ProductionGoesWithItsProjectOnly) {
  co_await prepare();
  const auto place = co_await serve->projects.production(project.id);
  auto refused = co_await attempt(serve->deploys.remove_environment(project, place));
  EXPECT_TRUE(!refused && refused.error().is(projects::errors::production_stays));
}

}  // namespace
}  // namespace temps::deploys

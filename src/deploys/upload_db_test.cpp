// Uploads over HTTP, up to a live release.
#include "compress/compress.hpp"
#include "deploys/fixture_for_tests.hpp"
#include "deploys/routes.hpp"
#include "http/client.hpp"
#include "json/json.hpp"
#include "net/socket.hpp"

namespace temps::deploys {
namespace {

using testing::HasSubstr;

struct UploadRoutesTest : DeploysTest, http::Authenticator {
  http::Router router;
  http::Server server{loop, router, *this};
  TaskGroup group{loop};
  net::Address address;
  access::Grants grants{database, clock};
  std::unique_ptr<Api> api;

  Task<http::Principal> authenticate(const http::Request& request) override {
    const bool known = request.headers.find("Authorization").has_value();
    co_return http::Principal{.user = 1,
                              .email = {},
                              .role = known ? Role::admin : Role::anonymous,
                              .kind = "key",
                              .credential = 1};
  }
  void SetUp() override {
    DeploysTest::SetUp();
    options.sources = (folder.path() / "sources").string();
    options.upload_free_bytes_min = 0;
    options.upload_bytes_max = 1000;
    api = std::make_unique<Api>(serve->deploys, serve->projects, grants, serve->variables, options);
    add_upload_routes(router, *api);
    auto listener = net::Listener::open(loop, {.host = "127.0.0.1", .port = 0, .path = {}});
    address = listener->address();
    group.start("server", server.serve(std::move(*listener)));
  }
  void TearDown() override {
    EXPECT_TRUE(loop.run(group.close()).has_value());
    DeploysTest::TearDown();
  }

  Task<http::ClientResponse> post(std::string target, std::string body, bool logged_in = true) {
    http::Client client(loop, address);
    http::ClientRequest request{
        .method = "POST", .target = "/api/v1/projects/" + target, .body = std::move(body)};
    request.headers.add("Content-Type", "application/json");
    if (logged_in) request.headers.add("Authorization", "Bearer x");
    co_return co_await client.send(std::move(request));
  }
  static std::string packed(const Files& tree) {
    const files::TemporaryFolder work;
    std::vector<files::ExtraFile> content;
    for (const auto& [name, text] : tree) content.push_back({name, text});
    const auto tar = work.path().string() + ".tar";
    EXPECT_TRUE(files::pack_tar(work.path(), tar, content));
    auto bytes = files::read(tar).value();
    EXPECT_TRUE(files::remove_all(tar));
    return compress::gzip(bytes);
  }
  Task<Deployment> newest() {
    co_return (co_await serve->deploys.list(environment, 1000, 1)).at(0);
  }
  Task<std::int64_t> count() {
    co_return static_cast<std::int64_t>(
        (co_await serve->deploys.list(environment, 1000, 100)).size());
  }
};

TASK_TEST_F(UploadRoutesTest, AFolderGoesLive) {
  const auto answer = co_await post("shop/deployments", packed(static_tree));
  EXPECT_EQ(answer.status, 202) << answer.body;
  EXPECT_THAT(answer.body, HasSubstr(R"("trigger":"upload")"));
  const auto deployment = co_await ended((co_await newest()).id);
  EXPECT_EQ(deployment.status, Status::live);
  EXPECT_EQ(deployment.message, "an upload");
  EXPECT_EQ(files::read(std::filesystem::path(route().tree->root) / "index.html").value(), "hello");
}

TASK_TEST_F(UploadRoutesTest, WhereItComesFromIsKept) {
  co_await post(
      "shop/"
      "deployments?commit=0123456789abcdef&branch=topic&message=Add%20a%20page%0Amore&dirty=true",
      packed(static_tree));
  const auto deployment = co_await newest();
  EXPECT_EQ(deployment.commit, "0123456789abcdef");
  EXPECT_EQ(deployment.branch, "topic");
  EXPECT_EQ(deployment.message, "Add a page (and changes that are in no commit)");
  co_await ended(deployment.id);
}

TASK_TEST_F(UploadRoutesTest, WhatIsWrongMakesNoDeployment) {
  const auto good = packed(static_tree);
  EXPECT_EQ((co_await post("shop/deployments", good, false)).status, 401);
  EXPECT_EQ((co_await post("nothing/deployments", good)).status, 404);
  EXPECT_EQ((co_await post("shop/deployments?environment=moon", good)).status, 404);
  EXPECT_EQ((co_await post("shop/deployments?commit=--help", good)).status, 400);
  EXPECT_EQ((co_await post("shop/deployments", "no archive")).status, 400);
  std::string noise;
  for (int i = 0; i < 5000; ++i) noise += static_cast<char>(i * i * 7919 % 251);
  const auto large = co_await post("shop/deployments", packed({{"noise", noise}}));
  EXPECT_EQ(large.status, 413) << large.body;
  EXPECT_THAT(large.body, HasSubstr("deploys.upload_too_large"));
  EXPECT_EQ((co_await post("shop/deployments/example", R"({"name":"cobol"})")).status, 400);
  EXPECT_EQ(co_await count(), 0);
  EXPECT_EQ(api->uploads, 0U);
}

TASK_TEST_F(UploadRoutesTest, AnExampleGoesLiveAndCanBeDeployedAgain) {
  const auto answer = co_await post("shop/deployments/example", R"({"name":"static"})");
  EXPECT_EQ(answer.status, 202) << answer.body;
  EXPECT_EQ((co_await ended((co_await newest()).id)).status, Status::live);
  const auto again = co_await serve->deploys.redeploy(environment, options.sources);
  EXPECT_EQ((co_await ended(again.id)).status, Status::live);
}

}  // namespace
}  // namespace temps::deploys

// Deployments of what is elsewhere: a repository's branch, an image of a registry.
#include "deploys/errors.hpp"
#include "deploys/permissions.hpp"
#include "deploys/routes.hpp"
#include "deploys/supply.hpp"
#include "deploys/views.hpp"

namespace temps::deploys {
namespace {

struct ImageWish {
  std::string image;
};

Task<Supplier*> supplier_of(Api& api) {
  auto* supplier = api.deploys.supplier();
  if (supplier == nullptr) co_await fail(errors::no_source, "nothing is fetched from elsewhere");
  co_return supplier;
}

Task<http::Accepted<DeploymentView>> deploy_from_source(Api& api, http::Path<std::string> project,
                                                        http::Query<EnvironmentQuery> in) {
  auto* supplier = co_await supplier_of(api);
  const auto made =
      co_await supplier->deploy(co_await place_of(api, project.value, in.value.environment));
  co_return http::Accepted<DeploymentView>{view(made, std::nullopt)};
}

Task<http::Accepted<DeploymentView>> deploy_image(Api& api, http::Path<std::string> project,
                                                  http::Query<EnvironmentQuery> in,
                                                  http::Body<ImageWish> wish) {
  auto* supplier = co_await supplier_of(api);
  const auto made = co_await supplier->deploy_image(
      co_await place_of(api, project.value, in.value.environment), std::move(wish.value.image));
  co_return http::Accepted<DeploymentView>{view(made, std::nullopt)};
}

}  // namespace

void add_source_routes(http::Router& router, Api& api) {
  auto routes = router.bind(api);
  const std::string deployments = "/api/v1/projects/{project}/deployments";
  routes.post<deploy_from_source>(deployments + "/repository", permissions::write,
                                  "Fetch the branch's newest commit and deploy it");
  routes.post<deploy_image>(deployments + "/image", permissions::write,
                            "Deploy an image of a registry");
}

}  // namespace temps::deploys

// Deployments without git: the folder itself is the body of the request.
#include <algorithm>

#include "core/counted.hpp"
#include "core/text.hpp"
#include "deploys/errors.hpp"
#include "deploys/permissions.hpp"
#include "deploys/routes.hpp"
#include "deploys/upload.hpp"
#include "deploys/views.hpp"

namespace temps::deploys {
namespace {

constexpr std::size_t message_bytes_max = 500;
constexpr std::size_t branch_bytes_max = 250;
// Each has its files on the disk and its turn on the threads.
constexpr int at_once_max = 8;

// Where the folder comes from, as far as the client knows.
struct UploadQuery {
  std::optional<std::string> environment;  // production where none is given
  std::optional<std::string> commit;
  std::optional<std::string> message;
  std::optional<std::string> branch;
  std::optional<bool> dirty;  // the folder has changes that are in no commit
};
struct ExampleWish {
  std::string name;  // "node", "static"
};

Result<> check_origin(const UploadQuery& query) {
  const std::string_view commit = query.commit ? std::string_view(*query.commit) : "";
  const bool is_id =
      commit.empty() || (commit.size() >= 7 && commit.size() <= 64 &&
                         commit.find_first_not_of("0123456789abcdef") == std::string_view::npos);
  if (is_id && query.branch.value_or("").size() <= branch_bytes_max) return {};
  return fail(http::errors::bad_parameter,
              "commit is a git object id of 7 to 64 hexadecimal digits, branch a name of at most "
              "{} bytes",
              branch_bytes_max);
}

// One line, as git's own first lines are.
std::string message_of(const UploadQuery& query) {
  const auto first = std::string(cut(query.message.value_or(""), "\n").first);
  auto message = to_utf8(trimmed(first).substr(0, message_bytes_max));
  if (message.empty()) message = "an upload";
  return query.dirty.value_or(false) ? message + " (and changes that are in no commit)" : message;
}

Task<http::Accepted<DeploymentView>> begin(Api& api, Push push, const ReceivedTree& tree) {
  push.trigger = Trigger::upload;
  auto deployment = co_await api.deploys.deploy(std::move(push), tree.file(), api.options.sources);
  co_return http::Accepted<DeploymentView>{view(deployment, std::nullopt)};
}

Task<http::Accepted<DeploymentView>> upload(Api& api, http::Request& request,
                                            http::Path<std::string> project,
                                            http::Query<UploadQuery> query) {
  const auto begun_at = api.deploys.now();
  const auto place = co_await place_of(api, project.value, query.value.environment);
  co_await check_origin(query.value);
  if (api.uploads >= at_once_max) {
    co_await fail(errors::busy, "{} folders are being uploaded; try again in a moment",
                  at_once_max);
  }
  const Counted turn(api.uploads);
  const auto tree = co_await receive_tree(api.deploys.loop(), *request.body,
                                          {.folder = api.options.sources,
                                           .bytes_max = api.options.upload_bytes_max,
                                           .free_bytes_min = api.options.upload_free_bytes_min});
  co_return co_await begin(api,
                           {.environment = place.environment.id,
                            .commit = query.value.commit.value_or(""),
                            .message = message_of(query.value),
                            .branch = query.value.branch.value_or(""),
                            .arriving_since = begun_at},
                           tree);
}

Task<http::Accepted<DeploymentView>> deploy_example(Api& api, http::Path<std::string> project,
                                                    http::Body<ExampleWish> wish) {
  const auto place = co_await place_of(api, project.value, std::nullopt);
  const auto tree = co_await example_tree(api.deploys.loop(), wish.value.name, api.options.sources);
  co_return co_await begin(api,
                           {.environment = place.environment.id,
                            .commit = {},
                            .message = fmt::format("the example \"{}\"", wish.value.name),
                            .branch = {}},
                           tree);
}

}  // namespace

void add_upload_routes(http::Router& router, Api& api) {
  forget_uploads(api.options.sources);
  auto routes = router.bind(api);
  namespace may = permissions;
  routes.post<upload>("/api/v1/projects/{project}/deployments", may::write,
                      "Deploy a folder: the body is a tar file in gzip");
  routes.post<deploy_example>("/api/v1/projects/{project}/deployments/example", may::write,
                              "Deploy an example app: node or static");
}

}  // namespace temps::deploys

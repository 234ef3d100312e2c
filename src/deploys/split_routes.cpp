#include <algorithm>

#include "deploys/permissions.hpp"
#include "deploys/routes.hpp"
#include "deploys/views.hpp"
#include "http/server.hpp"
#include "json/json.hpp"

namespace temps::deploys {
namespace {

Task<projects::EnvironmentId> find(Api& api, std::string project, EnvironmentQuery query) {
  const auto place = co_await place_of(api, std::move(project), std::move(query.environment));
  co_return place.environment.id;
}

Task<SplitView> show(Api& api, projects::EnvironmentId environment) {
  SplitView shown;
  for (const auto& part : co_await api.deploys.split_of(environment)) {
    const auto deployment = co_await api.deploys.get(part.deployment);
    shown.releases.push_back({.number = deployment.number, .weight = part.weight});
  }
  std::ranges::sort(shown.releases, {}, &SplitWish::number);
  if (const auto last = co_await api.deploys.split_attempt(environment)) {
    shown.attempt = view(*last);
  }
  co_return shown;
}

Task<http::Ok<SplitView>> get_split(Api& api, http::Path<std::string> project,
                                    http::Query<EnvironmentQuery> in) {
  const auto environment = co_await find(api, project.value, in.value);
  co_return http::Ok<SplitView>{co_await show(api, environment)};
}

Task<http::Accepted<SplitView>> set_split(Api& api, http::Path<std::string> project,
                                          http::Query<EnvironmentQuery> in,
                                          http::Body<SplitWishes> wish) {
  const auto environment = co_await find(api, project.value, in.value);
  co_await api.deploys.split(environment, wish.value.releases);
  co_return http::Accepted<SplitView>{co_await show(api, environment)};
}

Task<> stream_split(Deploys& deploys, projects::EnvironmentId environment, http::EventSink& sink) {
  auto ended = co_await deploys.follow_split(
      environment, [&sink](const logs::Line& line) { return send_line(sink, line); });
  co_await sink.send({.name = "end", .data = json::encode(view(ended))});
}

Task<http::Response> follow_split(Api& api, http::Path<std::string> project,
                                  http::Query<EnvironmentQuery> in) {
  const auto environment = co_await find(api, project.value, in.value);
  co_return http::event_stream([&api, environment](http::EventSink& sink) {
    return stream_split(api.deploys, environment, sink);
  });
}

Task<http::NoContent> end_split(Api& api, http::Path<std::string> project,
                                http::Query<EnvironmentQuery> in, http::Query<SplitEnd> wish) {
  const auto environment = co_await find(api, project.value, in.value);
  co_await api.deploys.end_split(environment, wish.value.keep);
  co_return http::NoContent{};
}

}  // namespace

void add_split_routes(http::Router& router, Api& api) {
  auto routes = router.bind(api);
  namespace may = permissions;
  routes.get<get_split>("/api/v1/projects/{project}/split", may::read,
                        "Show which releases share the visitors");
  routes.put<set_split>("/api/v1/projects/{project}/split", may::write,
                        "Let two releases share the visitors by weight, as soon as both are ready");
  routes.get<follow_split>("/api/v1/projects/{project}/split/events", may::read,
                           "Follow the split that was asked for last (Server-Sent Events); the "
                           "event \"end\" holds what has become of it");
  routes.del<end_split>("/api/v1/projects/{project}/split", may::write,
                        "Send all visitors to one release again: the live one, or the one to keep");
}

}  // namespace temps::deploys

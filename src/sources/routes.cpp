#include "sources/routes.hpp"

#include "core/text.hpp"
#include "projects/permissions.hpp"

namespace temps::sources {
namespace {

// The JSON shapes of this API. A field name is the wire name.
struct SourceView {
  std::string url;
  std::string branch;  // of production; other environments have their own in their settings
  Credential credential;
  std::optional<std::string> user;
  std::optional<std::string> public_key;  // to be added to the repository as a deploy key
  Instant changed_at;
};
struct SourceBody {
  std::string url;
  std::optional<std::string> branch;  // of production
  std::optional<std::string> user;    // of the token; most servers take any
  std::optional<Secret> token;        // https; left out, the one that is kept stays for its host
  std::optional<bool> forget_token;
};
struct SourceCheck {
  std::vector<std::string> branches;    // 200 at most
  std::optional<std::string> standard;  // that of a fresh clone
  std::string branch;                   // the environment's
  bool has_branch;                      // is it among them
};
struct RegistryView {
  std::string host;
  std::string user;
  Instant changed_at;
};
struct RegistriesView {
  std::vector<RegistryView> items;
};
struct RegistryBody {
  std::string host;
  std::string user;
  Secret password;
};
struct EnvironmentQuery {
  std::optional<std::string> environment;
};

Task<projects::Place> place_of(Sources& sources, std::string project,
                               std::optional<std::string> environment = std::nullopt) {
  auto& projects = sources.projects();
  auto found = co_await projects.get(std::move(project));
  auto chosen = co_await projects.environment(
      found.id, environment.value_or(std::string(projects::production_name)));
  co_return projects::Place{std::move(found), std::move(chosen)};
}

std::optional<std::string> unless_empty(std::string text) {
  return text.empty() ? std::nullopt : std::optional(std::move(text));
}

SourceView view(Repository repository, std::string branch) {
  return {.url = std::move(repository.url),
          .branch = std::move(branch),
          .credential = repository.credential,
          .user = unless_empty(std::move(repository.user)),
          .public_key = unless_empty(std::move(repository.public_key)),
          .changed_at = repository.changed_at};
}

Task<http::Ok<SourceView>> get_source(Sources& sources, http::Path<std::string> project) {
  auto place = co_await place_of(sources, project.value);
  co_return http::Ok<SourceView>{
      view(co_await sources.get(place.project), place.environment.settings.branch)};
}

Task<http::Ok<SourceView>> set_source(Sources& sources, http::Path<std::string> project,
                                      http::Body<SourceBody> body) {
  auto place = co_await place_of(sources, project.value);
  auto& wanted = body.value;
  auto branch = place.environment.settings.branch;
  if (wanted.branch && *wanted.branch != branch) {
    co_await check_branch(*wanted.branch);
    branch = *wanted.branch;
  }
  auto set =
      co_await sources.set(place.project, {.url = std::move(wanted.url),
                                           .user = std::move(wanted.user),
                                           .token = wanted.token.value_or(Secret{}),
                                           .forgets_token = wanted.forget_token.value_or(false)});
  if (branch != place.environment.settings.branch) {
    co_await sources.projects().change(place.environment.id,
                                       [&branch](projects::Settings settings) {
                                         settings.branch = branch;
                                         return settings;
                                       });
  }
  co_return http::Ok<SourceView>{view(std::move(set), std::move(branch))};
}

Task<http::NoContent> remove_source(Sources& sources, http::Path<std::string> project) {
  const auto place = co_await place_of(sources, project.value);
  co_await sources.remove(place.project.id);
  co_return http::NoContent{};
}

Task<http::Ok<SourceView>> renew_deploy_key(Sources& sources, http::Path<std::string> project) {
  const auto place = co_await place_of(sources, project.value);
  co_return http::Ok<SourceView>{
      view(co_await sources.renew_key(place.project), place.environment.settings.branch)};
}

Task<http::Ok<SourceCheck>> check_source(Sources& sources, http::Path<std::string> project,
                                         http::Query<EnvironmentQuery> in) {
  constexpr std::size_t shown_max = 200;
  auto found =
      co_await sources.look(co_await place_of(sources, project.value, in.value.environment));
  auto& names = found.branches.names;
  if (names.size() > shown_max) names.resize(shown_max);
  co_return http::Ok<SourceCheck>{{.branches = std::move(names),
                                   .standard = std::move(found.branches.standard),
                                   .branch = std::move(found.branch),
                                   .has_branch = found.has_branch}};
}

RegistryView view(KnownRegistry registry) {
  return {std::move(registry.host), std::move(registry.user), registry.changed_at};
}

Task<http::Ok<RegistriesView>> list_registries(Sources& sources, http::Path<std::string> project) {
  const auto place = co_await place_of(sources, project.value);
  RegistriesView shown;
  for (auto& one : co_await sources.registries(place.project.id)) {
    shown.items.push_back(view(std::move(one)));
  }
  co_return http::Ok<RegistriesView>{std::move(shown)};
}

Task<http::Ok<RegistryView>> set_registry(Sources& sources, http::Path<std::string> project,
                                          http::Body<RegistryBody> body) {
  const auto place = co_await place_of(sources, project.value);
  auto set =
      co_await sources.set_registry(place.project.id, std::move(body.value.host),
                                    std::move(body.value.user), std::move(body.value.password));
  co_return http::Ok<RegistryView>{view(std::move(set))};
}

Task<http::NoContent> remove_registry(Sources& sources, http::Path<std::string> project,
                                      http::Path<std::string> host) {
  const auto place = co_await place_of(sources, project.value);
  co_await sources.remove_registry(place.project.id, host.value);
  co_return http::NoContent{};
}

}  // namespace

void add_routes(http::Router& router, Sources& sources) {
  auto routes = router.bind(sources);
  namespace may = projects::permissions;
  const std::string project = "/api/v1/projects/{project}";
  routes.get<get_source>(project + "/source", may::read, "Show the repository elsewhere");
  routes.put<set_source>(project + "/source", may::write,
                         "Give a project a repository elsewhere, or another one");
  routes.del<remove_source>(project + "/source", may::write, "Forget the repository elsewhere");
  routes.post<renew_deploy_key>(project + "/source/deploy-key", may::write,
                                "Make another deploy key");
  routes.post<check_source>(project + "/source/check", may::write,
                            "Ask the repository elsewhere for its branches");
  routes.get<list_registries>(project + "/registries", may::read,
                              "List who the project is to registries of images");
  routes.put<set_registry>(project + "/registries", may::write,
                           "Say who the project is to a registry");
  routes.del<remove_registry>(project + "/registries/{host}", may::write,
                              "Forget who the project is to a registry");
}

}  // namespace temps::sources

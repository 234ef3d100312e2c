// Who a project is to the registries that its images come from.
#include <algorithm>

#include "core/text.hpp"
#include "runtime/runtime.hpp"
#include "sources/errors.hpp"
#include "sources/queries.hpp"
#include "sources/sources.hpp"

namespace temps::sources {

using projects::ProjectId;

namespace {

constexpr std::size_t registries_max = 20;

std::string place_of(ProjectId project, const std::string& host) {
  return fmt::format("sources/{}/registry/{}", project.value, host);
}

// "ghcr.io", "registry.example.com:5000"; Docker Hub under the name that its images have.
Result<std::string> registry_name(std::string_view text) {
  const auto name = lowered(trimmed(text));
  if (name == "docker.io" || name == "index.docker.io" || name == "registry-1.docker.io") {
    return "docker.io";
  }
  // What can stand in front of an image.
  const auto image = runtime::ImageReference::parse(name + "/image");
  if (image && image->host == name) return name;
  const std::string why = "is the registry's host, such as ghcr.io or registry.example.com:5000";
  return std::unexpected(
      Error(errors::bad_credential, "this is no registry; it " + why, {FieldError{"/host", why}}));
}

}  // namespace

Task<std::vector<KnownRegistry>> Sources::registries(ProjectId project) {
  std::vector<KnownRegistry> found;
  for (auto& row : co_await database_.all(queries::registries_of, project)) {
    found.push_back({std::move(row.host), std::move(row.user), row.changed_at});
  }
  co_return found;
}

// The engine asks it on our behalf, and reaches what we reach.
Task<> Sources::check_registry(std::string host) {
  if (host == "docker.io") co_return;
  const auto name = std::string(cut(host, ":").first);
  auto looked =
      co_await attempt(within(std::chrono::seconds(20), look_up(loop_, name, options_.permitted)));
  // The engine may find names by a proxy of its own.
  if (!looked && looked.error().is(errors::refused_address)) co_await fail(looked.error());
}

Task<KnownRegistry> Sources::set_registry(ProjectId project, std::string host, std::string user,
                                          Secret password) {
  const auto name = co_await registry_name(host);
  co_await check_registry(name);
  if (user.empty() || user.size() > 200 || !is_utf8(user) || password.empty() ||
      password.reveal().size() > 8192) {
    co_await fail(errors::bad_credential, "a registry takes a user and a password or token");
  }
  const auto known = co_await registries(project);
  const bool is_new = std::ranges::find(known, name, &KnownRegistry::host) == known.end();
  if (is_new && known.size() >= registries_max) {
    co_await fail(errors::bad_credential, "a project knows {} registries at most", registries_max);
  }
  auto sealed = co_await vault_.seal(password, place_of(project, name));
  const auto now = clock_.now();
  co_await database_.run(queries::set_registry, project, name, user, sql::Bytes{std::move(sealed)},
                         now);
  co_return KnownRegistry{name, user, now};
}

Task<> Sources::remove_registry(ProjectId project, std::string host) {
  const auto name = co_await registry_name(host);
  if (co_await database_.run(queries::delete_registry, project, name) > 0) co_return;
  co_await fail(errors::no_such_registry, "nothing is kept for {}", name);
}

Task<deploys::Deployment> Sources::deploy_image(projects::Place place, std::string image) {
  const auto wanted = co_await runtime::ImageReference::parse(trimmed(image));
  co_await check_registry(wanted.registry());
  co_return co_await deploys_.deploy_image(place.environment.id, wanted.text());
}

Task<runtime::RegistryLogin> Sources::login(projects::Place place, std::string image) {
  const auto wanted = co_await runtime::ImageReference::parse(image);
  // It may lead elsewhere by now.
  co_await check_registry(wanted.registry());
  for (const auto& row : co_await database_.all(queries::registries_of, place.project.id)) {
    if (row.host != wanted.registry()) continue;
    co_return runtime::RegistryLogin{
        .user = row.user,
        .password = co_await vault_.open(row.sealed.bytes, place_of(place.project.id, row.host))};
  }
  co_return runtime::RegistryLogin{};
}

}  // namespace temps::sources

#include "sources/sources.hpp"

#include <algorithm>

#include "core/random.hpp"
#include "core/text.hpp"
#include "json/json.hpp"
#include "net/socket.hpp"
#include "sources/deploy_key.hpp"
#include "sources/errors.hpp"
#include "sources/queries.hpp"

namespace temps::sources {

using projects::ProjectId;

namespace {

constexpr std::size_t secret_bytes_max = 8192;
constexpr std::size_t user_bytes_max = 200;

// Where a secret lies: a token sealed for one host opens for no other.
std::string place_of(ProjectId project, std::string_view whose) {
  return fmt::format("sources/{}/{}", project.value, whose);
}

std::string place_of(ProjectId project, const queries::RepositoryRow& row) {
  if (row.credential == Credential::deploy_key) return place_of(project, "deploy key");
  const auto url = RepositoryUrl::parse(row.url);
  return place_of(project, url ? url->origin() : "");
}

Repository shown(queries::RepositoryRow row) {
  return {.url = std::move(row.url),
          .credential = row.credential,
          .user = std::move(row.user),
          .public_key = std::move(row.public_key),
          .changed_at = row.changed_at};
}

// One line without what an HTTP header or a shell takes for more.
Result<> check_text(std::string_view text, std::string_view field, std::size_t bytes_max) {
  const bool is_plain = std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; });
  if (is_plain && text.size() <= bytes_max && !(field == "user" && text.contains(':'))) return {};
  return std::unexpected(Error(
      errors::bad_credential, fmt::format("the {} has characters that are not taken here", field),
      {FieldError{fmt::format("/{}", field), "has characters that are not taken here"}}));
}

Error none(const std::string& project) {
  return {errors::no_repository,
          fmt::format("{0} has no repository elsewhere; give it one: temps source set {0} URL",
                      project)};
}

}  // namespace

Task<std::optional<Repository>> Sources::find(ProjectId project) {
  auto row = co_await database_.maybe(queries::repository_of, project);
  if (!row) co_return std::nullopt;
  co_return shown(std::move(*row));
}

Task<Repository> Sources::get(projects::Project project) {
  auto found = co_await find(project.id);
  if (!found) co_await fail(none(project.name));
  co_return std::move(*found);
}

Task<Repository> Sources::set(projects::Project project, RepositoryWish wish) {
  const auto url = co_await RepositoryUrl::parse(wish.url);
  // Names that are not found yet may be later.
  auto looked = co_await attempt(
      within(std::chrono::seconds(20), look_up(loop_, url.host, options_.permitted)));
  if (!looked && looked.error().is(errors::refused_address)) co_await fail(looked.error());
  co_await check_encryption(url, looked ? *looked : std::vector<IpAddress>{});
  const auto before = co_await database_.maybe(queries::repository_of, project.id);
  queries::RepositoryRow row{.url = url.text(),
                             .credential = Credential::none,
                             .user = {},
                             .sealed = {},
                             .public_key = {},
                             .changed_at = clock_.now()};
  if (url.scheme == Scheme::ssh) {
    if (!wish.token.empty()) {
      co_await fail(
          Error(errors::bad_credential,
                "over ssh a deploy key opens the repository; tokens are for https://",
                {FieldError{"/token", "is for https://, over ssh there is a deploy key"}}));
    }
    row.credential = Credential::deploy_key;
    if (before && before->credential == Credential::deploy_key) {
      row.sealed = before->sealed;
      row.public_key = before->public_key;
    } else {
      auto key = co_await make_deploy_key(loop_, project.name);
      row.public_key = key.public_half;
      row.sealed = {co_await vault_.seal(key.private_half, place_of(project.id, row))};
    }
  } else if (!wish.token.empty()) {
    row.credential = Credential::token;
    row.user = wish.user.value_or("");
    co_await check_text(row.user, "user", user_bytes_max);
    co_await check_text(wish.token.reveal(), "token", secret_bytes_max);
    row.sealed = {co_await vault_.seal(wish.token, place_of(project.id, row))};
  } else if (before && before->credential == Credential::token && !wish.forgets_token &&
             place_of(project.id, *before) == place_of(project.id, {.url = row.url,
                                                                    .credential = Credential::token,
                                                                    .user = {},
                                                                    .sealed = {},
                                                                    .public_key = {},
                                                                    .changed_at = {}})) {
    row.credential = Credential::token;
    row.user = wish.user.value_or(before->user);
    co_await check_text(row.user, "user", user_bytes_max);
    row.sealed = before->sealed;
  }
  co_await database_.run(queries::set_repository, project.id, row.url, row.credential, row.user,
                         row.sealed, row.public_key, row.changed_at);
  co_return shown(std::move(row));
}

Task<Repository> Sources::renew_key(projects::Project project) {
  auto row = co_await database_.maybe(queries::repository_of, project.id);
  if (!row) co_await fail(none(project.name));
  if (row->credential != Credential::deploy_key) {
    co_await fail(errors::bad_credential,
                  "deploy keys are for repositories over ssh; this one is at {}", row->url);
  }
  auto key = co_await make_deploy_key(loop_, project.name);
  row->public_key = key.public_half;
  row->sealed = {co_await vault_.seal(key.private_half, place_of(project.id, *row))};
  row->changed_at = clock_.now();
  co_await database_.run(queries::set_repository, project.id, row->url, row->credential, row->user,
                         row->sealed, row->public_key, row->changed_at);
  co_return shown(std::move(*row));
}

Task<> Sources::remove(ProjectId project) {
  co_await database_.run(queries::delete_repository, project);
}

Task<Opened> Sources::open(projects::Project project) {
  const auto row = co_await database_.maybe(queries::repository_of, project.id);
  if (!row) co_await fail(none(project.name));
  Opened opened{.project = project.name, .url = co_await RepositoryUrl::parse(row->url)};
  if (row->credential == Credential::none) co_return opened;
  auto secret = co_await vault_.open(row->sealed.bytes, place_of(project.id, *row));
  if (row->credential == Credential::token) {
    opened.user = row->user;
    opened.token = std::move(secret);
  } else {
    opened.deploy_key = std::move(secret);
  }
  co_return opened;
}

Task<Found> Sources::look(projects::Place place) {
  auto branches = co_await remote_.branches(co_await open(place.project));
  const auto& branch = place.environment.settings.branch;
  const bool has = std::ranges::find(branches.names, branch) != branches.names.end();
  co_return Found{.branches = std::move(branches), .branch = branch, .has_branch = has};
}

Task<deploys::Deployment> Sources::deploy(projects::Place place) {
  co_await get(place.project);
  const auto& branch = place.environment.settings.branch;
  co_await check_branch(branch);
  co_return co_await deploys_.deploy_repository(place.environment.id, branch);
}

Task<deploys::Fetched> Sources::fetch(projects::Place place, std::string branch,
                                      runtime::LineSink say, runtime::LineSink output) {
  auto& mutex = fetching_[place.project.id.value];
  if (!mutex) mutex = std::make_unique<Mutex>();
  const auto held = co_await mutex->lock();
  const auto from = co_await open(place.project);
  auto& repositories = git_.repositories();
  const auto repository = co_await repositories.open(place.project.name);
  co_await repositories.check_room(repository);
  say(fmt::format("fetching {} of {}", branch, from.url.text()));
  // Its own name: branches are what was pushed here.
  const auto ref = "refs/source/" + place.environment.name;
  co_await remote_.fetch(from, {.repository = repository, .branch = branch, .ref = ref},
                         std::move(output));
  const auto id = co_await repositories.tip(repository, ref);
  if (!id) co_await fail(errors::failed, "the branch {} names no commit", branch);
  auto commit = co_await repositories.commit(repository, {}, *id);
  const auto tree = options_.trees / fmt::format("fetch-{}.tar", random_token(24));
  co_await repositories.export_tree(repository, {}, *id, tree);
  co_await attempt(pack(place.project.name, repository));
  co_return deploys::Fetched{
      .commit = std::move(commit.id), .message = std::move(commit.message), .tree = tree};
}

// As after a push.
Task<> Sources::pack(std::string project, std::filesystem::path repository) {
  if (!git_.repositories().has_many_packs(repository)) co_return;
  const auto key = "git-" + project;
  if (co_await queue_.has_open(key)) co_return;
  co_await queue_.add({.kind = std::string(git::collect_job),
                       .key = key,
                       .payload = json::encode(git::CollectPayload{project})});
}

}  // namespace temps::sources

// The environments of projects.
#include <algorithm>

#include "core/text.hpp"
#include "json/json.hpp"
#include "projects/errors.hpp"
#include "projects/name.hpp"
#include "projects/projects.hpp"
#include "projects/queries.hpp"

namespace temps::projects {

namespace {

// Each has a host, and is looked at with every route table.
constexpr std::size_t environments_max = 50;

Result<Environment> to_environment(queries::EnvironmentRow row) {
  // A setting that is newer than the stored row takes its default.
  auto settings =
      json::decode<Settings>(row.settings.text, {.missing = json::Missing::default_value});
  if (!settings) return fail(settings.error());
  return Environment{row.id, row.project, std::move(row.name), std::move(*settings)};
}

// Pushing a branch deploys one environment.
Result<> check_branch(const std::vector<queries::EnvironmentRow>& all, std::string_view branch,
                      std::optional<EnvironmentId> own) {
  for (auto row : all) {
    if (row.id == own) continue;
    auto other = to_environment(std::move(row));
    if (!other) return fail(other.error());
    if (other->settings.branch != branch) continue;
    return fail(errors::environment_taken,
                "the branch {} is deployed to {} already; choose another one", branch, other->name);
  }
  return {};
}

}  // namespace

std::string slug(const Project& project, const Environment& environment) {
  if (environment.name == production_name) return project.name;
  return project.name + "-" + environment.name;
}

Task<> Projects::refuse_slug(std::string slug, sql::Transaction& transaction) {
  const auto owner = co_await transaction.maybe(queries::owner_of_slug, slug);
  co_await fail(errors::environment_taken,
                "the host {}.… belongs to an environment of the project {}; choose another name",
                slug, owner.value_or("another"));
}

Task<std::vector<Environment>> Projects::environments(ProjectId project) {
  std::vector<Environment> found;
  auto rows = co_await database_.all(queries::environments_of, project);
  for (auto& row : rows) found.push_back(co_await to_environment(std::move(row)));
  co_return found;
}

Task<std::vector<Place>> Projects::places() {
  std::vector<Place> found;
  for (auto& row : co_await database_.all(queries::all_places)) {
    auto environment = co_await to_environment({.id = row.environment,
                                                .project = row.project,
                                                .name = std::move(row.environment_name),
                                                .settings = std::move(row.settings)});
    found.push_back(
        {{row.project, std::move(row.project_name), row.created_at}, std::move(environment)});
  }
  co_return found;
}

Task<Environment> Projects::production(ProjectId project) {
  auto all = co_await environments(project);
  if (all.empty()) {
    co_await fail(errors::no_such_project, "project {} has no environment", project.value);
  }
  co_return std::move(all.front());  // the oldest
}

Task<Environment> Projects::environment(EnvironmentId id) {
  auto row = co_await database_.maybe(queries::environment_by_id, id);
  if (!row) co_await fail(errors::no_such_project, "there is no environment {}", id.value);
  co_return co_await to_environment(std::move(*row));
}

Task<Environment> Projects::environment(ProjectId project, std::string name) {
  std::vector<std::string> names;
  for (auto& environment : co_await environments(project)) {
    if (environment.name == name) co_return std::move(environment);
    names.push_back(environment.name);
  }
  co_await fail(errors::no_such_environment, "there is no environment \"{}\"; there is: {}", name,
                join(names, ", "));
  co_return Environment{};
}

Task<Environment> Projects::create_environment(Project project, NewEnvironment wanted) {
  co_await check_environment_name(wanted.name);
  auto work = [this, &project, &wanted](sql::Transaction& tx) {
    return insert_environment(project, wanted, tx);
  };
  co_return co_await database_.transact<Environment>(work);
}

Task<Environment> Projects::insert_environment(const Project& project, const NewEnvironment& wanted,
                                               sql::Transaction& transaction) {
  if (!co_await transaction.maybe(queries::lock_project, project.id)) {
    co_await fail(errors::no_such_project, "there is no project \"{}\"", project.name);
  }
  const auto rows = co_await transaction.all(queries::environments_of, project.id);
  if (std::ranges::find(rows, wanted.name, &queries::EnvironmentRow::name) != rows.end()) {
    co_await fail(errors::environment_taken, "{} has an environment \"{}\" already", project.name,
                  wanted.name);
  }
  if (rows.size() >= environments_max) {
    co_await fail(errors::too_many_environments,
                  "{} has {} environments, the most that a project can have; delete one first",
                  project.name, rows.size());
  }
  Environment made{.project = project.id,
                   .name = wanted.name,
                   .settings = (co_await to_environment(rows.front())).settings};
  made.settings.branch = wanted.branch;
  made.settings.maintenance = false;  // of production's visitors
  co_await check_settings(made.settings);
  co_await check_branch(rows, wanted.branch, std::nullopt);
  const auto id =
      co_await transaction.maybe(queries::insert_environment, project.id, made.name,
                                 sql::Json{json::encode(made.settings)}, slug(project, made));
  if (!id) co_await refuse_slug(slug(project, made), transaction);
  made.id = *id;
  co_return made;
}

Task<> Projects::remove_environment(EnvironmentId id) {
  co_await database_.run(queries::delete_environment, id);
}

Task<Settings> Projects::change(EnvironmentId id, std::function<Settings(Settings)> change) {
  auto work = [id, &change](sql::Transaction& transaction) -> Task<Settings> {
    const auto seen = co_await transaction.maybe(queries::environment_by_id, id);
    if (!seen) co_await fail(errors::no_such_project, "there is no environment {}", id.value);
    co_await transaction.maybe(queries::lock_project, seen->project);
    auto row = co_await transaction.maybe(queries::lock_environment, id);
    if (!row) co_await fail(errors::no_such_project, "there is no environment {}", id.value);
    auto environment = co_await to_environment(std::move(*row));
    const auto branch = environment.settings.branch;
    auto settings = change(std::move(environment.settings));
    co_await check_settings(settings);
    if (settings.branch != branch) {
      const auto all = co_await transaction.all(queries::environments_of, environment.project);
      co_await check_branch(all, settings.branch, id);
    }
    co_await transaction.run(queries::set_settings, id, sql::Json{json::encode(settings)});
    co_return settings;
  };
  co_return co_await database_.transact<Settings>(work);
}

}  // namespace temps::projects

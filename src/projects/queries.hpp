#pragma once
#include "projects/projects.hpp"
#include "sql/catalogue.hpp"
#include "sql/database.hpp"

namespace temps::projects::queries {

struct EnvironmentRow {
  EnvironmentId id;
  ProjectId project;
  std::string name;
  sql::Json settings;
};

struct PlaceRow {
  ProjectId project;
  std::string project_name;
  Instant created_at;
  EnvironmentId environment;
  std::string environment_name;
  sql::Json settings;
};

inline constexpr sql::Query<Project, std::string, Instant> insert_project{
    "projects.insert_project",
    "insert into projects (name, created_at) values ($1, $2) on conflict (name) do nothing "
    "returning id, name, created_at"};
inline constexpr sql::Query<Project, std::string> project_by_name{
    "projects.project_by_name", "select id, name, created_at from projects where name = $1"};
inline constexpr sql::Query<Project, ProjectId> project_by_id{
    "projects.project_by_id", "select id, name, created_at from projects where id = $1"};
inline constexpr sql::Query<Project, std::string, std::int64_t,
                            std::optional<std::vector<std::string>>>
    projects_after{"projects.projects_after",
                   "select id, name, created_at from projects where name > $1 and "
                   "($3::text[] is null or name = any ($3)) order by name limit $2"};
inline constexpr sql::Command<ProjectId> delete_project{"projects.delete_project",
                                                        "delete from projects where id = $1"};

// Nothing where its name or its slug is taken.
inline constexpr sql::Query<EnvironmentId, ProjectId, std::string, sql::Json, std::string>
    insert_environment{
        "projects.insert_environment",
        "insert into environments (project_id, name, settings, slug) values ($1, $2, $3, $4) "
        "on conflict do nothing returning id"};
inline constexpr sql::Command<EnvironmentId> delete_environment{
    "projects.delete_environment", "delete from environments where id = $1"};
// Whose host this is.
inline constexpr sql::Query<std::string, std::string> owner_of_slug{
    "projects.owner_of_slug",
    "select p.name from environments e join projects p on p.id = e.project_id where e.slug = $1"};
// One change of a project's environments at a time.
inline constexpr sql::Query<ProjectId, ProjectId> lock_project{
    "projects.lock_project", "select id from projects where id = $1 for no key update"};
inline constexpr sql::Query<EnvironmentRow, ProjectId> environments_of{
    "projects.environments_of",
    "select id, project_id, name, settings from environments where project_id = $1 order by id"};
inline constexpr sql::Query<PlaceRow> all_places{
    "projects.all_places",
    "select p.id, p.name, p.created_at, e.id, e.name, e.settings from environments e "
    "join projects p on p.id = e.project_id order by p.name, e.id"};
inline constexpr sql::Query<EnvironmentRow, EnvironmentId> environment_by_id{
    "projects.environment_by_id",
    "select id, project_id, name, settings from environments where id = $1"};
inline constexpr sql::Query<EnvironmentRow, EnvironmentId> lock_environment{
    "projects.lock_environment",
    "select id, project_id, name, settings from environments where id = $1 for update"};
inline constexpr sql::Command<EnvironmentId, sql::Json> set_settings{
    "projects.set_settings", "update environments set settings = $2 where id = $1"};

inline sql::Catalogue catalogue() {
  return sql::catalogue("projects", insert_project, project_by_name, project_by_id, projects_after,
                        delete_project, insert_environment, delete_environment, owner_of_slug,
                        lock_project, environments_of, all_places, environment_by_id,
                        lock_environment, set_settings);
}

}  // namespace temps::projects::queries

// Projects and their environments: what is deployed, from which branch, with which settings.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.hpp"
#include "core/id.hpp"
#include "core/task.hpp"
#include "sql/database.hpp"

namespace temps::projects {

using ProjectId = Id<struct ProjectTag>;
using EnvironmentId = Id<struct EnvironmentTag>;

struct Project {
  ProjectId id;
  std::string name;
  Instant created_at;
};

// What the proxy speaks to the app.
enum class Protocol : std::uint8_t {
  auto_,  // HTTP/1.1, and for gRPC HTTP/2 without TLS
  http1,
  h2c,  // HTTP/2 without TLS
};

// How an environment is built and run; everything has a default. Also the wire form of the API.
struct Settings {
  std::string branch = "main";    // the branch whose pushes are deployed
  std::string root_directory{};   // below the repository's root
  std::string dockerfile{};       // another name than Dockerfile
  std::string install_command{};  // empty: as detected
  std::string build_command{};
  std::string start_command{};
  std::string output_directory{};     // serve this folder as a static site
  std::uint16_t port = 0;             // 0: EXPOSE of the image, else 3000
  std::string health_path{};          // empty: any answer below 500 on / counts as healthy
  std::int32_t health_seconds = 120;  // how long a new release may take to become healthy
  std::int32_t drain_seconds = 30;    // how long requests to the old release may take to end
  std::int32_t memory_mb = 0;         // 0: no limit
  double cpus = 0;                    // 0: no limit
  // Variables of the build: ARG of a Dockerfile, the environment of build commands. They may stay
  // in what was built: no place for secrets.
  std::map<std::string, std::string> build_arguments{};
  // What follows concerns the visitors' way to the app, and holds at once.
  bool maintenance = false;                      // visitors get a page that says so
  std::vector<std::string> allowed_addresses{};  // "203.0.113.7", "2001:db8::/32"; empty: everyone
  std::string basic_auth{};                      // "user:salt:hash" in hex; empty: no password
  std::map<std::string, std::string> response_headers{};
  std::int32_t body_mb_max = 0;          // of a request; 0: 100
  std::int32_t requests_per_minute = 0;  // of one address; 0: no limit
  std::int32_t answer_seconds_max = 0;   // that the app may take to begin its answer; 0: 60
  Protocol protocol = Protocol::auto_;
  bool compression = true;         // of answers that the app sends uncompressed
  std::int32_t wait_seconds = 10;  // that requests wait for an app that is being started again
  bool sticky = false;             // visitors stay with the instance that answered them first
  bool first_party = true;         // /_temps/… on its hosts belongs to Temps
};

struct Environment {
  EnvironmentId id;
  ProjectId project;
  std::string name;
  Settings settings;
};

struct NewEnvironment {
  std::string name;
  std::string branch;
};

// Every project has it, from its beginning to its end.
inline constexpr std::string_view production_name = "production";

// An environment with the project that it belongs to.
struct Place {
  Project project;
  Environment environment;
};

// "shop" for production, "shop-staging" for others: the name of an environment in hosts and
// instances.
std::string slug(const Project& project, const Environment& environment);

// Fails with `projects.bad_setting` and a FieldError for each setting that is out of range.
Result<> check_settings(const Settings& settings);

// Owns the tables `projects` and `environments`.
class Projects {
 public:
  Projects(sql::Database& database, const Clock& clock) : database_(database), clock_(clock) {}

  // With its environment "production". Fails with `bad_name`, `name_taken`.
  Task<Project> create(std::string name);
  Task<std::optional<Project>> find(std::string name);
  Task<Project> get(std::string name);  // Fails with `no_such_project`.
  Task<Project> get(ProjectId id);      // Fails with `no_such_project`.
  // In order of name, those behind `after`; of `names` only, where they are given.
  Task<std::vector<Project>> list(std::string after, std::int64_t limit,
                                  std::optional<std::vector<std::string>> names = {});
  Task<> remove(ProjectId id);

  Task<std::vector<Environment>> environments(ProjectId project);
  // Those of all projects, in order of project and environment.
  Task<std::vector<Place>> places();
  Task<Environment> production(ProjectId project);
  Task<Environment> environment(EnvironmentId id);  // Fails with `no_such_project`.
  Task<Environment> environment(ProjectId project, std::string name);  // Fails with
                                                                       // `no_such_environment`.
  // With the settings of production, but for the branch. Fails with `bad_environment_name`,
  // `environment_taken`, `too_many_environments`, `bad_setting`.
  Task<Environment> create_environment(Project project, NewEnvironment wanted);
  Task<> remove_environment(EnvironmentId id);
  // Applies `change` to the settings as they are, one change at a time; yields what they are then.
  // Fails with `bad_setting`, `no_such_project`, `environment_taken` for another one's branch.
  Task<Settings> change(EnvironmentId id, std::function<Settings(Settings)> change);

 private:
  Task<Environment> insert_environment(const Project& project, const NewEnvironment& wanted,
                                       sql::Transaction& transaction);
  // Fails, with the name of the project that has it.
  Task<> refuse_slug(std::string slug, sql::Transaction& transaction);

  sql::Database& database_;
  const Clock& clock_;
};

}  // namespace temps::projects

// Sources: where a project's code or image comes from when nobody pushes or uploads it. A git
// repository elsewhere, with what opens it, and who a project is to registries of images.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/clock.hpp"
#include "core/concurrency.hpp"
#include "core/secret.hpp"
#include "core/task.hpp"
#include "deploys/deploys.hpp"
#include "git/git.hpp"
#include "jobs/jobs.hpp"
#include "projects/projects.hpp"
#include "sources/options.hpp"
#include "sources/remote.hpp"
#include "sql/database.hpp"
#include "vault/vault.hpp"

namespace temps::sources {

enum class Credential : std::uint8_t {
  none,
  token,      // over https
  deploy_key  // over ssh; made here, its private half never leaves
};

struct Repository {
  std::string url;
  Credential credential = Credential::none;
  std::string user{};        // of a token
  std::string public_key{};  // of a deploy key, as git servers take it
  Instant changed_at{};
};

struct RepositoryWish {
  std::string url;
  std::optional<std::string> user{};
  Secret token{};  // empty: what is kept stays, as long as the host is the same
  bool forgets_token = false;
};

struct KnownRegistry {
  std::string host;
  std::string user;
  Instant changed_at{};
};

// What a look at the repository has found.
struct Found {
  Branches branches;
  std::string branch;  // that of the environment
  bool has_branch = false;
};

// Owns the tables `source_repositories` and `source_registries`.
class Sources final : public deploys::Supplier {
 public:
  Sources(net::Loop& loop, sql::Database& database, vault::Vault& vault, const Clock& clock,
          projects::Projects& projects, deploys::Deploys& deploys, git::Endpoint& git,
          jobs::Queue& queue, const Options& options)
      : loop_(loop),
        database_(database),
        vault_(vault),
        clock_(clock),
        projects_(projects),
        deploys_(deploys),
        git_(git),
        queue_(queue),
        options_(options),
        remote_(loop, options, git.repositories()) {}

  Task<std::optional<Repository>> find(projects::ProjectId project);
  Task<Repository> get(projects::Project project);  // Fails with `no_repository`.
  // One over ssh gets a deploy key at once. Fails with `bad_url`, `bad_credential`,
  // `refused_address`. The repository itself is not asked: see look().
  Task<Repository> set(projects::Project project, RepositoryWish wish);
  // Another deploy key in the place of the one there is. Fails with `no_repository`,
  // `bad_credential`.
  Task<Repository> renew_key(projects::Project project);
  Task<> remove(projects::ProjectId project);
  // Asks the repository for its branches. Fails with what there is to do.
  Task<Found> look(projects::Place place);
  // Fails with `no_repository`.
  Task<deploys::Deployment> deploy(projects::Place place) override;

  Task<std::vector<KnownRegistry>> registries(projects::ProjectId project);
  // Fails with `bad_credential`, `refused_address`.
  Task<KnownRegistry> set_registry(projects::ProjectId project, std::string host, std::string user,
                                   Secret password);
  Task<> remove_registry(projects::ProjectId project, std::string host);  // Fails with
                                                                          // `no_such_registry`.
  // Fails with `refused_address`, `runtime.bad_image`, `builds.needs_engine`.
  Task<deploys::Deployment> deploy_image(projects::Place place, std::string image) override;

  // For the pipeline of deployments.
  Task<deploys::Fetched> fetch(projects::Place place, std::string branch, runtime::LineSink say,
                               runtime::LineSink output) override;
  Task<runtime::RegistryLogin> login(projects::Place place, std::string image) override;

  [[nodiscard]] projects::Projects& projects() { return projects_; }

 private:
  Task<Opened> open(projects::Project project);
  Task<> check_registry(std::string host);
  Task<> pack(std::string project, std::filesystem::path repository);

  net::Loop& loop_;
  sql::Database& database_;
  vault::Vault& vault_;
  const Clock& clock_;
  projects::Projects& projects_;
  deploys::Deploys& deploys_;
  git::Endpoint& git_;
  jobs::Queue& queue_;
  const Options& options_;
  Remote remote_;
  std::map<std::int64_t, std::unique_ptr<Mutex>> fetching_;  // by project
};

}  // namespace temps::sources

// The deployments as rows: every state that must survive the process is saved here before it is
// acted on.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/clock.hpp"
#include "core/task.hpp"
#include "deploys/deployment.hpp"
#include "deploys/split.hpp"
#include "sql/database.hpp"

namespace temps::deploys {

struct NewDeployment {
  projects::EnvironmentId environment;
  Trigger trigger = Trigger::push;
  std::int64_t origin = 0;  // 0: its own number
  std::string commit;
  std::string message;
  std::string branch;
  std::optional<Release> release{};
  std::int64_t number_min = 1;
  std::optional<std::int64_t> variables{};  // the newest where none is given
  std::int64_t restores = 0;
  std::optional<Instant> arriving_since{};  // its tree
  SourceKind source_kind = SourceKind::push;
  std::string image{};
};

// A release's share in the requests of an environment whose releases share them.
struct SplitPart {
  projects::EnvironmentId environment;
  DeploymentId deployment;
  std::int32_t weight = 1;
};

bool has_part(const std::vector<SplitPart>& parts, DeploymentId deployment);

// What somebody has asked for: two releases that shall share, and the job that sees to it.
struct SplitAttempt {
  DeploymentId beside;  // the one that is not live; its log tells of the job
  std::vector<SplitWish> wishes;
  std::int64_t first_line = 0;  // of the log: those after it are the job's
  jobs::JobId job;
  std::optional<jobs::JobRecord> record{};  // of the job, where somebody has looked it up
};

struct LiveRelease {
  projects::EnvironmentId environment;
  DeploymentId deployment;
};

class Store {
 public:
  Store(sql::Database& database, const Clock& clock) : database_(database), clock_(clock) {}

  Task<Deployment> insert(NewDeployment deployment, sql::Transaction& transaction);
  Task<std::optional<Deployment>> find(DeploymentId id);
  Task<Deployment> get(DeploymentId id);  // Fails with `no_such_deployment`.
  Task<Deployment> get(projects::EnvironmentId environment, std::int64_t number);
  // Newest first, those numbered below `number`.
  Task<std::vector<Deployment>> before(projects::EnvironmentId environment, std::int64_t number,
                                       std::int64_t limit);
  Task<std::vector<Deployment>> with_instance();
  // Those that have neither gone live nor failed.
  Task<std::vector<Deployment>> unended();
  Task<std::optional<std::int64_t>> newer_queued(const Deployment& deployment);
  // What ran before deployment `number`, of those whose build is still here.
  Task<std::optional<Deployment>> rollback_target(projects::EnvironmentId environment,
                                                  std::int64_t number);
  Task<std::optional<Deployment>> latest_source(projects::EnvironmentId environment);
  Task<std::vector<Deployment>> surplus_builds(projects::EnvironmentId environment,
                                               std::int64_t kept);

  Task<> set_source(DeploymentId id, std::string source);
  Task<> set_source(DeploymentId id, std::string source, sql::Transaction& transaction);
  // What was brought from a repository elsewhere.
  Task<> set_fetched(const Deployment& deployment);
  Task<> set_job(DeploymentId id, jobs::JobId job, sql::Transaction& transaction);
  Task<> set_status(DeploymentId id, Status status);
  Task<> set_release(DeploymentId id, Release release);
  Task<> clear_release(DeploymentId id);
  Task<> set_instance(DeploymentId id, std::string instance, std::string address,
                      std::int32_t port);
  // Keeps who wants its end. False, and nothing is kept, once it has ended or was switched to.
  Task<bool> ask_to_cancel(DeploymentId id, std::string by);
  Task<> finish(DeploymentId id, Status status, std::string code, std::string detail);

  Task<> enter_stage(DeploymentId id, Stage stage);
  Task<> leave_stage(DeploymentId id);
  // In order; the newest 100. None of a deployment from before they were kept.
  Task<std::vector<StageTime>> stages_of(const Deployment& deployment);

  Task<std::vector<LiveRelease>> all_live();
  // Those that get requests: the live ones and what shares with them.
  Task<std::vector<LiveRelease>> all_served();
  // The same with all there is to know of them; in no order.
  Task<std::vector<Deployment>> served_deployments();
  Task<bool> is_served(const Deployment& deployment);
  Task<std::optional<DeploymentId>> live_of(projects::EnvironmentId environment);
  // Makes the deployment the environment's live one, in the caller's transaction. Yields the one
  // that was it before. Fails with `cancelled` where somebody has asked for its end.
  Task<std::optional<DeploymentId>> go_live(const Deployment& deployment,
                                            sql::Transaction& transaction);
  // As if go_live() had not been; `split` is what it has ended.
  Task<> undo_live(const Deployment& deployment, std::optional<DeploymentId> previous,
                   const std::vector<SplitPart>& split);
  // Makes `old` the live one again, and `fresh` a failure for the reason in `detail`. False, and
  // nothing is changed, when `fresh` is not the live one any more.
  Task<bool> go_back(const Deployment& fresh, const Deployment& old, Error reason);
  Task<> unpoint(projects::EnvironmentId environment);

  // How releases share requests: empty where the live one has them all.
  Task<std::vector<SplitPart>> splits();
  Task<std::vector<SplitPart>> split_of(projects::EnvironmentId environment);
  // The live release, which stays it until the transaction ends.
  Task<std::optional<DeploymentId>> lock_live(projects::EnvironmentId environment,
                                              sql::Transaction& transaction);
  // They count as live from now on.
  Task<> add_split(const std::vector<SplitPart>& parts, sql::Transaction& transaction);
  // Yields which ones have shared.
  Task<std::vector<SplitPart>> end_split(projects::EnvironmentId environment,
                                         sql::Transaction& transaction);
  // From one release of a split to another of them.
  Task<> swap_live(projects::EnvironmentId environment, DeploymentId from, DeploymentId to,
                   sql::Transaction& transaction);
  // The last one that was asked for, whatever has become of it.
  Task<std::optional<SplitAttempt>> split_attempt(projects::EnvironmentId environment);
  Task<> set_split_attempt(projects::EnvironmentId environment, SplitAttempt attempt,
                           sql::Transaction& transaction);

  [[nodiscard]] sql::Database& database() { return database_; }

 private:
  sql::Database& database_;
  const Clock& clock_;
};

}  // namespace temps::deploys

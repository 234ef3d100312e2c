// The JSON shapes of this module's API. A field name is the wire name.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/clock.hpp"
#include "deploys/deployment.hpp"
#include "deploys/deploys.hpp"
#include "deploys/split.hpp"
#include "deploys/store.hpp"
#include "logs/logs.hpp"
#include "projects/projects.hpp"
#include "runtime/runtime.hpp"

namespace temps::deploys {

struct DeploymentView {
  std::int64_t number;
  Status status;
  Trigger trigger;
  SourceKind source;  // what is deployed
  std::string commit;
  std::string message;
  std::string branch;
  bool live;                              // is it what the address shows now
  std::optional<double> share;            // in the visitors, in percent, while releases share them
  std::int64_t origin;                    // the deployment whose build it runs
  std::optional<std::int64_t> variables;  // the version of the variables that it runs with
  std::optional<std::string> provider;
  std::optional<std::string> image;   // the reference that was asked for
  std::optional<std::string> digest;  // what it named then: "nginx@sha256:…"
  std::optional<std::string> error_code;
  std::optional<std::string> error;
  std::optional<std::string> cancelled_by;  // who has asked for its end
  Instant created_at;
  std::optional<Instant> finished_at;
  // Of one that is asked for alone. None of a deployment from before they were kept.
  std::optional<std::vector<StageTime>> stages{};
};

struct ProjectView {
  std::string name;
  std::string address;     // where the app is
  std::string repository;  // path of the git repository below the server's address
  std::string status;      // "empty", or the live release's "live", or the newest deployment's
  std::optional<DeploymentView> live;
  std::optional<DeploymentView> latest;
  std::optional<std::string> warning;  // what is wrong with the live release
  Instant created_at;
};

struct NewProject {
  std::string name;
};

// What may be changed; what is left out stays.
struct SettingsChange {
  std::optional<std::string> branch, root_directory, dockerfile, install_command, build_command,
      start_command, output_directory, health_path;
  std::optional<std::uint16_t> port;
  std::optional<std::int32_t> health_seconds, drain_seconds, memory_mb;
  std::optional<double> cpus;
  // Those named here change; an empty value takes one away.
  std::optional<std::map<std::string, std::string>> build_arguments;
  std::optional<bool> maintenance, compression, sticky, first_party;
  std::optional<std::vector<std::string>> allowed_addresses;
  std::optional<Secret> basic_auth;  // "user:password"; empty: none is asked for
  std::optional<std::map<std::string, std::string>> response_headers;  // as build_arguments
  std::optional<std::int32_t> body_mb_max, requests_per_minute, answer_seconds_max, wait_seconds;
  std::optional<projects::Protocol> protocol;
};

struct InstanceView {
  std::string name;
  std::string project;
  runtime::Status status;
  std::optional<std::int64_t> deployment;  // nothing: the database does not know it
};

// Of two releases.
struct SplitWishes {
  std::vector<SplitWish> releases;
};
// The last split that was asked for, and what has become of it.
struct SplitAttemptView {
  std::vector<SplitWish> releases;
  jobs::Status status;
  std::optional<std::string> error_code;
  std::optional<std::string> error;
};
struct SplitView {
  std::vector<SplitWish> releases;  // none: the live one has all visitors
  std::optional<SplitAttemptView> attempt;
};
struct SplitEnd {
  std::optional<std::int64_t> keep;  // a deployment's number; nothing: the live one's
};

struct RollbackWish {
  std::optional<std::int64_t> to;          // a deployment's number
  std::optional<WithVariables> variables;  // those of the release where nothing is said
};

// Which of a project's environments: production where none is named.
struct EnvironmentQuery {
  std::optional<std::string> environment;
};

struct EnvironmentView {
  std::string name;
  std::string branch;      // whose pushes are deployed to it
  std::string address;     // where the app is
  std::string status;      // as of a project
  std::int64_t variables;  // the newest version of its variables; 0: there are none
  std::optional<DeploymentView> live;
  std::optional<DeploymentView> latest;
  std::optional<std::string> warning;
};

struct NewEnvironmentBody {
  std::string name;
  std::optional<std::string> branch;  // called like the environment where none is given
};

struct LineView {
  std::int64_t sequence;
  Instant time;
  std::string stream;  // "out", "err", "system"
  std::string text;
  std::optional<std::int64_t> deployment;  // whose app wrote it; not in a deployment's own log
  std::optional<logs::Level> level;        // where the line says one
};

struct LogQuery {
  std::optional<std::uint32_t> lines;  // the newest so many; 200 where none is given
  std::optional<std::string> since;    // RFC 3339
  std::optional<std::string> until;    // RFC 3339
  std::optional<std::string> contains;
  std::optional<logs::Level> level;        // and worse; looks at the newest 10,000 lines
  std::optional<std::string> environment;  // production where none is named
};

DeploymentView view(const Deployment& deployment, std::optional<DeploymentId> live,
                    const std::vector<SplitPart>& split = {});
SplitAttemptView view(const SplitAttempt& attempt);
// "user:password" as it is kept: the password only as a salted hash. Fails with
// `projects.bad_setting`.
Result<std::string> sealed_login(std::string_view login);
// As others may see them: without the hash.
projects::Settings shown(projects::Settings settings);
projects::Settings changed(projects::Settings settings, const SettingsChange& change);

}  // namespace temps::deploys

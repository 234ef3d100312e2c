// What the module's parts share: a deployment and the states it passes through.
#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/clock.hpp"
#include "core/id.hpp"
#include "jobs/jobs.hpp"
#include "projects/projects.hpp"

namespace temps::deploys {

using DeploymentId = Id<struct DeploymentTag>;

enum class Status : std::uint8_t {
  queued,      // waits for its turn
  building,    // source is unpacked, detected, built
  starting,    // its instance starts beside the live one
  checking,    // the instance is asked until it is healthy
  live,        // the proxy serves it, or served it and it drains
  retired,     // was live; another release is
  failed,      // never went live
  superseded,  // a newer push came before it began
  cancelled,
  rolled_back  // crashed after the switch; the one before is live again
};
constexpr bool has_ended(Status status) { return status >= Status::live; }

// What takes a deployment its time, finer than its states.
enum class Stage : std::uint8_t {
  receiving,  // the tree comes in and is unpacked as a trial
  waiting,    // for its turn in the environment, and for one to build
  detecting,  // the tree is unpacked and looked at
  building,
  starting,
  checking,  // until it is healthy
  switching  // until the proxy serves it
};
struct StageTime {
  Stage stage;
  Instant began_at;
  std::optional<Instant> ended_at;  // nothing: it is in it
};

enum class Trigger : std::uint8_t {
  push,
  rollback,
  redeploy,
  restart,     // the live release with the newest variables, without a build
  upload,      // of a packed folder
  repository,  // the newest commit of a branch elsewhere
  image        // of a registry
};

// What is deployed. A deployment that runs or builds another's again has it from that.
enum class SourceKind : std::uint8_t { push, upload, repository, image };

// What a build left, and how to run it. Stored as JSON.
struct Release {
  std::string provider;       // "node"
  std::string runtime;        // "docker", "process"; releases of one cannot run in the other
  std::string artifact{};     // runtime::Artifact::reference; empty for a static site without one
  std::string static_root{};  // the proxy serves this folder; no instance then
  bool single_page = false;
  std::string start_command{};
  std::map<std::string, std::string> variables{};
  std::uint16_t port = 3000;
  std::optional<std::string> digest{};  // of an image that was pulled: "nginx@sha256:…"
};

struct Deployment {
  DeploymentId id;
  projects::EnvironmentId environment;
  std::int64_t number = 0;  // counts up per environment
  std::int64_t origin = 0;  // the number whose build this one runs
  Trigger trigger = Trigger::push;
  Status status = Status::queued;
  std::string commit;
  std::string message;
  std::string branch;
  std::string source;  // the tar file of the commit's tree
  std::optional<Release> release;
  std::string instance;  // runtime::Instance::id while it has one
  std::string address;
  std::int32_t port = 0;
  std::string error_code;
  std::string error_detail;
  Instant created_at;
  std::optional<Instant> live_at;
  std::optional<Instant> finished_at;
  std::optional<jobs::JobId> job{};  // that carries it on
  std::int64_t variables = 0;        // the version of the variables that it runs with; 0: none
  std::int64_t restores = 0;         // of a rollback: the deployment that it brings back, else 0
  std::string cancelled_by{};        // who has asked for its end; empty: nobody
  SourceKind source_kind = SourceKind::push;
  std::string image{};  // the reference that is pulled instead of a build
};

// The names that a deployment has outside: in logs, at the proxy, in the runtime.
inline std::string build_channel(DeploymentId id) { return "builds/" + std::to_string(id.value); }
inline std::string app_channel(projects::EnvironmentId id) {
  return "apps/" + std::to_string(id.value);
}

}  // namespace temps::deploys

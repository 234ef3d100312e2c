// The git endpoint: `git push http://HOST/git/PROJECT.git` deploys. Smart HTTP through git's own
// http-backend; the pre-receive hook asks us, and what we answer is what the pushing terminal
// shows.
//
// A push of the tracked branch is accepted when its deployment has gone live. Objects stay
// quarantined until then, so a failed push leaves the repository as it was and can simply be
// repeated.
#pragma once
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/permission.hpp"
#include "core/task.hpp"
#include "deploys/deploys.hpp"
#include "git/repositories.hpp"
#include "http/router.hpp"
#include "jobs/jobs.hpp"
#include "projects/projects.hpp"

namespace temps::git {

namespace permissions {
inline constexpr auto read = Permission{"git.read", Role::viewer, Scope::project}.deploying();
inline constexpr auto push = Permission{"git.push", Role::developer, Scope::project}.deploying();
}  // namespace permissions

// What the hook sends us (JSON).
struct HookCall {
  std::string token;
  std::vector<RefUpdate> updates;
  std::string object_directory;
  std::string alternates;
};
// What it gets back, one JSON object per line: `line` for the terminal, at last `accept`.
struct HookAnswer {
  std::optional<std::string> line{};
  std::optional<bool> accept{};
};

// The variables through which a hook finds its push.
inline constexpr std::string_view hook_socket_variable = "TEMPS_HOOK_SOCKET";
inline constexpr std::string_view hook_token_variable = "TEMPS_HOOK_TOKEN";

// The kind of job that packs a repository's objects together.
inline constexpr std::string_view collect_job = "git.collect";
struct CollectPayload {
  std::string project;
};

class Endpoint {
 public:
  Endpoint(net::Loop& loop, const Options& options, projects::Projects& projects,
           deploys::Deploys& deploys, jobs::Queue& queue)
      : loop_(loop),
        options_(options),
        projects_(projects),
        deploys_(deploys),
        queue_(queue),
        repositories_(loop, options) {}

  // Phase two.
  void handle_jobs();

  // GET and POST /git/{repo}/{rest...}
  Task<http::Response> serve(http::Request& request);
  // POST /internal/git/pre-receive
  Task<http::Response> hook(http::Request& request);

  // The branch of the environment, if it was pushed, with its tree in a file of its own.
  Task<std::optional<deploys::Stored>> stored(projects::Environment environment);

  [[nodiscard]] Repositories& repositories() { return repositories_; }

 private:
  struct Running {
    projects::Project project;
    std::filesystem::path repository;
    http::Principal who;  // as of the push's beginning
    // What the hook was asked and has answered, as JSON for the audit log.
    std::shared_ptr<std::string> outcome = std::make_shared<std::string>();
  };
  // The push's hook may speak as long as what this yields is held.
  std::shared_ptr<const void> admit(std::string token, Running push);
  Task<http::Response> backend(http::Request& request, Running push, std::string rest);
  Task<bool> receive(HookCall call, Running push, http::BodyWriter& out);
  Task<> tidy_up(const Running& push);
  Task<bool> deploy_update(const RefUpdate& update, const HookCall& call, const Running& push,
                           const projects::Environment& environment, http::BodyWriter& out);

  net::Loop& loop_;
  const Options& options_;
  projects::Projects& projects_;
  deploys::Deploys& deploys_;
  jobs::Queue& queue_;
  Repositories repositories_;
  std::map<std::string, Running> running_;  // by hook token
};

void add_routes(http::Router& router, Endpoint& endpoint);

}  // namespace temps::git

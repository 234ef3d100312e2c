// Commands: what somebody runs beside an app, at a terminal or in a pipe: in the live release's
// instance, or in one of its own.
#pragma once
#include <chrono>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "commands/protocol.hpp"
#include "core/clock.hpp"
#include "core/concurrency.hpp"
#include "core/counted.hpp"
#include "deploys/deploys.hpp"
#include "http/principal.hpp"
#include "projects/projects.hpp"
#include "runtime/runtime.hpp"
#include "variables/variables.hpp"

namespace temps::commands {

enum class Kind : std::uint8_t {
  exec,  // in the instance of the live release
  run    // in an instance of its own
};

struct Wish {
  Kind kind = Kind::exec;
  std::optional<int> instance{};  // its number; the first where none is given
  runtime::Command command{};
};

struct Options {
  std::chrono::seconds time_max = std::chrono::hours(24);
};

// A command that was allowed and waits for its streams.
struct Announced {
  std::string id;
  Wish wish;
  projects::Place place;
  deploys::Deployment deployment;
  std::string owner;
  std::vector<std::string> shown;  // its words without secrets
  Instant until;
};

class Commands {
 public:
  static constexpr int at_once_max = 64;
  static constexpr int of_one_max = 8;
  static constexpr std::chrono::seconds waiting_time{30};

  Commands(runtime::Runtime& runtime, deploys::Deploys& deploys, variables::Variables& variables,
           const Options& options, const Clock& clock)
      : runtime_(runtime),
        deploys_(deploys),
        variables_(variables),
        options_(options),
        clock_(clock) {}

  // Fails with `bad_command`, `nothing_runs`, `static_release`, `other_runtime`,
  // `no_such_instance`, `too_many`.
  Task<Announced> announce(projects::Place place, const http::Principal& caller, Wish wish);
  // It waits no more. Fails with `no_such_command` for anybody but who announced it, and for
  // another environment than it was announced for.
  Result<Announced> take(std::string_view id, const http::Principal& caller,
                         projects::EnvironmentId environment);

  // Runs it. What has become of it stands in `noted` at the end, as JSON, however it ends.
  Task<> run(Announced announced, http::WebSocket& socket, std::string& noted);

  // Ends what a former process of ours has left, when the runtime can.
  Task<> end_forgotten();
  // Ends what runs for a project that goes.
  Task<> end_all_of(projects::ProjectId project);

 private:
  struct Running {
    projects::ProjectId project;
    std::string owner;
    Signal stop{};
  };
  void forget_old();
  [[nodiscard]] Result<> check_free(const std::string& owner) const;
  Task<std::unique_ptr<runtime::RunningCommand>> start(const Announced& announced);

  runtime::Runtime& runtime_;
  deploys::Deploys& deploys_;
  variables::Variables& variables_;
  const Options& options_;
  const Clock& clock_;
  std::list<Announced> waiting_;
  std::list<Running> running_;
};

}  // namespace temps::commands

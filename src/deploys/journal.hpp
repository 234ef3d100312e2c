// The story of a deployment, line by line: what the pushing terminal, the CLI and the console show.
#pragma once
#include <string>
#include <string_view>

#include "core/clock.hpp"
#include "core/concurrency.hpp"
#include "deploys/deployment.hpp"
#include "logs/logs.hpp"

namespace temps::deploys {

class Journal {
 public:
  Journal(logs::Store& logs, const Clock& clock) : logs_(logs), clock_(clock) {}

  // A step of ours: "built in 3.2 s".
  void say(DeploymentId id, std::string_view text);
  // A line of the build's own output.
  void output(DeploymentId id, std::string_view line);
  // Wakes those who follow any deployment: a state has changed.
  void changed() { changed_.notify(); }
  Task<> next_change() { return changed_.next(); }

  [[nodiscard]] logs::Store& logs() { return logs_; }

 private:
  void append(DeploymentId id, logs::Stream stream, std::string_view text);
  logs::Store& logs_;
  const Clock& clock_;
  Signal changed_;
};

}  // namespace temps::deploys

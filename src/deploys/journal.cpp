#include "deploys/journal.hpp"

#include "core/log.hpp"

namespace temps::deploys {

void Journal::say(DeploymentId id, std::string_view text) {
  append(id, logs::Stream::system, text);
}

void Journal::output(DeploymentId id, std::string_view line) {
  append(id, logs::Stream::out, line);
}

void Journal::append(DeploymentId id, logs::Stream stream, std::string_view text) {
  const logs::Line line{.time = clock_.now(), .stream = stream, .text = std::string(text)};
  // A full disk must not stop a deployment that could still go live.
  if (auto stored = logs_.append(build_channel(id), std::span(&line, 1)); !stored) {
    log::warning("a line of a deployment's log is lost",
                 {{"deployment", id.value}, {"detail", stored.error().detail()}});
  }
}

}  // namespace temps::deploys

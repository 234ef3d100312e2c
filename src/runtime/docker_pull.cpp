// Images of registries, pulled by the engine and kept under names of ours.
#include <fmt/core.h>

#include <algorithm>

#include "core/concurrency.hpp"
#include "core/text.hpp"
#include "runtime/docker_pull_stream.hpp"
#include "runtime/docker_runtime.hpp"

namespace temps::runtime {
namespace {

using namespace std::chrono_literals;

// The JSON of the engine; the names are its own.
struct AuthConfig {
  std::string username;
  std::string password;
  std::string serveraddress;
};

std::string auth_header(const RegistryLogin& login, const std::string& registry) {
  const bool is_hub = registry == "docker.io";
  const AuthConfig config{.username = login.user,
                          .password = login.password.reveal(),
                          .serveraddress = is_hub ? "https://index.docker.io/v1/" : registry};
  auto text = to_base64(json::encode(config));
  for (auto& c : text) c = c == '+' ? '-' : c == '/' ? '_' : c;
  return text;
}

bool says_any_of(std::string_view words, std::initializer_list<std::string_view> parts) {
  return std::ranges::any_of(parts, [words](auto part) { return words.contains(part); });
}

// The engine's words with what to do.
Error refusal(const PullSpec& spec, const ImageReference& image, const std::string& words) {
  const auto said = lowered(words);
  std::string hint;
  if (says_any_of(said, {"unauthorized", "denied", "authentication required", "no basic auth"})) {
    hint = spec.login.user.empty()
               ? fmt::format(
                     "; if it is private, say who may pull it: temps registry set {} {} "
                     "--user NAME (or there is no such image)",
                     spec.project, image.registry())
               : fmt::format(
                     "; the registry does not let {} pull it, or there is no such image: "
                     "renew the password or token: temps registry set {} {} --user {}",
                     spec.login.user, spec.project, image.registry(), spec.login.user);
  } else if (says_any_of(said, {"manifest unknown", "not found", "does not exist"})) {
    hint = "; check its name and tag";
  } else if (says_any_of(said, {"http response to https client"})) {
    hint =
        "; the registry speaks no https: name it among the engine's insecure-registries "
        "(/etc/docker/daemon.json)";
  } else if (says_any_of(said, {"no such host", "i/o timeout", "connection refused",
                                "request canceled", "deadline exceeded"})) {
    hint = "; the registry cannot be reached from here, check its name and this machine's network";
  }
  return {errors::pull_failed, fmt::format("{} could not be pulled: {}{}", image.text(),
                                           to_utf8(words.substr(0, 500)), hint)};
}

// "nginx@sha256:…" among the digests that the engine knows of an image.
std::string digest_of(const json::Value& image, const ImageReference& wanted) {
  for (const auto& entry : image["RepoDigests"].items()) {
    const auto text = text_of(entry);
    if (cut(text, "@").first == wanted.name()) return text;
  }
  return {};
}

}  // namespace

Task<Artifact> Runtime::pull(PullSpec /*spec*/, LineSink /*output*/) {
  co_await fail(errors::needs_engine,
                "images need a container engine; install one with: apt-get install docker.io, then "
                "start Temps again with --runtime docker");
  std::unreachable();
}

std::string DockerRuntime::kept_name(const std::string& project, std::int64_t deployment) const {
  return fmt::format("temps-{}/{}:{}", options_.installation, project, deployment);
}

bool DockerRuntime::is_pulled(const std::string& artifact) const {
  return artifact.starts_with(fmt::format("temps-{}/", options_.installation));
}

Task<> DockerRuntime::run_pull(const PullSpec& spec, const ImageReference& image,
                               const LineSink& output) {
  http::ClientRequest request{
      .method = "POST",
      .target = fmt::format("/images/create?fromImage={}&tag={}", percent_encoded(image.name()),
                            percent_encoded(image.digest.empty() ? image.tag : image.digest))};
  if (!spec.login.user.empty()) {
    request.headers.add("X-Registry-Auth", auth_header(spec.login, image.registry()));
  }
  auto exchange = co_await api_.open(std::move(request));
  if (exchange->status() != 200) {
    const DockerAnswer refused{.status = exchange->status(), .body = co_await exchange->read()};
    co_await fail(refusal(spec, image, refused.message()));
  }
  DockerPullStream stream(output);
  for (;;) {
    auto piece = co_await attempt(exchange->read());
    if (!piece && piece.error().code().kind == ErrorKind::cancelled) co_await fail(piece.error());
    if (!piece && piece.error().is(temps::errors::timed_out)) co_await fail(piece.error());
    if (!piece || piece->empty()) break;
    co_await stream.feed(*piece);
  }
  const auto words = co_await stream.finish();
  if (!words.empty()) co_await fail(refusal(spec, image, words));
}

Task<Artifact> DockerRuntime::pull(PullSpec spec, LineSink output) {
  const auto image = co_await ImageReference::parse(spec.image);
  // What somebody else has pulled under this name stays under it.
  const bool was_here = co_await has_artifact(image.text());
  auto done = co_await attempt(within(spec.time_limit, run_pull(spec, image, output)));
  if (!done && done.error().is(temps::errors::timed_out)) {
    co_await fail(errors::pull_failed, "{} was not here after {} min; the pull was given up",
                  image.text(),
                  std::chrono::duration_cast<std::chrono::minutes>(spec.time_limit).count());
  }
  co_await std::move(done);
  auto answer =
      co_await succeed({.path = "/images/" + image.text() + "/json"}, errors::no_such_artifact);
  const auto value = answer.value();
  const auto id = text_of(value["Id"]);
  auto kept = kept_name(spec.project, spec.deployment);
  co_await succeed({.method = "POST",
                    .path = fmt::format("/images/{}/tag?repo={}&tag={}", id,
                                        percent_encoded(cut(kept, ":").first), spec.deployment)},
                   errors::pull_failed);
  if (!was_here) co_await remove_image(image.text());
  auto digest = digest_of(value, image);
  co_return Artifact{.reference = std::move(kept),
                     .exposed_ports = parse_exposed_ports(value),
                     .digest = digest.empty() ? image.name() + "@" + id : std::move(digest)};
}

// Its name only, as long as another has it: the engine drops an image with the last of its names.
Task<> DockerRuntime::forget_pulled(std::string artifact) {
  co_await found(
      {.method = "DELETE", .path = fmt::format("/images/{}?force=1", artifact), .limit = 120s});
}

}  // namespace temps::runtime

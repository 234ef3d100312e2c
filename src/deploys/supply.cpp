// Deployments of what is elsewhere: how they begin, and how what they are of gets here.
#include "builds/errors.hpp"
#include "deploys/deploys.hpp"
#include "deploys/errors.hpp"
#include "files/files.hpp"
#include "runtime/runtime.hpp"

namespace temps::deploys {

using namespace std::chrono_literals;
using projects::EnvironmentId;

namespace {

constexpr auto pull_time = 30min;
constexpr std::uint16_t usual_port = 3000;

Error without_source(const projects::Project& project) {
  return {errors::no_source,
          fmt::format("{0} has no repository elsewhere; give it one: temps source set {0} URL",
                      project.name)};
}

}  // namespace

Task<Deployment> Deploys::deploy_repository(EnvironmentId environment, std::string branch) {
  co_return co_await enqueue({.environment = environment,
                              .trigger = Trigger::repository,
                              .commit = {},
                              .message = fmt::format("the newest commit of {}", branch),
                              .branch = branch,
                              .source_kind = SourceKind::repository},
                             std::nullopt, {});
}

Task<Deployment> Deploys::deploy_image(EnvironmentId environment, std::string image) {
  co_await runtime::ImageReference::parse(image);
  if (runtime_.name() != "docker") {
    co_await fail(
        builds::errors::needs_engine,
        "images run in a container engine, and none runs here; install one with: apt-get install "
        "docker.io, then start Temps again with --runtime docker");
  }
  co_return co_await enqueue({.environment = environment,
                              .trigger = Trigger::image,
                              .commit = {},
                              .message = image,
                              .branch = {},
                              .source_kind = SourceKind::image,
                              .image = image},
                             std::nullopt, {});
}

Task<Release> Pipeline::obtain(Deployment& deployment, const Place& where) {
  if (!deployment.image.empty()) co_return co_await pull(deployment, where);
  const bool is_here = !deployment.source.empty();
  if (deployment.source_kind == SourceKind::repository && !is_here) {
    co_await fetch(deployment, where);
  }
  co_return co_await build(deployment, where);
}

Task<> Pipeline::fetch(Deployment& deployment, const Place& where) {
  if (supplier_ == nullptr) co_await fail(without_source(where.project));
  const auto id = deployment.id;
  auto fetched = co_await supplier_->fetch(
      {where.project, where.environment}, deployment.branch,
      [this, id](std::string_view line) { journal_.say(id, line); },
      [this, id](std::string_view line) { journal_.output(id, line); });
  deployment.commit = std::move(fetched.commit);
  deployment.message = std::move(fetched.message);
  deployment.source = fetched.tree.parent_path() / fmt::format("{}.tar", id.value);
  co_await files::move(fetched.tree, deployment.source);
  co_await store_.set_fetched(deployment);
  journal_.say(
      id, fmt::format("received {} \"{}\"", deployment.commit.substr(0, 8), deployment.message));
}

// What a registry has is a release as it is: no build.
Task<Release> Pipeline::pull(const Deployment& deployment, const Place& where) {
  const auto id = deployment.id;
  const auto say = [this, id](std::string_view line) { journal_.say(id, line); };
  co_await builder_.make_room(say);
  runtime::PullSpec spec{.project = where.project.name,
                         .deployment = id.value,
                         .image = deployment.image,
                         .time_limit = pull_time};
  if (supplier_ != nullptr) {
    spec.login = co_await supplier_->login({where.project, where.environment}, deployment.image);
  }
  say(fmt::format("pulling {}{}", deployment.image,
                  spec.login.user.empty() ? "" : " as " + spec.login.user));
  auto pulled = co_await runtime_.pull(
      std::move(spec), [this, id](std::string_view line) { journal_.output(id, line); });
  say("pulled " + pulled.digest);
  const auto& settings = where.environment.settings;
  const bool has_one = pulled.exposed_ports.size() == 1;
  const auto exposed = has_one ? pulled.exposed_ports.front() : usual_port;
  if (settings.port == 0 && !has_one) {
    say(
        fmt::format("note: the image does not say by one EXPOSE where it listens; port {} is "
                    "assumed (to say it: temps project set {} port=80)",
                    usual_port, where.project.name));
  }
  co_return Release{.provider = "image",
                    .runtime = std::string(runtime_.name()),
                    .artifact = std::move(pulled.reference),
                    .start_command = settings.start_command,
                    .port = settings.port != 0 ? settings.port : exposed,
                    .digest = std::move(pulled.digest)};
}

}  // namespace temps::deploys

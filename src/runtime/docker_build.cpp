#include <fmt/core.h>

#include <utility>

#include "core/counted.hpp"
#include "core/text.hpp"
#include "files/files.hpp"
#include "process/process.hpp"
#include "runtime/docker_build_stream.hpp"
#include "runtime/docker_certificates.hpp"
#include "runtime/docker_ignore.hpp"
#include "runtime/docker_runtime.hpp"
#include "runtime/open_file.hpp"
#include "runtime/tree.hpp"

namespace temps::runtime {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr const char* own_dockerfile = ".temps.Dockerfile";
constexpr std::uint64_t cpu_period_us = 100'000;
// Half of the weight that an app has, where the CPU is short.
constexpr int cpu_shares = 512;

// "dist/./public/" -> "dist/public"; nothing for what leads out.
std::optional<std::string> path_below_app(const std::string& from) {
  auto path = fs::path(from).lexically_normal().native();
  while (path.ends_with('/')) path.pop_back();
  if (path.starts_with('/') || path == ".." || path.starts_with("../")) return std::nullopt;
  return path == "." ? std::string{} : path;
}

// Does a text of ours go instead of the user's file?
bool is_text_sent(const BuildSpec& spec, const SentDockerfile& dockerfile) {
  return !spec.dockerfile_text.empty() || dockerfile.inserted_steps() > 0;
}

// A link could lead to any file of this machine.
std::string ignore_rules(const fs::path& source) {
  const auto file = source / ".dockerignore";
  return lies_inside(file, source) ? files::read(file).value_or("") : std::string{};
}

Result<> pack_context(const BuildSpec& spec, const SentDockerfile& dockerfile,
                      const fs::path& archive) {
  const auto rules = ignore_rules(spec.source);
  const DockerIgnore ignored(rules);
  const auto of_user = fs::path(spec.dockerfile).lexically_normal().native();
  if (!is_text_sent(spec, dockerfile)) {
    return files::pack_tar(spec.source, archive, {}, [&](std::string_view path) {
      return path == of_user || path == ".dockerignore" || !ignored.ignores(path);
    });
  }
  // The engine takes these two out of the context again where its rules name them, once it has read
  // them: no COPY finds what is ours.
  const std::vector<files::ExtraFile> extra{
      {own_dockerfile, dockerfile.text()},
      {".dockerignore", fmt::format("{}\n{}\n.dockerignore\n", rules, own_dockerfile)}};
  return files::pack_tar(spec.source, archive, extra, [&](std::string_view path) {
    return path != own_dockerfile && path != ".dockerignore" && !ignored.ignores(path);
  });
}

// What the host needs to reach the network, a build needs, too. These names are build arguments
// that every Dockerfile has.
std::map<std::string, std::string> build_arguments(const BuildSpec& spec,
                                                   const SentDockerfile& dockerfile) {
  auto arguments = spec.environment;
  for (const auto& [name, value] : spec.variables) {
    if (declares_argument(dockerfile.text(), name)) arguments.emplace(name, value);
  }
  for (const auto& [name, value] : process::base_environment()) {
    if (lowered(name).ends_with("_proxy")) arguments.emplace(name, value);
  }
  return arguments;
}

std::int64_t unix_seconds(Instant time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

void add_parameter(std::string& target, std::string_view name, std::string_view value) {
  target += target.find('?') == std::string::npos ? '?' : '&';
  target.append(name).append("=").append(percent_encoded(value));
}

}  // namespace

std::string DockerRuntime::build_target(const BuildSpec& spec,
                                        const SentDockerfile& dockerfile) const {
  std::string target = "/build";
  add_parameter(target, "version", "1");
  add_parameter(target, "t", fmt::format("temps/{}:{}", spec.project, spec.deployment));
  add_parameter(target, "dockerfile",
                is_text_sent(spec, dockerfile) ? own_dockerfile : spec.dockerfile);
  add_parameter(target, "rm", "1");
  add_parameter(target, "forcerm", "1");
  add_parameter(target, "cpushares", fmt::format("{}", cpu_shares));
  if (spec.limits.memory_bytes > 0) {
    add_parameter(target, "memory", fmt::format("{}", spec.limits.memory_bytes));
    add_parameter(target, "memswap", fmt::format("{}", spec.limits.memory_bytes));
  }
  if (spec.limits.cpus > 0) {
    add_parameter(target, "cpuperiod", fmt::format("{}", cpu_period_us));
    add_parameter(target, "cpuquota",
                  fmt::format("{:.0f}", spec.limits.cpus * double{cpu_period_us}));
  }
  add_parameter(target, "buildargs", json::encode(build_arguments(spec, dockerfile)));
  const std::map<std::string, std::string> labels{
      {label::installation, options_.installation},
      {label::project, spec.project},
      {label::deployment, fmt::format("{}", spec.deployment)}};
  add_parameter(target, "labels", json::encode(labels));
  return target;
}

Task<Artifact> DockerRuntime::build(BuildSpec spec, LineSink output) {
  if (spec.dockerfile_text.empty() && spec.dockerfile.empty()) spec.dockerfile = "Dockerfile";
  auto built = co_await attempt(build_in_turn(spec, output));
  // Of a cancelled build the next one cleans up.
  co_await attempt(collect_after_build());
  co_return co_await std::move(built);
}

Task<Artifact> DockerRuntime::build_in_turn(const BuildSpec& spec, const LineSink& output) {
  std::optional<Counted> counted;
  {
    auto held = co_await collecting_.lock();
    counted.emplace(builds_running_);
  }
  const auto dockerfile = co_await dockerfile_of(spec);
  const files::TemporaryFolder work(options_.work_folder);
  const auto context = work.path() / "context.tar";
  auto packed = co_await loop_.offload(
      [&spec, &dockerfile, &context] { return pack_context(spec, dockerfile, context); });
  co_await std::move(packed);
  auto built =
      co_await attempt(within(spec.time_limit, run_build(spec, dockerfile, context, output)));
  if (built) co_return co_await inspect_image(*built);
  if (built.error().is(temps::errors::timed_out)) {
    co_await fail(errors::build_timed_out,
                  "the build took longer than {} s and was stopped; make it faster or raise the "
                  "time limit",
                  spec.time_limit.count());
  }
  co_await fail(built.error());
  std::unreachable();
}

Task<SentDockerfile> DockerRuntime::dockerfile_of(const BuildSpec& spec) {
  auto text = spec.dockerfile_text;
  std::error_code error;
  if (text.empty()) {
    const auto file = spec.source / spec.dockerfile;
    if (!lies_inside(file, spec.source) || !fs::is_regular_file(file, error)) {
      co_await fail(errors::build_failed, "there is no file \"{}\" in the project",
                    spec.dockerfile);
    }
    auto read = files::read(file, dockerfile_bytes_max);
    if (!read) {
      co_await fail(errors::build_failed, "the file \"{}\" cannot be used: {}", spec.dockerfile,
                    read.error().detail());
    }
    text = std::move(*read);
  }
  SentDockerfile dockerfile(std::move(text), spec.dockerfile);
  if (spec.certificates.empty() || !dockerfile.has_steps()) co_return dockerfile;
  const auto image = co_await ensure_certificates(spec.certificates);
  dockerfile.insert_before_first_steps(lines_of_trust(image));
  co_return dockerfile;
}

// Cancelled, it closes the connection, at which the engine ends the build and removes what it made.
Task<std::string> DockerRuntime::run_build(const BuildSpec& spec, const SentDockerfile& dockerfile,
                                           fs::path context, const LineSink& output) {
  OpenFile file(context, OpenFile::For::reading);
  http::ClientRequest request{.method = "POST", .target = build_target(spec, dockerfile)};
  request.headers.add("Content-Type", "application/x-tar");
  request.body_stream = [&file] { return file.next_piece(); };
  const auto began_s = unix_seconds(clock_.now());
  auto exchange = co_await api_.open(std::move(request));
  if (exchange->status() != 200) {
    DockerAnswer refusal{.status = exchange->status(), .body = co_await exchange->read()};
    co_await fail(
        errors::build_failed,
        "the container engine refused the build: {}; try it on your machine: docker build .",
        dockerfile.explain(refusal.message()));
  }
  DockerBuildStream stream(output, &dockerfile, [&](std::string_view image, StepImage origin) {
    note_step(image, origin, began_s);
  });
  while (true) {
    auto piece = co_await attempt(exchange->read());
    if (!piece && piece.error().code().kind == ErrorKind::cancelled) co_await fail(piece.error());
    if (!piece && piece.error().is(temps::errors::timed_out)) co_await fail(piece.error());
    // A broken connection and a stream that ends too early mean the same: see finish().
    if (!piece || piece->empty()) break;
    co_await stream.feed(*piece);
  }
  co_return co_await stream.finish();
}

Task<Artifact> DockerRuntime::inspect_image(std::string image) {
  // The stream may name it in a short form.
  auto answer = co_await succeed({.path = "/images/" + image + "/json"}, errors::no_such_artifact);
  const auto value = answer.value();
  co_return Artifact{.reference = text_of(value["Id"]),
                     .exposed_ports = parse_exposed_ports(value)};
}

Task<bool> DockerRuntime::has_artifact(std::string artifact) {
  co_return co_await found({.path = "/images/" + artifact + "/json"});
}

Task<> DockerRuntime::copy_out(std::string artifact, std::string from, fs::path to) {
  const auto below = path_below_app(from);
  if (!below) {
    co_await fail(errors::nothing_built, "\"{}\" is not a folder of the project", from);
  }
  struct Container {
    std::string Image;
    std::vector<std::string> Cmd;
    std::map<std::string, std::string> Labels;
  };
  const Container wanted{
      .Image = artifact, .Cmd = {"true"}, .Labels = {{label::installation, options_.installation}}};
  auto created = co_await succeed(
      {.method = "POST", .path = "/containers/create", .body = json::encode(wanted)},
      errors::no_such_artifact);
  const auto container = text_of(created.value()["Id"]);
  const files::TemporaryFolder work(options_.work_folder);
  const auto archive = work.path() / "folder.tar";
  auto fetched = co_await attempt(fetch_folder(container, "/app/" + *below, archive));
  co_await attempt(
      shielded(found({.method = "DELETE", .path = "/containers/" + container + "?v=1&force=1"})));
  if (!fetched && fetched.error().is(errors::nothing_built)) {
    co_await fail(errors::nothing_built,
                  "the build left no folder \"{}\"; check the build command and the output folder",
                  from);
  }
  co_await std::move(fetched);
  // The engine packs the folder under its own name.
  const auto inside =
      work.path() / "unpacked" / fs::path("/app/" + *below).lexically_normal().filename();
  auto copied = co_await loop_.offload([archive, inside, to]() -> Result<> {
    if (auto made = files::make_folder(inside.parent_path()); !made) return made;
    if (auto unpacked = files::unpack_tar(archive, inside.parent_path()); !unpacked) {
      return unpacked;
    }
    return copy_for_serving(inside, to, inside);
  });
  co_await std::move(copied);
}

Task<> DockerRuntime::fetch_folder(std::string container, std::string from, fs::path archive) {
  http::ClientRequest request{
      .target = fmt::format("/containers/{}/archive?path={}", container, percent_encoded(from))};
  auto exchange = co_await within(60s, api_.open(std::move(request)));
  if (exchange->status() != 200) co_await fail(errors::nothing_built);
  const OpenFile file(archive, OpenFile::For::writing);
  std::uint64_t size = 0;
  for (auto piece = co_await exchange->read(); !piece.empty(); piece = co_await exchange->read()) {
    size += piece.size();
    if (size > files::TarLimits{}.size_bytes_max) {
      co_await fail(errors::nothing_built, "the folder \"{}\" has more than {}", from,
                    human_bytes(files::TarLimits{}.size_bytes_max));
    }
    co_await file.append(piece);
  }
}

}  // namespace temps::runtime

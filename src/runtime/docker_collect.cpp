// What builds leave in the engine, and what becomes of it.
#include <fmt/core.h>

#include <utility>

#include "core/log.hpp"
#include "runtime/docker_runtime.hpp"

namespace temps::runtime {
namespace {

using namespace std::chrono_literals;

// A deployment waits for it; the next build goes on with the rest.
constexpr std::size_t removals_max = 200;

}  // namespace

StepLedger& DockerRuntime::steps() {
  if (!steps_) steps_ = StepLedger::load(options_.step_ledger);
  return *steps_;
}

void DockerRuntime::note_step(std::string_view image, StepImage origin,
                              std::int64_t build_began_s) {
  if (options_.step_ledger.empty()) return;
  if (origin == StepImage::used_again) return steps().touch(image, build_began_s);
  const StepLedger::Step step{.since_s = build_began_s, .used_s = build_began_s};
  steps().note(image, step);
  if (auto added = StepLedger::append(options_.step_ledger, image, step); !added) {
    log::warning("a build's step is not noted and may not be collected",
                 {{"detail", added.error().detail()}});
  }
}

// Without force: the engine keeps what a container or another image needs.
Task<bool> DockerRuntime::remove_image(std::string image) {
  auto answer = co_await api_.call(
      {.method = "DELETE", .path = "/images/" + image + "?noprune=1", .limit = 120s});
  co_return answer.is_success() || answer.status == 404;
}

Task<> DockerRuntime::collect(std::uint64_t cache_bytes_max) {
  if (options_.step_ledger.empty()) co_return;
  auto held = co_await collecting_.lock();
  // The next step of a running build may stand on any image.
  if (builds_running_ > 0) co_return;
  auto answer = co_await succeed({.path = "/images/json?all=1"}, errors::unavailable);
  const auto list = answer.value();
  if (!list.is_array()) {
    co_await fail(errors::unavailable, "the container engine's list of images cannot be read");
  }
  const auto images = parse_images(list);
  steps().keep_only(images);
  CacheRules rules{.installation = options_.installation, .bytes_max = cache_bytes_max};
  if (cache_bytes_max == 0) rules.steps_max = 0;
  const auto surplus = images_to_remove(images, steps(), rules);
  std::size_t removed = 0;
  for (const auto& image : surplus) {
    if (removed == removals_max) break;
    if (co_await remove_image(image)) ++removed;
  }
  co_await remove_old_certificates(images);
  co_await steps().save(options_.step_ledger);
  if (removed > 0) log::info("images that builds left were removed", {{"images", removed}});
}

Task<> DockerRuntime::collect_after_build() {
  auto collected = co_await attempt(collect(options_.build_cache_bytes_max));
  if (collected || collected.error().code().kind == ErrorKind::cancelled) co_return;
  log::warning("what builds left could not be collected", {{"detail", collected.error().detail()}});
}

Task<> DockerRuntime::drop_build_cache() { co_await collect(0); }

Task<> DockerRuntime::remove_artifact(std::string artifact) {
  if (is_pulled(artifact)) co_return co_await forget_pulled(std::move(artifact));
  auto answer = co_await api_.call({.path = "/images/" + artifact + "/json"});
  const auto image = answer.value();
  const auto installation = image["Config"]["Labels"][label::installation];
  if (!answer.is_success() || text_of(installation) != options_.installation) co_return;
  // The steps below it make the next build faster, and are collected when they are too many. What
  // is not noted as ours goes with it.
  const auto parent = text_of(image["Parent"]);
  const bool is_noted =
      !options_.step_ledger.empty() && !parent.empty() && steps().contains(parent);
  const auto* prune = is_noted ? "&noprune=1" : "";
  co_await found({.method = "DELETE",
                  .path = fmt::format("/images/{}?force=1{}", artifact, prune),
                  .limit = 120s});
}

Task<std::filesystem::path> DockerRuntime::storage() {
  auto answer = co_await succeed({.path = "/info"}, errors::unavailable);
  std::filesystem::path folder = text_of(answer.value()["DockerRootDir"]);
  std::error_code error;
  // The engine may run elsewhere.
  const bool is_here = folder.is_absolute() && std::filesystem::is_directory(folder, error);
  co_return is_here ? folder : std::filesystem::path{};
}

}  // namespace temps::runtime

#include "runtime/process_runtime.hpp"

#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <functional>
#include <utility>

#include "files/files.hpp"
#include "runtime/control_group.hpp"
#include "runtime/process_release.hpp"
#include "runtime/tree.hpp"

namespace temps::runtime {
namespace {

namespace fs = std::filesystem;

bool limits_work() {
  if (::geteuid() != 0) return false;
  const auto group = make_group("probe", {});
  remove_group(group);
  return !group.empty();
}

std::string caveat_of_this_machine() {
  std::string text =
      ::geteuid() == 0
          ? "Apps run as plain processes, each project under a user of its own: they share this "
            "machine's network, can read what every user may read, and can be reached directly "
            "when they listen on all addresses."
          : "Apps run as plain processes of your own user: they share this machine's network and "
            "can read and change all of your files.";
  if (!limits_work()) text += " Memory and CPU limits are not enforced.";
  return text + " Install a container engine (apt-get install docker.io) for real isolation.";
}

bool may_others_enter(const fs::path& folder) {
  struct stat status{};
  return ::stat(folder.c_str(), &status) == 0 && (status.st_mode & S_IXOTH) != 0;
}

}  // namespace

ProcessRuntime::ProcessRuntime(net::Loop& loop, ProcessOptions options)
    : loop_(loop), options_(std::move(options)), caveat_(caveat_of_this_machine()) {
  std::error_code error;
  const auto absolute = fs::absolute(options_.data_folder, error);
  if (!error) options_.data_folder = absolute.lexically_normal();
}

ProcessRuntime::Release ProcessRuntime::release_of(const std::string& project,
                                                   std::int64_t deployment) const {
  return {options_.data_folder / "releases" / project / fmt::format("{}", deployment)};
}

std::uint32_t ProcessRuntime::user_of(std::int64_t project_id) const {
  if (::geteuid() != 0) return 0;
  return options_.first_user + static_cast<std::uint32_t>(project_id);
}

// Two installations on one machine have groups of their own.
std::string ProcessRuntime::group_name(std::string_view kind, std::string_view name) const {
  const auto installation = std::hash<std::string>{}(options_.data_folder.native());
  return fmt::format("{:08x}/{}-{}", static_cast<std::uint32_t>(installation), kind, name);
}

// The users of the projects must be able to walk to their release folders.
Result<> ProcessRuntime::make_reachable() const {
  if (::geteuid() != 0) return {};
  std::error_code error;
  fs::permissions(options_.data_folder, fs::perms::others_exec, fs::perm_options::add, error);
  for (auto folder = options_.data_folder; folder.has_relative_path();
       folder = folder.parent_path()) {
    if (may_others_enter(folder)) continue;
    return fail(errors::unavailable,
                "apps run under users of their own, which cannot enter {}; choose another data "
                "folder, or run: chmod o+x {}",
                folder.native(), folder.native());
  }
  return {};
}

Task<> ProcessRuntime::check() {
  co_await files::make_folder(options_.data_folder / "instances", 0700);
  co_await make_reachable();
  if (::access(options_.shim_program.c_str(), X_OK) != 0) {
    co_await fail(errors::unavailable, "the program {} is missing; install Temps again",
                  options_.shim_program);
  }
}

Task<> ProcessRuntime::copy_out(std::string artifact, std::string from, fs::path to) {
  if (!co_await has_artifact(artifact)) {
    co_await fail(errors::no_such_artifact, "the release folder {} is gone; deploy again",
                  artifact);
  }
  const fs::path app = fs::path(artifact) / "app";
  const auto folder = app / from;
  std::error_code error;
  if (!lies_inside(folder, app) || !fs::is_directory(folder, error)) {
    co_await fail(errors::nothing_built,
                  "the build left no folder \"{}\"; check the build command and the output folder",
                  from);
  }
  auto copied =
      co_await loop_.offload([folder, to, app] { return copy_for_serving(folder, to, app); });
  co_await std::move(copied);
}

Task<bool> ProcessRuntime::has_artifact(std::string artifact) {
  std::error_code error;
  co_return lies_inside(artifact, options_.data_folder / "releases") &&
      fs::is_directory(fs::path(artifact) / "app", error);
}

Task<> ProcessRuntime::remove_artifact(std::string artifact) {
  const auto releases = options_.data_folder / "releases";
  std::error_code error;
  const auto path = fs::weakly_canonical(artifact, error);
  // Two levels down: never the folder of all releases, nor that of a project.
  if (error || !lies_inside(path.parent_path().parent_path(), releases)) co_return;
  auto removed = co_await loop_.offload([path] { return files::remove_all(path); });
  co_await std::move(removed);
  fs::remove(path.parent_path(), error);
}

}  // namespace temps::runtime

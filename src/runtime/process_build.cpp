#include <fmt/core.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <utility>

#include "core/concurrency.hpp"
#include "files/files.hpp"
#include "json/json.hpp"
#include "process/process.hpp"
#include "runtime/lines.hpp"
#include "runtime/process_release.hpp"
#include "runtime/tree.hpp"

namespace temps::runtime {
namespace {

namespace fs = std::filesystem;

// Waits for the command's own process, then ends what it left in the background, so that the pipe
// of its output comes to an end.
Task<> wait_for(process::Child& child, const BuildMark& mark, process::Exit& exit) {
  exit = co_await child.wait();
  co_await kill_leftovers(mark.leader, mark.group);
}

Task<> pass_on(net::Descriptor& from, const LineSink& output) {
  LineSplitter lines(output);
  std::array<char, 16384> buffer;
  while (const auto count = co_await from.read_some(buffer)) lines.feed({buffer.data(), count});
  lines.finish();
}

Task<> end_leftovers_of(fs::path build_mark) {
  const auto text = files::read(build_mark);
  if (!text) co_return;
  if (auto mark = json::decode<BuildMark>(*text)) {
    co_await kill_leftovers(mark->leader, mark->group);
    remove_group(mark->group);
  }
}

Task<> remove_tree(net::Loop& loop, fs::path path) {
  auto removed = co_await loop.offload([path] { return files::remove_all(path); });
  co_await std::move(removed);
}

}  // namespace

bool is_safe_name(std::string_view name) {
  if (name.empty() || name.size() > 200 || name.front() == '.') return false;
  for (const char c : name) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!letter && c != '-' && c != '_' && c != '.') return false;
  }
  return true;
}

Task<> kill_leftovers(ProcessMark leader, ControlGroup group) {
  for (int round = 0; round < 100; ++round) {
    auto left = members_of_session(leader);
    const auto grouped = members_of(group);
    left.insert(left.end(), grouped.begin(), grouped.end());
    std::erase_if(left, [](int pid) {
      const auto process = find_process(pid);
      return pid == ::getpid() || !process || process->is_dead();
    });
    if (left.empty()) co_return;
    for (const int pid : left) ::kill(pid, SIGKILL);
    co_await sleep(std::chrono::milliseconds(20));
  }
}

Task<Artifact> ProcessRuntime::build(BuildSpec spec, LineSink output) {
  if (!is_safe_name(spec.project)) {
    co_await fail(errors::build_failed, "\"{}\" cannot be the name of a folder", spec.project);
  }
  const auto release = release_of(spec.project, spec.deployment);
  co_await make_reachable();
  auto built = co_await attempt(prepare_release(spec, release));
  if (built) {
    built = co_await attempt(within(spec.time_limit, run_commands(spec, release, output)));
  }
  co_await shielded(end_leftovers_of(release.build_mark()));
  if (built) {
    std::error_code ignored;
    fs::remove(release.build_mark(), ignored);
    co_return Artifact{.reference = release.root.native(), .exposed_ports = {}};
  }
  co_await attempt(shielded(remove_tree(loop_, release.root)));
  if (built.error().is(temps::errors::timed_out)) {
    co_await fail(errors::build_timed_out,
                  "the build took longer than {} s and was stopped; make it faster or raise the "
                  "time limit",
                  spec.time_limit.count());
  }
  co_await fail(built.error());
  std::unreachable();
}

Task<> ProcessRuntime::prepare_release(const BuildSpec& spec, const Release& release) {
  // A build that was cut off by the death of `serve` begins anew.
  co_await end_leftovers_of(release.build_mark());
  co_await remove_tree(loop_, release.root);
  co_await files::make_folder(options_.data_folder / "releases", 0711);
  co_await files::make_folder(release.root.parent_path(), 0711);
  const auto user = user_of(spec.project_id);
  co_await files::make_folder(release.root, user == 0 ? 0700 : 0710);
  auto copied = co_await loop_.offload([source = spec.source, release, user]() -> Result<> {
    if (auto made = files::make_folder(release.home(), 0700); !made) return made;
    if (auto tree = copy_tree(source, release.app()); !tree) return tree;
    if (user == 0) return {};
    if (auto given = files::give_to(release.app(), user, user); !given) return given;
    if (auto given = files::give_to(release.home(), user, user); !given) return given;
    if (::chown(release.root.c_str(), 0, user) != 0) {
      return fail(errno_error("cannot give away " + release.root.native(), errno));
    }
    return {};
  });
  co_await std::move(copied);
}

Task<> ProcessRuntime::run_commands(const BuildSpec& spec, const Release& release,
                                    const LineSink& output) {
  for (const auto& command : spec.commands) {
    output("$ " + command);
    co_await run_command(spec, release, command, output);
  }
}

Task<> ProcessRuntime::run_command(const BuildSpec& spec, const Release& release,
                                   std::string command, const LineSink& output) {
  auto environment = process::base_environment();
  environment["HOME"] = release.home().native();
  environment["PWD"] = release.app().native();
  for (const auto& [name, value] : spec.environment) environment[name] = value;
  // The command waits for a line on its standard input, so that it is in its control group before
  // it starts anything.
  constexpr const char* gate = R"(read -r go && exec /bin/sh -c "$1" </dev/null)";
  process::Spec child_spec{.command = {"/bin/sh", "-c", gate, "sh", command},
                           .environment = std::move(environment),
                           .folder = release.app().native(),
                           .stdin_pipe = true,
                           .merge_err_into_out = true,
                           .dies_with_parent = true,
                           .nice = 10};
  if (const auto user = user_of(spec.project_id); user != 0) child_spec.user = {user, user};
  auto child = co_await process::Child::start(loop_, std::move(child_spec));
  BuildMark mark{.leader = mark_of(child.pid()), .group = {}};
  if (::geteuid() == 0) {
    mark.group = make_group(
        group_name("build", fmt::format("{}-{}", spec.project, spec.deployment)), spec.limits);
    join_group(mark.group, child.pid());
  }
  co_await files::write_atomically(release.build_mark(), json::encode(mark), 0600);
  co_await child.in()->write_all("\n");
  child.in()->close();

  process::Exit exit;
  std::vector<Task<>> both;
  both.push_back(wait_for(child, mark, exit));
  both.push_back(pass_on(*child.out(), output));
  co_await all(std::move(both));
  if (exit.is_success()) co_return;
  if (exit.code == 137) {
    co_await fail(errors::build_failed,
                  "\"{}\" ran out of memory, or was killed (exit code 137); raise the build's "
                  "memory limit if it needs more",
                  command);
  }
  co_await fail(errors::build_failed, "\"{}\" ended with {}; its output above says why", command,
                exit.text());
}

}  // namespace temps::runtime

#include "runtime/command_end.hpp"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>

#include "core/concurrency.hpp"
#include "runtime/process_release.hpp"

namespace temps::runtime {
namespace {

constexpr std::chrono::seconds grace{2};
constexpr std::chrono::milliseconds interval{20};

std::vector<int> alive(const ProcessMark& leader, const ControlGroup& group) {
  auto found = members_of_session(leader);
  const auto grouped = members_of(group);
  found.insert(found.end(), grouped.begin(), grouped.end());
  std::erase_if(found, [](int pid) {
    const auto process = find_process(pid);
    return pid == ::getpid() || !process || process->is_dead();
  });
  return found;
}

}  // namespace

Task<> end_session(ProcessMark leader, ControlGroup group) {
  for (const int pid : alive(leader, group)) {
    ::kill(pid, SIGHUP);
    ::kill(pid, SIGCONT);
  }
  for (auto waited = interval; waited < grace && !alive(leader, group).empty();
       waited += interval) {
    co_await sleep(interval);
  }
  co_await kill_leftovers(std::move(leader), std::move(group));
}

}  // namespace temps::runtime

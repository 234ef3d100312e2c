#include "app/git_state.hpp"

#include "core/text.hpp"
#include "process/process.hpp"

namespace temps::app {

namespace {

// Its output without the end of the line; nothing when it failed.
Task<std::optional<std::string>> git(net::Loop& loop, const std::filesystem::path& folder,
                                     std::vector<std::string> words) {
  words.insert(words.begin(), {"git", "-C", folder.string()});
  auto environment = process::base_environment();
  environment["GIT_OPTIONAL_LOCKS"] = "0";
  auto done = co_await attempt(
      process::capture(loop, {.command = std::move(words), .environment = environment}));
  if (!done || !done->exit.is_success()) co_return std::nullopt;
  co_return std::string(trimmed(done->out));
}

}  // namespace

Task<std::optional<GitState>> git_state(net::Loop& loop, std::filesystem::path folder) {
  auto commit = co_await git(loop, folder, {"rev-parse", "--verify", "--quiet", "HEAD"});
  if (!commit || commit->empty()) co_return std::nullopt;
  auto message = co_await git(loop, folder, {"log", "-1", "--format=%s"});
  auto branch = co_await git(loop, folder, {"symbolic-ref", "--quiet", "--short", "HEAD"});
  auto changes = co_await git(loop, folder, {"status", "--porcelain", "--", "."});
  co_return GitState{.commit = *commit,
                     .message = to_utf8(message.value_or("")),
                     .branch = branch.value_or(""),
                     .is_dirty = changes && !changes->empty()};
}

}  // namespace temps::app

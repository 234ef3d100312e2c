// The bare repositories that users push to, one per project; all work is done by the system's git.
#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/task.hpp"
#include "net/loop.hpp"
#include "process/process.hpp"

namespace temps::git {

struct Options {
  std::filesystem::path folder;   // of the repositories
  std::filesystem::path sources;  // where exported trees go
  std::filesystem::path program;  // our own executable, which the hooks call
  std::filesystem::path socket;   // our own HTTP server, which the hooks speak to
  std::uint64_t push_bytes_max = 500ULL << 20U;
  std::uint64_t tree_bytes_max = 2ULL << 30U;
  std::uint64_t repository_bytes_max = 5ULL << 30U;
  // A push is refused when less is free, or less than a tenth of a smaller disk.
  std::uint64_t free_bytes_min = 2ULL << 30U;
  std::size_t packs_max = 30;  // each push leaves one; with more they are packed together
};

// Where git finds objects that are not in the repository yet, while a push is being checked.
struct Quarantine {
  std::string object_directory{};
  std::string alternates{};
};

// One line of the pre-receive hook's input.
struct RefUpdate {
  std::string before;
  std::string after;
  std::string ref;
};
bool is_zero(std::string_view id);  // git's way to say "there is none"

struct Commit {
  std::string id;
  std::string message;
};

class Repositories {
 public:
  Repositories(net::Loop& loop, const Options& options) : loop_(loop), options_(options) {}

  // The project's repository, made when it is missing; hooks and limits are brought up to date.
  // Fails with `process.not_found` where git is missing.
  Task<std::filesystem::path> open(std::string project);
  Task<> remove(std::string project);

  // Fails with `git.repository_too_large`, `git.disk_full`: another push does not fit.
  Task<> check_room(std::filesystem::path repository);
  // Is it time for collect_garbage()?
  [[nodiscard]] bool has_many_packs(const std::filesystem::path& repository) const;
  // Packs the objects together, and drops those that nothing has referred to for two weeks.
  Task<> collect_garbage(std::filesystem::path repository);

  // The id of the commit that a ref names, if there is such a ref.
  Task<std::optional<std::string>> tip(std::filesystem::path repository, std::string ref);
  // The id of the branch's newest commit, if there is such a branch.
  Task<std::optional<std::string>> head(std::filesystem::path repository, std::string branch);
  Task<Commit> commit(std::filesystem::path repository, Quarantine quarantine, std::string id);
  // Writes the commit's files as a tar file. Fails with `git.tree_too_large`, `git.failed`.
  Task<> export_tree(std::filesystem::path repository, Quarantine quarantine, std::string id,
                     std::filesystem::path to);

  // Makes the ref name what the push that is about to be accepted found there: while it was being
  // deployed, the one before it may have moved the branch, and git would refuse to move it again.
  Task<> set_back(std::filesystem::path repository, RefUpdate update);

  // What every git of ours runs with.
  [[nodiscard]] std::map<std::string, std::string> environment() const;

 private:
  Task<std::string> run(std::vector<std::string> arguments, std::filesystem::path repository,
                        Quarantine quarantine);
  Task<std::string> run_for(std::chrono::seconds limit, process::Spec spec, std::string what);
  Result<> write_hook(const std::filesystem::path& repository) const;

  net::Loop& loop_;
  const Options& options_;
};

}  // namespace temps::git

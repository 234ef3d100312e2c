// Git repositories elsewhere, asked and fetched from by the system's git. Private to the module.
#pragma once
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/secret.hpp"
#include "core/task.hpp"
#include "git/git.hpp"
#include "runtime/runtime.hpp"
#include "sources/address.hpp"
#include "sources/git_words.hpp"
#include "sources/options.hpp"

namespace temps::sources {

// A repository with what opens it.
struct Opened {
  std::string project;
  RepositoryUrl url;
  std::string user{};  // of a token
  Secret token{};
  Secret deploy_key{};  // as OpenSSH keeps it
};

struct Branches {
  std::vector<std::string> names{};
  std::optional<std::string> standard{};  // that of a fresh clone
};

struct Wanted {
  std::filesystem::path repository;  // ours, bare
  std::string branch;
  std::string ref;  // of ours, that will name the commit
};

class Remote {
 public:
  Remote(net::Loop& loop, const Options& options, const git::Repositories& repositories)
      : loop_(loop), options_(options), repositories_(repositories) {}

  // Fails with the codes of this module.
  Task<Branches> branches(Opened from);
  // Fails with `no_such_branch`, too, and names those that there are.
  Task<> fetch(Opened from, Wanted wanted, runtime::LineSink output);

 private:
  struct Call;  // one run of git
  Task<Call> prepare(const Opened& from);
  Task<std::string> ask(const Opened& from, std::vector<std::string> words);

  net::Loop& loop_;
  const Options& options_;
  const git::Repositories& repositories_;
};

}  // namespace temps::sources

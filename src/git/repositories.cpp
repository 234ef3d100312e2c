#include "git/repositories.hpp"

#include <algorithm>
#include <memory>

#include "core/concurrency.hpp"
#include "core/text.hpp"
#include "files/files.hpp"
#include "git/errors.hpp"

namespace temps::git {

namespace {

constexpr auto command_time = std::chrono::seconds(60);
constexpr auto garbage_time = std::chrono::seconds(1800);
constexpr auto export_time = std::chrono::seconds(300);

void add(std::map<std::string, std::string>& environment, const Quarantine& quarantine) {
  if (quarantine.object_directory.empty()) return;
  environment["GIT_OBJECT_DIRECTORY"] = quarantine.object_directory;
  environment["GIT_ALTERNATE_OBJECT_DIRECTORIES"] = quarantine.alternates;
}

struct Export {
  process::Child child;
  std::filesystem::path file;
  std::uint64_t bytes_max;
  std::string messages{};

  Result<> check_size() const;
  Task<process::Exit> to_its_end();
  Task<process::Exit> until_too_large();
};

Result<> Export::check_size() const {
  std::error_code missing;
  const auto size = std::filesystem::file_size(file, missing);
  if (missing || size <= bytes_max) return {};
  return fail(errors::tree_too_large, "the commit's files have more than {} together",
              human_bytes(bytes_max));
}

Task<process::Exit> Export::to_its_end() {
  messages = co_await child.err()->read_to_end(64U << 10U);
  const auto exit = co_await child.wait();
  co_await check_size();
  co_return exit;
}

// A push of some megabytes can unpack to more than the disk holds.
Task<process::Exit> Export::until_too_large() {
  for (;;) {
    co_await check_size();
    co_await sleep(std::chrono::milliseconds(20));
  }
}

}  // namespace

bool is_zero(std::string_view id) { return id.find_first_not_of('0') == std::string_view::npos; }

std::map<std::string, std::string> Repositories::environment() const {
  auto environment = process::base_environment();
  // Neither the machine's nor a user's configuration may change what we rely on.
  environment["GIT_CONFIG_NOSYSTEM"] = "1";
  environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
  environment["GIT_TERMINAL_PROMPT"] = "0";
  return environment;
}

Task<std::string> Repositories::run(std::vector<std::string> arguments,
                                    std::filesystem::path repository, Quarantine quarantine) {
  std::vector<std::string> command{"git", "--git-dir", repository.string()};
  command.insert(command.end(), arguments.begin(), arguments.end());
  auto variables = environment();
  add(variables, quarantine);
  process::Spec spec{.command = command, .environment = variables};
  co_return co_await run_for(command_time, std::move(spec), arguments.front());
}

Task<std::string> Repositories::run_for(std::chrono::seconds limit, process::Spec spec,
                                        std::string what) {
  auto captured = co_await within(limit, process::capture(loop_, std::move(spec)));
  if (!captured.exit.is_success()) {
    co_await fail(
        Error(errors::failed, fmt::format("git {} failed: {}", what,
                                          trimmed(std::string_view(captured.err).substr(0, 500)))));
  }
  co_return std::move(captured.out);
}

Task<> Repositories::check_room(std::filesystem::path repository) {
  const auto space = co_await files::space(options_.folder);
  const auto wanted = std::min(options_.free_bytes_min, space.total_bytes / 10);
  if (space.free_bytes < wanted) {
    co_await fail(
        errors::disk_full,
        "the server's disk is nearly full: {} of {} are free, a push needs {}; remove old "
        "projects or files there, or get a larger disk, and push again",
        human_bytes(space.free_bytes), human_bytes(space.total_bytes), human_bytes(wanted));
  }
  const auto size = co_await loop_.offload([repository] { return files::tree_size(repository); });
  if (size < options_.repository_bytes_max) co_return;
  co_await fail(errors::repository_too_large,
                "the project's repository has {}, the limit is {}; take large files out of its "
                "history, then delete the project and push to a new one",
                human_bytes(size), human_bytes(options_.repository_bytes_max));
}

bool Repositories::has_many_packs(const std::filesystem::path& repository) const {
  std::size_t packs = 0;
  std::error_code missing;
  for (const auto& entry :
       std::filesystem::directory_iterator(repository / "objects" / "pack", missing)) {
    if (entry.path().extension() == ".pack") ++packs;
  }
  return packs > options_.packs_max;
}

Task<> Repositories::collect_garbage(std::filesystem::path repository) {
  process::Spec spec{.command = {"git", "--git-dir", repository.string(), "-c", "pack.threads=1",
                                 "-c", "pack.windowMemory=128m", "gc", "--quiet"},
                     .environment = environment(),
                     .nice = 15};
  co_await run_for(garbage_time, std::move(spec), "gc");
}

Result<> Repositories::write_hook(const std::filesystem::path& repository) const {
  // The hook's answers reach the pushing terminal; everything else happens in the server.
  const auto script = fmt::format("#!/bin/sh\nexec '{}' git-hook pre-receive\n",
                                  replaced(options_.program.string(), "'", "'\\''"));
  const auto path = repository / "hooks" / "pre-receive";
  if (auto made = files::make_folder(path.parent_path()); !made) return made;
  return files::write_atomically(path, script, 0755);
}

Task<std::filesystem::path> Repositories::open(std::string project) {
  const auto repository = options_.folder / (project + ".git");
  std::error_code ignored;
  if (!std::filesystem::exists(repository / "HEAD", ignored)) {
    co_await files::make_folder(repository, 0700);
    co_await run({"init", "--quiet", "--bare", "--initial-branch=main"}, repository, {});
  }
  co_await write_hook(repository);
  const auto config = fmt::format(
      "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n"
      "[receive]\n\tmaxInputSize = {}\n\tfsckObjects = true\n\tadvertisePushOptions = true\n"
      "\tdenyDeleteCurrent = refuse\n\tkeepAlive = 5\n\tautogc = false\n"
      "[http]\n\treceivepack = true\n[transfer]\n\tunpackLimit = 1\n",
      options_.push_bytes_max);
  co_await files::write_atomically(repository / "config", config, 0600);
  co_return repository;
}

Task<> Repositories::remove(std::string project) {
  auto removed = co_await loop_.offload(
      [path = options_.folder / (project + ".git")] { return files::remove_all(path); });
  co_await std::move(removed);
}

Task<> Repositories::set_back(std::filesystem::path repository, RefUpdate update) {
  auto now =
      co_await attempt(run({"rev-parse", "--verify", "--quiet", update.ref}, repository, {}));
  const auto found = now ? std::string(trimmed(*now)) : std::string();
  if (found.empty() ? is_zero(update.before) : found == update.before) co_return;
  if (is_zero(update.before)) {
    co_await run({"update-ref", "-d", update.ref}, repository, {});
  } else {
    co_await run({"update-ref", update.ref, update.before}, repository, {});
  }
}

Task<Commit> Repositories::commit(std::filesystem::path repository, Quarantine quarantine,
                                  std::string id) {
  auto message = co_await run({"log", "-1", "--format=%s", "--end-of-options", id}, repository,
                              std::move(quarantine));
  co_return Commit{id, to_utf8(trimmed(message).substr(0, 500))};
}

Task<std::optional<std::string>> Repositories::tip(std::filesystem::path repository,
                                                   std::string ref) {
  auto id = co_await attempt(
      run({"rev-parse", "--verify", "--quiet", ref + "^{commit}"}, repository, {}));
  if (!id) co_return std::nullopt;
  co_return std::string(trimmed(*id));
}

Task<std::optional<std::string>> Repositories::head(std::filesystem::path repository,
                                                    std::string branch) {
  co_return co_await tip(std::move(repository), "refs/heads/" + branch);
}

Task<> Repositories::export_tree(std::filesystem::path repository, Quarantine quarantine,
                                 std::string id, std::filesystem::path to) {
  co_await files::make_folder(to.parent_path(), 0700);
  auto variables = environment();
  add(variables, quarantine);
  process::Spec spec{.command = {"git", "--git-dir", repository.string(), "archive", "--format=tar",
                                 "--end-of-options", id},
                     .environment = variables,
                     .out = process::Output::to_file,
                     .out_file = to.string(),
                     .nice = 5};
  auto archive = std::make_unique<Export>(co_await process::Child::start(loop_, std::move(spec)),
                                          to, options_.tree_bytes_max);
  auto ended = co_await attempt(
      within(export_time, race(archive->to_its_end(), archive->until_too_large())));
  const auto messages = std::move(archive->messages);
  archive.reset();  // nothing writes to the file any more
  if (!ended) {
    co_await files::remove_all(to);
    co_await fail(ended.error());
  }
  if (!ended->is_success()) {
    co_await files::remove_all(to);
    co_await fail(errors::failed, "the commit could not be read: {}",
                  trimmed(std::string_view(messages).substr(0, 500)));
  }
}

}  // namespace temps::git

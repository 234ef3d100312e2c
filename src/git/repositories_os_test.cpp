#include <gmock/gmock.h>
#include <sys/stat.h>

#include "core/testing.hpp"
#include "core/text.hpp"
#include "files/files.hpp"
#include "git/errors.hpp"
#include "git/repositories.hpp"

namespace temps::git {
namespace {

using testing::HasSubstr;
using testing::Not;

struct RepositoriesTest : testing::Test {
  files::TemporaryFolder folder;
  net::Loop loop;
  Options options{.folder = folder.path() / "repositories",
                  .sources = folder.path() / "sources",
                  .program = folder.path() / "it's temps",
                  .socket = folder.path() / "serve.sock"};
  Repositories repositories{loop, options};
  std::filesystem::path checkout = folder.path() / "checkout";

  void SetUp() override {
    ASSERT_TRUE(files::make_folder(options.folder).has_value());
    ASSERT_TRUE(files::make_folder(checkout).has_value());
    write_program("exit 0");
  }

  // Our own executable, which the hook calls.
  void write_program(std::string_view body) {
    const auto script = fmt::format("#!/bin/sh\n{}\n", body);
    ASSERT_TRUE(files::write_atomically(options.program, script, 0755).has_value());
  }
  Task<process::Captured> run(std::vector<std::string> arguments) {
    std::vector<std::string> command{"git", "-C", checkout.string()};
    command.insert(command.end(), arguments.begin(), arguments.end());
    auto variables = repositories.environment();
    for (const auto* who : {"AUTHOR", "COMMITTER"}) {
      variables[fmt::format("GIT_{}_NAME", who)] = "A";
      variables[fmt::format("GIT_{}_EMAIL", who)] = "a@example.org";
    }
    co_return co_await process::capture(loop, {.command = command, .environment = variables});
  }
  Task<std::string> git(std::vector<std::string> arguments) {
    auto done = co_await run(std::move(arguments));
    EXPECT_TRUE(done.exit.is_success()) << done.err;
    co_return std::string(trimmed(done.out));
  }
  // Commits these files in the checkout; yields the commit's id.
  Task<std::string> commit(std::map<std::string, std::string> tree, std::string message) {
    if (!std::filesystem::exists(checkout / ".git")) {
      co_await git({"init", "--quiet", "--initial-branch=main"});
    }
    for (const auto& [path, text] : tree) {
      co_await files::make_folder((checkout / path).parent_path());
      co_await files::write_atomically(checkout / path, text);
    }
    co_await git({"add", "--all"});
    co_await git({"commit", "--quiet", "--message", message});
    co_return co_await git({"rev-parse", "HEAD"});
  }
  Task<process::Captured> push(const std::filesystem::path& repository, std::string what = "main") {
    return run({"push", "--quiet", repository.string(), std::move(what)});
  }
  Task<std::string> head(const std::filesystem::path& repository) {
    auto found = co_await run({"ls-remote", repository.string(), "refs/heads/main"});
    co_return std::string(cut(found.out, "\t").first);
  }
};

TASK_TEST_F(RepositoriesTest, MakesABareRepositoryThatOnlyItsOwnerReads) {
  const auto repository = co_await repositories.open("shop");
  EXPECT_EQ(repository, options.folder / "shop.git");
  struct stat status{};
  EXPECT_EQ(::stat(repository.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0700U);
  EXPECT_EQ(co_await git({"--git-dir", repository.string(), "rev-parse", "--is-bare-repository"}),
            "true");
}

TASK_TEST_F(RepositoriesTest, KeepsWhatWasPushedAndBringsHookAndLimitsUpToDate) {
  const auto id = co_await commit({{"a", "1"}}, "first");
  const auto repository = co_await repositories.open("shop");
  EXPECT_TRUE((co_await push(repository)).exit.is_success());
  co_await files::remove_all(repository / "hooks" / "pre-receive");
  options.push_bytes_max = 123'456;
  co_await repositories.open("shop");
  EXPECT_EQ(co_await head(repository), id);
  EXPECT_EQ(co_await git({"--git-dir", repository.string(), "config", "receive.maxInputSize"}),
            "123456");
  EXPECT_TRUE(std::filesystem::exists(repository / "hooks" / "pre-receive"));
}

TASK_TEST_F(RepositoriesTest, TheHookCallsOurProgramWithTheRefsOnItsInput) {
  const auto seen = folder.path() / "seen";
  write_program(fmt::format("echo \"$@\" > {0}; cat >> {0}", seen.string()));
  const auto id = co_await commit({{"a", "1"}}, "first");
  const auto repository = co_await repositories.open("shop");
  EXPECT_TRUE((co_await push(repository)).exit.is_success());
  EXPECT_EQ(files::read(seen).value(),
            fmt::format("git-hook pre-receive\n{} {} refs/heads/main\n", std::string(40, '0'), id));
}

TASK_TEST_F(RepositoriesTest, AHookThatRefusesKeepsTheBranchAndShowsItsReason) {
  const auto repository = co_await repositories.open("shop");
  const auto first = co_await commit({{"a", "1"}}, "first");
  co_await push(repository);
  write_program("echo the build failed; exit 1");
  const auto second = co_await commit({{"a", "2"}}, "second");
  const auto refused = co_await push(repository);
  EXPECT_FALSE(refused.exit.is_success());
  EXPECT_THAT(refused.err, HasSubstr("remote: the build failed"));
  EXPECT_EQ(co_await head(repository), first);
  // What was refused left nothing behind, and can simply be pushed again.
  const auto found = co_await run({"--git-dir", repository.string(), "cat-file", "-e", second});
  EXPECT_FALSE(found.exit.is_success());
  write_program("exit 0");
  EXPECT_TRUE((co_await push(repository)).exit.is_success());
}

TASK_TEST_F(RepositoriesTest, AHistoryThatWasRewrittenIsAccepted) {
  const auto repository = co_await repositories.open("shop");
  co_await commit({{"a", "1"}}, "first");
  co_await push(repository);
  co_await git({"commit", "--amend", "--quiet", "--message", "other"});
  EXPECT_TRUE((co_await push(repository, "+main")).exit.is_success());
}

TASK_TEST_F(RepositoriesTest, APushBeyondTheLimitIsRefused) {
  options.push_bytes_max = 1000;
  const auto repository = co_await repositories.open("shop");
  std::string noise;
  for (int i = 0; i < 2000; ++i) noise += std::to_string(i * 7919 % 10007);
  co_await commit({{"noise", noise}}, "large");
  EXPECT_FALSE((co_await push(repository)).exit.is_success());
  EXPECT_EQ(co_await head(repository), "");
}

TASK_TEST_F(RepositoriesTest, TellsTheFirstLineOfACommit) {
  const auto repository = co_await repositories.open("shop");
  const auto id = co_await commit({{"a", "1"}}, "Add the shop\n\nAnd more about it.");
  co_await push(repository);
  const auto found = co_await repositories.commit(repository, {}, id);
  EXPECT_EQ(found.id, id);
  EXPECT_EQ(found.message, "Add the shop");
}

// It goes into the database and into JSON.
TASK_TEST_F(RepositoriesTest, AMessageIsAlwaysUtf8) {
  const auto repository = co_await repositories.open("shop");
  const auto latin = co_await commit({{"a", "1"}}, "caf\xE9");
  const auto cut_off = co_await commit({{"a", "2"}}, std::string(499, 'x') + "ää");
  co_await push(repository);
  EXPECT_TRUE(is_utf8((co_await repositories.commit(repository, {}, latin)).message));
  EXPECT_TRUE(is_utf8((co_await repositories.commit(repository, {}, cut_off)).message));
}

TASK_TEST_F(RepositoriesTest, ACommitThatIsNotThereIsAnError) {
  const auto repository = co_await repositories.open("shop");
  const std::string nowhere(40, 'a');
  auto missing = co_await attempt(repositories.commit(repository, {}, nowhere));
  EXPECT_TRUE(!missing && missing.error().is(errors::failed));
  auto option = co_await attempt(repositories.commit(repository, {}, "--output=/tmp/x"));
  EXPECT_TRUE(!option && option.error().is(errors::failed));
  const auto to = options.sources / "x.tar";
  auto unexported = co_await attempt(repositories.export_tree(repository, {}, nowhere, to));
  EXPECT_TRUE(!unexported && unexported.error().is(errors::failed));
  EXPECT_FALSE(std::filesystem::exists(to));
}

TASK_TEST_F(RepositoriesTest, ExportsTheFilesOfACommit) {
  const auto repository = co_await repositories.open("shop");
  const auto first = co_await commit({{"index.html", "first"}, {"a/b.txt", "deep"}}, "first");
  co_await commit({{"index.html", "second"}}, "second");
  co_await push(repository);
  const auto tar = options.sources / "first.tar";
  co_await repositories.export_tree(repository, {}, first, tar);
  co_await files::make_folder(folder.path() / "unpacked");
  co_await files::unpack_tar(tar, folder.path() / "unpacked");
  EXPECT_EQ(files::read(folder.path() / "unpacked/index.html").value(), "first");
  EXPECT_EQ(files::read(folder.path() / "unpacked/a/b.txt").value(), "deep");
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "unpacked/.git"));
}

TASK_TEST_F(RepositoriesTest, ACommitInQuarantineCanBeReadBeforeThePushIsAccepted) {
  const auto told = folder.path() / "told";
  write_program(
      fmt::format("echo $GIT_OBJECT_DIRECTORY > {0}; echo $GIT_ALTERNATE_OBJECT_DIRECTORIES"
                  " >> {0}; cp -r $GIT_OBJECT_DIRECTORY {1}; exit 1",
                  told.string(), (folder.path() / "quarantine").string()));
  const auto repository = co_await repositories.open("shop");
  const auto id = co_await commit({{"index.html", "waiting"}}, "waits");
  EXPECT_FALSE((co_await push(repository)).exit.is_success());
  EXPECT_THAT(files::read(told).value(), HasSubstr("/tmp_objdir-incoming"));
  const Quarantine quarantine{.object_directory = (folder.path() / "quarantine").string(),
                              .alternates = (repository / "objects").string()};
  EXPECT_EQ((co_await repositories.commit(repository, quarantine, id)).message, "waits");
  const auto tar = options.sources / "q.tar";
  co_await repositories.export_tree(repository, quarantine, id, tar);
  EXPECT_GT(std::filesystem::file_size(tar), 512U);
}

TASK_TEST_F(RepositoriesTest, ATreeThatIsTooLargeLeavesNoFile) {
  const auto repository = co_await repositories.open("shop");
  const auto id = co_await commit({{"zeros", std::string(3'000'000, '\0')}}, "small to push");
  co_await push(repository);
  options.tree_bytes_max = 2'000'000;
  const auto tar = options.sources / "large.tar";
  auto result = co_await attempt(repositories.export_tree(repository, {}, id, tar));
  EXPECT_TRUE(!result && result.error().is(errors::tree_too_large));
  EXPECT_THAT(std::string(result.error().detail()), HasSubstr("2.0 MB"));
  EXPECT_FALSE(std::filesystem::exists(tar));
}

TASK_TEST_F(RepositoriesTest, RemovesARepository) {
  const auto repository = co_await repositories.open("shop");
  co_await repositories.remove("shop");
  EXPECT_FALSE(std::filesystem::exists(repository));
  co_await repositories.remove("shop");
}

TASK_TEST_F(RepositoriesTest, NoConfigurationOfTheMachineReachesGit) {
  const auto variables = repositories.environment();
  EXPECT_EQ(variables.at("GIT_CONFIG_GLOBAL"), "/dev/null");
  EXPECT_EQ(variables.at("GIT_CONFIG_NOSYSTEM"), "1");
  EXPECT_EQ(variables.at("GIT_TERMINAL_PROMPT"), "0");
  co_return;
}

TASK_TEST_F(RepositoriesTest, APushNeedsRoom) {
  const auto repository = co_await repositories.open("shop");
  co_await repositories.check_room(repository);
  options.repository_bytes_max = 10;
  auto large = co_await attempt(repositories.check_room(repository));
  EXPECT_TRUE(!large && large.error().is(errors::repository_too_large));
}

TASK_TEST_F(RepositoriesTest, ManyPacksBecomeOne) {
  const auto repository = co_await repositories.open("shop");
  options.packs_max = 2;
  co_await run({"init", "--quiet"});
  for (int i = 0; i < 3; ++i) {
    EXPECT_FALSE(repositories.has_many_packs(repository));
    files::write_atomically(checkout / "page", std::to_string(i)).value();
    co_await run({"add", "page"});
    co_await run({"-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "-m", "c"});
    co_await run({"push", "--quiet", repository.string(), "HEAD:refs/heads/main"});
  }
  EXPECT_TRUE(repositories.has_many_packs(repository));
  co_await repositories.collect_garbage(repository);
  EXPECT_FALSE(repositories.has_many_packs(repository));
}

}  // namespace
}  // namespace temps::git

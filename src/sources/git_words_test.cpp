#include "sources/git_words.hpp"

#include <gmock/gmock.h>

#include "sources/errors.hpp"

namespace temps::sources {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

const Asked open_one{.url = "https://host/shop.git", .host = "host", .project = "shop"};

struct Said {
  const char* words;
  const ErrorCode* code;
  const char* hint;
};

TEST(GitWords, TellWhatToDo) {
  for (const auto& [words, code, hint] : std::initializer_list<Said>{
           {"fatal: could not read Username for 'https://host': terminal prompts disabled",
            &errors::wants_credential, "temps source set shop"},
           {"fatal: unable to access 'https://host/': The requested URL returned error: 403",
            &errors::wants_credential, "--token-stdin"},
           {"fatal: repository 'https://host/shop.git/' not found", &errors::not_there, "check"},
           {"fatal: unable to access 'x': Could not resolve host: host", &errors::unreachable,
            "host"},
           {"fatal: unable to access 'x': SSL certificate problem: self-signed certificate",
            &errors::unreachable, "ca_file"},
           {"fatal: unable to access 'x': The requested URL returned error: 301", &errors::moved,
            ".git"},
           {"fatal: the sky fell", &errors::failed, "the sky fell"}}) {
    const auto error = explain(words, open_one);
    EXPECT_TRUE(error.is(*code)) << words << " -> " << error.code().code;
    EXPECT_THAT(std::string(error.detail()), HasSubstr(hint)) << words;
  }
}

TEST(GitWords, OverSshADeployKeyIsNamed) {
  Asked asked = open_one;
  asked.is_ssh = asked.has_credential = true;
  asked.known_hosts = "/keys/known_hosts";
  const auto refused = explain("git@host: Permission denied (publickey).", asked);
  EXPECT_TRUE(refused.is(errors::wants_credential));
  EXPECT_THAT(std::string(refused.detail()), HasSubstr("deploy key"));
  const auto changed = explain("@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @", asked);
  EXPECT_TRUE(changed.is(errors::other_host_key));
  EXPECT_THAT(std::string(changed.detail()), HasSubstr("/keys/known_hosts"));
}

TEST(GitWords, AreBoundedAndUtf8) {
  const auto error = explain("fatal: \xff" + std::string(100'000, 'x'), open_one);
  EXPECT_LT(error.detail().size(), 1000U);
}

TEST(GitWords, ManyBranchesAreCut) {
  EXPECT_EQ(listed({"a", "b"}), "a, b");
  std::vector<std::string> many;
  for (int i = 0; i < 30; ++i) many.push_back(std::to_string(i));
  EXPECT_THAT(listed(many), AllOf(HasSubstr("0, 1"), HasSubstr("19 and 10 more")));
}

TEST(Progress, EachStepIsTakenWhenItIsDone) {
  ProgressLines lines;
  EXPECT_THAT(lines.feed("remote: Counting: 10%\rremote: Counting: 1"), ElementsAre());
  EXPECT_THAT(lines.feed("00%, done.\nReceiving: 5%\rReceiving: 100%, done.\nfatal"),
              ElementsAre("remote: Counting: 100%, done.", "Receiving: 100%, done."));
  EXPECT_THAT(lines.feed(": x\n\n"), ElementsAre("fatal: x"));
  EXPECT_THAT(lines.words(), HasSubstr("fatal: x"));
}

TEST(Progress, ALineWithoutEndStaysSmall) {
  ProgressLines lines;
  for (int i = 0; i < 100; ++i) lines.feed(std::string(10'000, 'x'));
  const auto last = lines.feed("\n");
  ASSERT_EQ(last.size(), 1U);
  EXPECT_LE(last.front().size(), 500U);
}

}  // namespace
}  // namespace temps::sources

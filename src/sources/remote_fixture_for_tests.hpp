// For tests: repositories of our own, and what fetches into them from this machine's servers.
#pragma once
#include <gtest/gtest.h>

#include "files/files.hpp"
#include "sources/remote.hpp"

namespace temps::sources {

struct RemoteFixture : testing::Test {
  files::TemporaryFolder folder;
  net::Loop loop;
  git::Options git_options{.folder = folder.path() / "repositories",
                           .sources = folder.path() / "sources",
                           .program = "/bin/false",
                           .socket = folder.path() / "serve.sock"};
  git::Repositories repositories{loop, git_options};
  Options options{.trees = folder.path() / "sources",
                  .known_hosts = folder.path() / "keys" / "known_hosts"};
  Remote remote{loop, options, repositories};

  void SetUp() override {
    options.permitted.add("loopback");
    ASSERT_TRUE(files::make_folder(git_options.folder).has_value());
  }
};

}  // namespace temps::sources

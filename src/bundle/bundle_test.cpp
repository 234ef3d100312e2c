#include "bundle/bundle.hpp"

#include <gmock/gmock.h>

#include <map>

#include "compress/compress.hpp"

namespace temps::bundle {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;

struct BundleTest : testing::Test {
  files::TemporaryFolder folder;

  void write(const std::string& name, std::string_view text = "x") {
    ASSERT_TRUE(files::make_folder((folder.path() / name).parent_path()));
    ASSERT_TRUE(files::write_atomically(folder.path() / name, text));
  }
  std::vector<std::string> names(const std::string& below = ".") {
    auto found = contents_of(folder.path() / below);
    EXPECT_TRUE(found) << found.error().detail();
    return found->names;
  }
};

TEST_F(BundleTest, WhatMustNotLeaveTheMachineStays) {
  for (const auto* name :
       {".env", ".env.local", "api/.env.production", ".env.example", "app.js", ".git/config",
        "node_modules/a/index.js", "web/node_modules/b.js", ".temps/project.json"}) {
    write(name);
  }
  const auto found = contents_of(folder.path());
  ASSERT_TRUE(found);
  EXPECT_THAT(found->names, ElementsAre(".env.example", "app.js"));
  EXPECT_THAT(found->variables_files, ElementsAre(".env", ".env.local", "api/.env.production"));
}

TEST_F(BundleTest, ATempsignoreHasTheLastWord) {
  write(".gitignore", "dist/\n");
  write(".tempsignore", "!dist/\n!node_modules/\n!.env.production\n/drafts/\n.tempsignore\n");
  for (const auto* name : {"dist/app.js", "node_modules/a.js", ".env.production", "drafts/a.txt",
                           "docs/drafts/a.txt"}) {
    write(name);
  }
  EXPECT_THAT(names(), ElementsAre(".env.production", ".gitignore", "dist/app.js",
                                   "docs/drafts/a.txt", "node_modules/a.js"));
}

TEST_F(BundleTest, GitItselfIsNeverSent) {
  write(".tempsignore", "!.git\n!.git/\n!.temps/\n");
  write(".git/config");
  write(".temps/project.json");
  EXPECT_THAT(names(), ElementsAre(".tempsignore"));
}

TEST_F(BundleTest, RulesAboveTheFolderHoldUpToTheWorkTree) {
  write(".git/info/exclude", "*.bak\n");
  write(".gitignore", "*.log\n/web/tmp/\n");
  write("web/.gitignore", "!keep.log\n");
  for (const auto* name :
       {"web/a.log", "web/keep.log", "web/a.bak", "web/tmp/x", "web/index.html"}) {
    write(name);
  }
  EXPECT_THAT(names("web"), ElementsAre(".gitignore", "index.html", "keep.log"));
}

TEST_F(BundleTest, AnIgnoredFolderThatIsNamedIsSent) {
  write(".git/HEAD");
  write(".gitignore", "dist/\n*.map\n");
  write("dist/index.html");
  write("dist/app.map");
  EXPECT_THAT(names("dist"), ElementsAre("app.map", "index.html"));
}

TEST_F(BundleTest, LinksAreSentAsLinks) {
  write("a.txt", "hello");
  fs::create_symlink("a.txt", folder.path() / "b.txt");
  fs::create_directory_symlink("/", folder.path() / "everything");
  auto found = contents_of(folder.path());
  ASSERT_TRUE(found);
  EXPECT_THAT(found->names, ElementsAre("a.txt", "b.txt", "everything"));
  EXPECT_EQ(found->size_bytes, 5U);
}

TEST_F(BundleTest, IsUnpackedAsItWas) {
  write("a.txt", "hello");
  write("deep/er/b.txt", std::string(300'000, 'b'));
  fs::permissions(folder.path() / "a.txt", fs::perms(0755));
  fs::create_symlink("a.txt", folder.path() / "link");
  const auto found = contents_of(folder.path());
  const files::TemporaryFolder work;
  const auto size = pack(folder.path(), *found, work.path() / "bundle");
  ASSERT_TRUE(size) << size.error().detail();
  EXPECT_EQ(*size, fs::file_size(work.path() / "bundle"));
  const auto tar = compress::gunzip(files::read(work.path() / "bundle").value(), 10U << 20U);
  ASSERT_TRUE(files::write_atomically(work.path() / "tar", *tar));
  ASSERT_TRUE(files::make_folder(work.path() / "to"));
  ASSERT_TRUE(files::unpack_tar(work.path() / "tar", work.path() / "to"));
  EXPECT_EQ(files::read(work.path() / "to/deep/er/b.txt").value(), std::string(300'000, 'b'));
  EXPECT_EQ(fs::read_symlink(work.path() / "to/link"), "a.txt");
  EXPECT_NE(fs::status(work.path() / "to/a.txt").permissions() & fs::perms::owner_exec,
            fs::perms::none);
  EXPECT_FALSE(fs::exists(work.path() / "bundle.tar"));
}

TEST_F(BundleTest, AnEmptyFolderHasNoContents) { EXPECT_THAT(names(), IsEmpty()); }

TEST_F(BundleTest, AMissingFolderIsSaid) {
  EXPECT_TRUE(contents_of(folder.path() / "nothing").error().is(files::errors::not_found));
}

}  // namespace
}  // namespace temps::bundle

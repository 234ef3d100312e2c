#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files/files.hpp"
#include "files/tar_format.hpp"

namespace temps::files {
namespace {

using tar::Kind;

std::string padded(std::string bytes) {
  bytes.resize((bytes.size() + 511) / 512 * 512);
  return bytes;
}
std::string entry(const tar::Header& header, const std::string& content = {}) {
  auto with_size = header;
  with_size.size = content.size();
  const auto block = tar::to_block(with_size);
  return std::string(block->data(), block->size()) + padded(content);
}
std::string file(const std::string& name, const std::string& content, unsigned mode = 0644) {
  return entry({.name = name, .link = {}, .mode = mode}, content);
}
std::string link(Kind kind, const std::string& name, const std::string& target) {
  return entry({.kind = kind, .name = name, .link = target});
}
std::string pax(const std::string& key, const std::string& value) {
  return entry({.kind = Kind::pax_records, .name = "PaxHeaders"}, tar::to_record(key, value));
}
const std::string end_of_archive(1024, '\0');

struct Tar : testing::Test {
  TemporaryFolder work;
  Path folder = work.path() / "inside";
  Path outside = work.path() / "outside";
  Path archive = work.path() / "archive.tar";

  Tar() {
    EXPECT_TRUE(make_folder(folder));
    EXPECT_TRUE(make_folder(outside));
    EXPECT_TRUE(write_atomically(outside / "canary", "untouched"));
  }

  Result<> unpack_bytes(const std::string& bytes, TarLimits limits = {}) {
    EXPECT_TRUE(write_atomically(archive, bytes));
    return unpack_tar(archive, folder, limits);
  }
  Result<> unpack(const std::string& entries, TarLimits limits = {}) {
    return unpack_bytes(entries + end_of_archive, limits);
  }
  void expect_outside_untouched() {
    EXPECT_EQ(*read(outside / "canary"), "untouched");
    const auto entries = std::filesystem::directory_iterator(outside);
    EXPECT_EQ(std::distance(begin(entries), end(entries)), 1);
    const auto above = std::filesystem::directory_iterator(work.path());
    EXPECT_LE(std::distance(begin(above), end(above)), 3);
  }
  void expect_refused(const std::string& entries) {
    const auto done = unpack(entries);
    ASSERT_FALSE(done);
    EXPECT_TRUE(done.error().is(errors::bad_archive)) << done.error().detail();
    expect_outside_untouched();
  }
};

TEST_F(Tar, UnpacksFilesFoldersAndLinks) {
  ASSERT_TRUE(unpack(entry({.kind = Kind::folder, .name = "./", .link = {}, .mode = 0755}) +
                     entry({.kind = Kind::folder, .name = "bin/", .link = {}, .mode = 0750}) +
                     file("bin/run", "#!/bin/sh\n", 0755) + file("deep/er/file", "text") +
                     link(Kind::symbolic_link, "current", "bin/run") +
                     link(Kind::hard_link, "same", "deep/er/file") + file("empty", "")));
  EXPECT_EQ(*read(folder / "deep/er/file"), "text");
  EXPECT_EQ(*read(folder / "current"), "#!/bin/sh\n");
  EXPECT_EQ(*read(folder / "same"), "text");
  EXPECT_EQ(*read(folder / "empty"), "");
  struct stat status{};
  ASSERT_EQ(::stat((folder / "bin/run").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0755U);
}

TEST_F(Tar, DropsSetuidBits) {
  auto bytes = file("tool", "x", 0755);
  // 04755 in the mode field, with the checksum that belongs to it.
  bytes[103] = '4';
  const auto sum = std::stoul(bytes.substr(148, 6), nullptr, 8) + 4;
  bytes.replace(148, 6, fmt::format("{:06o}", sum));
  ASSERT_TRUE(unpack(bytes));
  struct stat status{};
  ASSERT_EQ(::stat((folder / "tool").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0755U);
}

TEST_F(Tar, RefusesNamesThatLeadOut) {
  expect_refused(file("../outside/canary", "changed"));
  expect_refused(file("a/../../outside/canary", "changed"));
  expect_refused(file((outside / "canary").native(), "changed"));
  expect_refused(entry({.kind = Kind::folder, .name = "../new/"}));
  expect_refused(link(Kind::symbolic_link, "../outside/link", "x"));
  expect_refused(pax("path", "../outside/canary") + file("harmless", "changed"));
  expect_refused(entry({.kind = Kind::long_name, .name = "@"}, "../outside/canary") +
                 file("harmless", "changed"));
  expect_refused(file("..", "x"));
  expect_refused(file("", "x"));
}

TEST_F(Tar, NeverWritesThroughALink) {
  expect_refused(link(Kind::symbolic_link, "way", "../outside") + file("way/canary", "changed"));
  expect_refused(link(Kind::symbolic_link, "way2", outside.native()) +
                 entry({.kind = Kind::folder, .name = "way2/", .link = {}, .mode = 0777}));
  expect_refused(link(Kind::symbolic_link, "way3", ".") + file("way3/way3/x", "changed"));
  struct stat status{};
  ASSERT_EQ(::stat(outside.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0755U);
}

TEST_F(Tar, ReplacesALinkByTheFileOfTheSameName) {
  ASSERT_TRUE(unpack(link(Kind::symbolic_link, "name", (outside / "canary").native()) +
                     file("name", "changed")));
  EXPECT_EQ(*read(folder / "name"), "changed");
  EXPECT_FALSE(std::filesystem::is_symlink(folder / "name"));
  expect_outside_untouched();
}

TEST_F(Tar, MakesHardLinksToFilesOfTheArchiveOnly) {
  expect_refused(link(Kind::hard_link, "copy", "../outside/canary"));
  expect_refused(link(Kind::hard_link, "copy", (outside / "canary").native()));
  expect_refused(link(Kind::symbolic_link, "way", "../outside") +
                 link(Kind::hard_link, "copy", "way/canary"));
  expect_refused(link(Kind::symbolic_link, "s", "../outside/canary") +
                 link(Kind::hard_link, "copy", "s") + file("copy", "changed"));
  expect_refused(link(Kind::hard_link, "copy", "nothing"));
}

TEST_F(Tar, AHardLinkToItselfLosesNothing) {
  ASSERT_TRUE(unpack(file("a", "text") + link(Kind::hard_link, "a", "a")));
  EXPECT_EQ(*read(folder / "a"), "text");
}

TEST_F(Tar, ReplacingOneHardLinkLeavesTheOtherAlone) {
  ASSERT_TRUE(unpack(file("a", "old") + link(Kind::hard_link, "b", "a") + file("b", "new")));
  EXPECT_EQ(*read(folder / "a"), "old");
  EXPECT_EQ(*read(folder / "b"), "new");
}

TEST_F(Tar, RefusesAFileWhereAFolderIs) {
  expect_refused(file("a/b", "x") + file("a", "y"));
  expect_refused(file("f", "x") + file("f/below", "y"));
}

TEST_F(Tar, RefusesNamesThatNoFileCanHave) {
  expect_refused(pax("path", std::string(300, 'n')) + file("x", "y"));
  expect_refused(pax("path", std::string(5000, 'n')) + file("x", "y"));
  expect_refused(pax("path", std::string("a\0b", 3)) + file("x", "y"));
  expect_refused(pax("linkpath", std::string("a\0b", 3)) + link(Kind::symbolic_link, "x", "y"));
}

TEST_F(Tar, HoldsToItsLimits) {
  const auto big = unpack(file("a", std::string(600, 'x')) + file("b", std::string(600, 'x')),
                          {.size_bytes_max = 1000});
  EXPECT_TRUE(big.error().is(errors::too_large));
  std::string many;
  for (int i = 0; i < 20; ++i) many += file(std::to_string(i), "");
  EXPECT_TRUE(unpack(many, {.entries_max = 19}).error().is(errors::too_large));
  EXPECT_TRUE(unpack(file("p/q/r/s/t/u/v", ""), {.entries_max = 6}).error().is(errors::too_large));
  std::string deep;
  for (int i = 0; i < 250; ++i) deep += "d/";
  EXPECT_TRUE(unpack(pax("path", deep + "f") + file("f", "")).error().is(errors::too_large));
  std::string extensions;
  for (int i = 0; i < 100; ++i) extensions += pax("comment", "again");
  EXPECT_TRUE(unpack(extensions, {.entries_max = 10}).error().is(errors::too_large));
}

TEST_F(Tar, RefusesWhatIsCutOffOrNoTarAtAll) {
  const auto whole = file("a", std::string(2000, 'x'));
  for (const std::size_t size : {0U, 100U, 512U, 1000U, 2560U}) {
    EXPECT_TRUE(unpack_bytes(whole.substr(0, size)).error().is(errors::bad_archive)) << size;
  }
  EXPECT_TRUE(unpack_bytes(std::string("\x1f\x8b\x08", 3) + std::string(2000, 'z'))
                  .error()
                  .is(errors::bad_archive));
  auto size_only = tar::to_block({.name = "n", .link = {}, .size = 1ULL << 30U});
  EXPECT_TRUE(
      unpack(std::string(size_only->data(), size_only->size())).error().is(errors::bad_archive));
}

TEST_F(Tar, IgnoresGlobalRecordsAsGitWritesThem) {
  ASSERT_TRUE(unpack(entry({.kind = Kind::global_pax_records, .name = "pax_global_header"},
                           tar::to_record("path", "../outside/canary")) +
                     file("a", "text")));
  EXPECT_EQ(*read(folder / "a"), "text");
}

TEST_F(Tar, PacksAndUnpacksTheSameTree) {
  const auto source = work.path() / "outside";
  const auto long_name = std::string(120, 'd') + "/" + std::string(200, 'n');
  ASSERT_TRUE(make_folder((source / long_name).parent_path()));
  ASSERT_TRUE(write_atomically(source / long_name, "long"));
  ASSERT_TRUE(write_atomically(source / "run", std::string(700'000, 'r'), 0755));
  ASSERT_TRUE(write_atomically(source / "Dockerfile", "FROM theirs\n"));
  const auto target = std::string(150, 't');
  ASSERT_EQ(::symlink(target.c_str(), (source / "link").c_str()), 0);
  ASSERT_EQ(::mkfifo((source / "pipe").c_str(), 0600), 0);
  ASSERT_TRUE(pack_tar(source, archive, {{"Dockerfile", "FROM ours\n"}, {"x/extra", "more"}}));
  ASSERT_TRUE(unpack_tar(archive, folder));
  EXPECT_EQ(*read(folder / long_name), "long");
  EXPECT_EQ(read(folder / "run")->size(), 700'000U);
  EXPECT_EQ(*read(folder / "Dockerfile"), "FROM ours\n");
  EXPECT_EQ(*read(folder / "x/extra"), "more");
  EXPECT_EQ(*read(folder / "canary"), "untouched");
  EXPECT_EQ(std::filesystem::read_symlink(folder / "link"), target);
  EXPECT_FALSE(std::filesystem::exists(folder / "pipe"));
  struct stat status{};
  ASSERT_EQ(::stat((folder / "run").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0755U);
}

TEST_F(Tar, PacksOnlyWhatIsKept) {
  ASSERT_TRUE(make_folder(outside / "left"));
  ASSERT_TRUE(write_atomically(outside / "left" / "in", "1"));
  ASSERT_TRUE(write_atomically(outside / "left" / "out", "2"));
  ASSERT_TRUE(pack_tar(outside, archive, {}, [](std::string_view path) {
    return path != "canary" && path != "left/out";
  }));
  ASSERT_TRUE(unpack_tar(archive, folder));
  EXPECT_EQ(read(folder / "left" / "in").value_or("missing"), "1");
  EXPECT_FALSE(read(folder / "left" / "out"));
  EXPECT_FALSE(read(folder / "canary"));
}

TEST_F(Tar, PacksTheSameBytesTwiceAndLeavesTheArchiveItselfOut) {
  ASSERT_TRUE(write_atomically(outside / "b", "2"));
  ASSERT_TRUE(pack_tar(outside, outside / "one.tar"));
  const auto first = *read(outside / "one.tar");
  ASSERT_TRUE(pack_tar(outside, outside / "one.tar"));
  EXPECT_EQ(*read(outside / "one.tar"), first);
  EXPECT_EQ(first.size() % 10240, 0U);
  EXPECT_EQ(first.find("one.tar"), std::string::npos);
}

}  // namespace
}  // namespace temps::files

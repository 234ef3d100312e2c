#include "baseimages/sources.hpp"

#include <gtest/gtest.h>

#include "baseimages/baseimages.hpp"
#include "files/files.hpp"

namespace temps::baseimages {
namespace {

struct SourcesTest : testing::Test {
  files::TemporaryFolder apt;
  void write(const std::string& name, std::string_view text) {
    ASSERT_TRUE(files::make_folder((apt.path() / name).parent_path()));
    ASSERT_TRUE(files::write_atomically(apt.path() / name, text));
  }
  [[nodiscard]] Sources read() const { return sources_of_machine(apt.path()); }
};

TEST_F(SourcesTest, ReadsTheOneLineForm) {
  write("sources.list",
        "# deb http://old.example/debian bookworm main\n"
        "deb [arch=amd64] http://mirror.example/debian/ bookworm main\n"
        "deb http://mirror.example/debian-security bookworm-security main\n");
  EXPECT_EQ(read().mirror, "http://mirror.example/debian");
  EXPECT_EQ(read().security, "http://mirror.example/debian-security");
}

TEST_F(SourcesTest, ReadsTheFormWithFields) {
  write("sources.list.d/debian.sources",
        "Types: deb\n# http://snapshot.example/debian/2025\nURIs: https://mirror.example/debian\n"
        "Suites: bookworm bookworm-updates\n");
  EXPECT_EQ(read().mirror, "https://mirror.example/debian");
  EXPECT_EQ(read().security, "");
}

TEST_F(SourcesTest, LeavesOutOtherArchives) {
  write("sources.list", "deb http://archive.example/ubuntu noble main\ndeb cdrom:[x]/debian a b\n");
  write("sources.list.d/tool.list", "deb https://tool.example/apt stable main\n");
  EXPECT_EQ(read().mirror, "http://deb.debian.org/debian");
}

TEST_F(SourcesTest, TheImageGetsTheSecurityArchiveWhereThereIsOne) {
  EXPECT_EQ(sources_list({.mirror = "http://m/debian"}), "deb http://m/debian bookworm main\n");
  EXPECT_EQ(sources_list({.mirror = "http://m/debian", .security = "http://m/debian-security"}),
            "deb http://m/debian bookworm main\n"
            "deb http://m/debian-security bookworm-security main\n");
}

TEST(Which, KnowsItsWords) {
  EXPECT_EQ(parse_which("node"), Which::node);
  EXPECT_EQ(parse_which("all"), Which::all);
  EXPECT_FALSE(parse_which("ruby"));
}

}  // namespace
}  // namespace temps::baseimages

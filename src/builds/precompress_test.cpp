#include "builds/precompress.hpp"

#include <gtest/gtest.h>

#include "compress/compress.hpp"
#include "files/files.hpp"

namespace temps::builds {
namespace {

using namespace std::chrono_literals;

struct PrecompressTest : testing::Test {
  files::TemporaryFolder folder;
  void write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories((folder.path() / name).parent_path());
    ASSERT_TRUE(files::write_atomically(folder.path() / name, text, 0644).has_value());
  }
  [[nodiscard]] bool exists(const std::string& name) const {
    return std::filesystem::exists(folder.path() / name);
  }
  static std::string text() {
    std::string all;
    for (int i = 0; i < 1000; ++i) all += "const value" + std::to_string(i) + " = 1;\n";
    return all;
  }
};

TEST_F(PrecompressTest, GivesTextFilesSiblings) {
  write("index.html", text());
  write("assets/app.js", text());
  write("logo.png", text());
  write("tiny.css", "a{}");
  const auto done = precompress(folder.path(), 60s);
  EXPECT_EQ(done.files, 2);
  EXPECT_FALSE(done.is_cut_short);
  EXPECT_LT(done.bytes_after * 3, done.bytes_before);
  const auto coded = files::read(folder.path() / "assets/app.js.gz").value();
  EXPECT_EQ(compress::gunzip(coded, 1U << 20U).value(), text());
  EXPECT_TRUE(exists("index.html.br"));
  EXPECT_FALSE(exists("logo.png.gz"));
  EXPECT_FALSE(exists("tiny.css.gz"));
}

TEST_F(PrecompressTest, LeavesWhatTheBuildHasMade) {
  write("app.js", text());
  write("app.js.br", "the build's own");
  precompress(folder.path(), 60s);
  EXPECT_EQ(files::read(folder.path() / "app.js.br").value(), "the build's own");
  EXPECT_TRUE(exists("app.js.gz"));
  EXPECT_EQ(precompress(folder.path(), 60s).files, 0);
}

TEST_F(PrecompressTest, FollowsNoLinks) {
  write("inside/app.js", text());
  const files::TemporaryFolder outside;
  ASSERT_TRUE(files::write_atomically(outside.path() / "b.js", text(), 0644).has_value());
  std::filesystem::create_symlink(outside.path(), folder.path() / "folder");
  std::filesystem::create_symlink(outside.path() / "b.js", folder.path() / "b.js");
  EXPECT_EQ(precompress(folder.path(), 60s).files, 1);
  EXPECT_FALSE(std::filesystem::exists(outside.path() / "b.js.gz"));
}

TEST_F(PrecompressTest, EndsWhenTheTimeIsUp) {
  write("app.js", text());
  const auto done = precompress(folder.path(), 0s);
  EXPECT_TRUE(done.is_cut_short);
  EXPECT_EQ(done.files, 0);
}

}  // namespace
}  // namespace temps::builds

#include "deploys/upload.hpp"

#include <gmock/gmock.h>

#include "compress/compress.hpp"
#include "core/testing.hpp"
#include "deploys/errors.hpp"
#include "files/tar_format.hpp"

namespace temps::deploys {
namespace {

namespace fs = std::filesystem;
using testing::IsEmpty;

class Body final : public http::BodyReader {
 public:
  explicit Body(std::string text) : text_(std::move(text)) {}
  Task<std::string_view> read() override {
    const auto part = std::string_view(text_).substr(at_, piece);
    at_ += part.size();
    co_return part;
  }

 private:
  static constexpr std::size_t piece = 5000;
  std::string text_;
  std::size_t at_ = 0;
};

struct Entry {
  std::string name;
  std::string content{};
  files::tar::Kind kind = files::tar::Kind::file;
  std::string link{};
};

std::string tar_of(const std::vector<Entry>& entries) {
  std::string text;
  for (const auto& entry : entries) {
    const auto block = files::tar::to_block({.kind = entry.kind,
                                             .name = entry.name,
                                             .link = entry.link,
                                             .size = entry.content.size(),
                                             .mode = 0644});
    text.append(block->data(), block->size()).append(entry.content);
    text.append((512 - text.size() % 512) % 512, '\0');
  }
  return text + std::string(1024, '\0');
}

struct UploadTest : testing::Test {
  net::Loop loop;
  files::TemporaryFolder folder;
  UploadLimits limits{.folder = folder.path() / "sources",
                      .bytes_max = 1U << 20U,
                      .free_bytes_min = 0,
                      .contents = {.size_bytes_max = 1U << 20U, .entries_max = 50}};

  // The code of what it is refused with; nothing of it may be left then.
  std::string refusal(const std::string& bytes) {
    Body body(bytes);
    auto received = loop.run(receive_tree(loop, body, limits));
    if (received) return "accepted";
    EXPECT_THAT(left(), IsEmpty());
    EXPECT_FALSE(received.error().detail().empty());
    return std::string(received.error().code().code);
  }
  std::string refusal_of(const std::vector<Entry>& entries) {
    return refusal(compress::gzip(tar_of(entries)));
  }
  [[nodiscard]] std::vector<std::string> left() const {
    std::vector<std::string> names;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(limits.folder, error)) {
      names.push_back(entry.path().filename());
    }
    return names;
  }
};

TEST_F(UploadTest, AFolderArrivesAsItWasPacked) {
  const auto tar = tar_of({{"index.html", "hello"}, {"css/site.css", std::string(40'000, 'c')}});
  Body body(compress::gzip(tar));
  {
    const auto received = loop.run(receive_tree(loop, body, limits));
    ASSERT_TRUE(received) << received.error().detail();
    EXPECT_EQ(files::read(received->file()).value(), tar);
  }
  EXPECT_THAT(left(), IsEmpty());
}

TEST_F(UploadTest, WhatIsNoArchiveIsRefused) {
  EXPECT_EQ(refusal(""), "compress.bad_data");
  EXPECT_EQ(refusal("PK\x03\x04 a zip file"), "compress.bad_data");
  const auto whole = compress::gzip(tar_of({{"a", std::string(9000, 'a')}}));
  EXPECT_EQ(refusal(whole.substr(0, whole.size() - 5)), "compress.bad_data");
  EXPECT_EQ(refusal(compress::gzip(std::string(2048, 'x'))), "files.bad_archive");
  EXPECT_EQ(refusal(compress::gzip(tar_of({{"a", "a"}}).substr(0, 700))), "files.bad_archive");
}

TEST_F(UploadTest, AnEmptyFolderIsRefused) { EXPECT_EQ(refusal_of({}), "deploys.empty_upload"); }

TEST_F(UploadTest, TheBodyHasALimit) {
  limits.bytes_max = 100;
  std::string noise;
  for (int i = 0; i < 3000; ++i) noise += static_cast<char>(i * 7919 % 251);
  EXPECT_EQ(refusal_of({{"noise", noise}}), "deploys.upload_too_large");
}

TEST_F(UploadTest, ABombIsRefusedBeforeItFillsTheDisk) {
  EXPECT_EQ(refusal(compress::gzip(std::string(50'000'000, '\0'))), "compress.too_large");
  // Contents within the limit of the archive, beyond that of the files.
  limits.contents.size_bytes_max = 50'000;
  EXPECT_EQ(refusal_of({{"zeros", std::string(60'000, '\0')}}), "files.too_large");
}

TEST_F(UploadTest, EntriesHaveALimit) {
  std::vector<Entry> many;
  for (int i = 0; i < 60; ++i) many.push_back({.name = fmt::format("file-{}", i)});
  EXPECT_EQ(refusal_of(many), "files.too_large");
}

TEST_F(UploadTest, NothingLeavesTheFolder) {
  using files::tar::Kind;
  EXPECT_EQ(refusal_of({{"../outside", "x"}}), "files.bad_archive");
  EXPECT_EQ(refusal_of({{"/outside", "x"}}), "files.bad_archive");
  EXPECT_EQ(refusal_of({{"a/../../outside", "x"}}), "files.bad_archive");
  EXPECT_EQ(refusal_of({{"link", "", Kind::symbolic_link, "/tmp"}, {"link/outside", "x"}}),
            "files.bad_archive");
  EXPECT_EQ(refusal_of({{"link", "", Kind::hard_link, "/etc/hostname"}}), "files.bad_archive");
}

TEST_F(UploadTest, WhatAKilledProcessLeftGoes) {
  ASSERT_TRUE(files::make_folder(limits.folder / "upload-1234.trial" / "x"));
  ASSERT_TRUE(files::write_atomically(limits.folder / "upload-1234", "x"));
  ASSERT_TRUE(files::write_atomically(limits.folder / "7.tar", "x"));
  forget_uploads(limits.folder);
  EXPECT_THAT(left(), testing::ElementsAre("7.tar"));
}

TEST_F(UploadTest, ExamplesAreTreesOfTheirOwn) {
  for (const auto& [name, file] : {std::pair("node", "package.json"), {"static", "css/site.css"}}) {
    const auto tree = loop.run(example_tree(loop, name, limits.folder));
    ASSERT_TRUE(tree) << tree.error().detail();
    const files::TemporaryFolder to;
    ASSERT_TRUE(files::unpack_tar(tree->file(), to.path()));
    EXPECT_TRUE(fs::exists(to.path() / file)) << file;
  }
  const auto none = loop.run(example_tree(loop, "cobol", limits.folder));
  ASSERT_FALSE(none);
  EXPECT_TRUE(none.error().is(errors::no_such_example));
}

}  // namespace
}  // namespace temps::deploys

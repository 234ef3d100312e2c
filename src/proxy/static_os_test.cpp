// Static trees through the proxy, with real files.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "proxy/fixture_for_tests.hpp"
#include "proxy/tree.hpp"

namespace temps::proxy::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class StaticTrees : public ProxyTest {
 protected:
  void SetUp() override {
    root = folder.path() / "site";
    put("index.html", "<h1>home</h1>");
    put("about.html", "<h1>about</h1>");
    put("docs/index.html", "<h1>docs</h1>");
    put("docs/a b.txt", "spaces");
    put("app.js", "plain js");
    put("app.js.br", "brotli js");
    put("app.js.gz", "gzip js");
    put("assets/index-BqW5nK2z.js", "hashed");
    put("photo.png", "0123456789");
    put(".env", "SECRET");
    put(".well-known/acme", "token");
    put("empty.txt", "");
    std::filesystem::create_directory(root / "bare");
    put("../outside.txt", "SECRET");
    std::filesystem::create_symlink("../outside.txt", root / "escape.txt");
    std::filesystem::create_symlink("/etc/passwd", root / "passwd.txt");
    std::filesystem::create_directory_symlink("..", root / "up");
    std::filesystem::create_symlink("about.html", root / "link.html");
    table.routes.push_back(
        {.host = "shop.test", .tree = routing::StaticTree{.root = root.string()}});
    table.routes.push_back(
        {.host = "spa.test",
         .tree = routing::StaticTree{.root = root.string(), .single_page = true}});
    start();
  }
  void put(const std::string& name, std::string_view content) const {
    const auto path = root / name;
    std::filesystem::create_directories(path.parent_path());
    ASSERT_TRUE(files::write_atomically(path, content).has_value());
  }
  [[nodiscard]] Message fetch(std::string_view path, std::string_view fields = {}) const {
    return ask(get(path, fields));
  }
  files::Path root;
};

TEST_F(StaticTrees, ServesFilesIndexesAndCleanAddresses) {
  EXPECT_EQ(fetch("/").body, "<h1>home</h1>");
  EXPECT_EQ(fetch("/?x=1").body, "<h1>home</h1>");
  EXPECT_EQ(fetch("/about").body, "<h1>about</h1>");
  EXPECT_EQ(fetch("/about.html").body, "<h1>about</h1>");
  EXPECT_EQ(fetch("/docs/").body, "<h1>docs</h1>");
  EXPECT_EQ(fetch("/docs/a%20b.txt").body, "spaces");
  EXPECT_EQ(fetch("/.well-known/acme").body, "token");
  EXPECT_EQ(fetch("/link").body, "<h1>about</h1>");
  EXPECT_EQ(fetch("/empty.txt").status(), 200);
  const auto page = fetch("/");
  EXPECT_EQ(page.field("Content-Type"), "text/html; charset=utf-8");
  EXPECT_EQ(page.field("Cache-Control"), "no-cache");
  EXPECT_THAT(fetch("/assets/index-BqW5nK2z.js").field("Cache-Control"), HasSubstr("immutable"));
}

TEST_F(StaticTrees, RedirectsAFolderToItsSlashAndNeverAway) {
  const auto answer = fetch("/docs?x=1");
  EXPECT_EQ(answer.status(), 308);
  EXPECT_EQ(answer.field("Location"), "/docs/?x=1");
  EXPECT_EQ(fetch("//docs").field("Location"), "/docs/");
  EXPECT_EQ(fetch("/bare").status(), 404);
  EXPECT_EQ(fetch("/bare/").status(), 404);
}

TEST_F(StaticTrees, NothingOutsideTheTreeOrHiddenIsServed) {
  for (const auto* path : {"/../outside.txt",
                           "/..%2foutside.txt",
                           "/%2e%2e/outside.txt",
                           "/%2e%2e%2foutside.txt",
                           "/docs/../../outside.txt",
                           "/docs/..%2f..%2foutside.txt",
                           "/..%5coutside.txt",
                           "/..\\outside.txt",
                           "/%252e%252e/outside.txt",
                           "/escape.txt",
                           "/passwd.txt",
                           "/up/outside.txt",
                           "/.env",
                           "/%2eenv",
                           "/docs/%00",
                           "/app.js%00.png",
                           "/a%zz",
                           "//../outside.txt",
                           "/./../outside.txt",
                           "/.git/config"}) {
    const auto answer = fetch(path);
    EXPECT_EQ(answer.status(), 404) << path;
    EXPECT_THAT(answer.body, Not(HasSubstr("SECRET"))) << path;
    EXPECT_THAT(answer.body, Not(HasSubstr("root:"))) << path;
  }
}

TEST_F(StaticTrees, TheStepwiseOpenerIsAsStrict) {
  const Tree tree(root.string(), Opening::stepwise);
  EXPECT_TRUE(tree.open("docs/index.html").is_regular());
  for (const auto* name : {"escape.txt", "passwd.txt", "up/outside.txt", "../outside.txt", "",
                           "docs//index.html", "link.html"})
    EXPECT_FALSE(tree.open(name).is_regular()) << name;
  EXPECT_FALSE(Tree((root / "missing").string()).open("index.html").is_regular());
}

TEST_F(StaticTrees, AnswersConditionsWith304) {
  const auto first = fetch("/photo.png");
  const auto etag = first.field("ETag");
  const auto modified = first.field("Last-Modified");
  ASSERT_THAT(etag, StartsWith("\""));
  EXPECT_EQ(fetch("/photo.png", "If-None-Match: \"x\", " + etag + "\r\n").status(), 304);
  EXPECT_EQ(fetch("/photo.png", "If-None-Match: \"x\"\r\n").status(), 200);
  EXPECT_EQ(fetch("/photo.png", "If-Modified-Since: " + modified + "\r\n").status(), 304);
  EXPECT_EQ(fetch("/photo.png", "If-Match: \"x\"\r\n").status(), 412);
  auto peer = client();
  EXPECT_EQ(peer.ask(get("/photo.png", "If-None-Match: *\r\n")).status(), 304);
  EXPECT_EQ(peer.ask(get("/photo.png")).body, "0123456789");
}

TEST_F(StaticTrees, SendsRanges) {
  const auto part = fetch("/photo.png", "Range: bytes=2-4\r\n");
  EXPECT_EQ(part.status(), 206);
  EXPECT_EQ(part.body, "234");
  EXPECT_EQ(part.field("Content-Range"), "bytes 2-4/10");
  EXPECT_EQ(fetch("/photo.png", "Range: bytes=-3\r\n").body, "789");
  EXPECT_EQ(fetch("/photo.png", "Range: bytes=7-\r\n").body, "789");
  const auto beyond = fetch("/photo.png", "Range: bytes=10-\r\n");
  EXPECT_EQ(beyond.status(), 416);
  EXPECT_EQ(beyond.field("Content-Range"), "bytes */10");
  EXPECT_EQ(fetch("/photo.png", "Range: bytes=0-1,3-4\r\n").status(), 200);
  const auto etag = part.field("ETag");
  EXPECT_EQ(fetch("/photo.png", "Range: bytes=2-4\r\nIf-Range: " + etag + "\r\n").status(), 206);
  EXPECT_EQ(fetch("/photo.png", "Range: bytes=2-4\r\nIf-Range: \"x\"\r\n").status(), 200);
}

TEST_F(StaticTrees, PrefersCompressedSiblings) {
  const auto best = fetch("/app.js", "Accept-Encoding: gzip, deflate, br\r\n");
  EXPECT_EQ(best.body, "brotli js");
  EXPECT_EQ(best.field("Content-Encoding"), "br");
  EXPECT_EQ(best.field("Vary"), "Accept-Encoding");
  EXPECT_EQ(best.field("Content-Type"), "text/javascript; charset=utf-8");
  EXPECT_EQ(fetch("/app.js", "Accept-Encoding: gzip, br;q=0\r\n").body, "gzip js");
  EXPECT_EQ(fetch("/app.js", "Accept-Encoding: zstd\r\n").body, "plain js");
  const auto plain = fetch("/app.js");
  EXPECT_EQ(plain.body, "plain js");
  EXPECT_EQ(plain.field("Vary"), "Accept-Encoding");
  EXPECT_NE(plain.field("ETag"), best.field("ETag"));
  EXPECT_EQ(fetch("/app.js", "Accept-Encoding: br\r\nRange: bytes=0-4\r\n").body, "plain");
}

TEST_F(StaticTrees, OnlyGetAndHead) {
  const auto answer = ask("DELETE / HTTP/1.1\r\nHost: shop.test\r\n\r\n");
  EXPECT_EQ(answer.status(), 405);
  EXPECT_EQ(answer.field("Allow"), "GET, HEAD");
  auto peer = client();
  const auto head =
      peer.ask("HEAD /photo.png HTTP/1.1\r\nHost: shop.test\r\n\r\n", Peer::Body::none);
  EXPECT_EQ(head.field("Content-Length"), "10");
  EXPECT_EQ(peer.ask(get("/photo.png")).body, "0123456789");
}

TEST_F(StaticTrees, ASinglePageAppGetsItsViews) {
  const auto view = ask(get("/orders/17", "Accept: text/html\r\n", "spa.test"));
  EXPECT_EQ(view.status(), 200);
  EXPECT_EQ(view.body, "<h1>home</h1>");
  EXPECT_EQ(view.field("Cache-Control"), "no-cache");
  EXPECT_EQ(ask(get("/missing.js", "Accept: */*\r\n", "spa.test")).status(), 404);
  EXPECT_EQ(ask(get("/orders", "Accept: application/json\r\n", "spa.test")).status(), 404);
  EXPECT_EQ(ask(get("/../x", "Accept: text/html\r\n", "spa.test")).status(), 404);
}

TEST_F(StaticTrees, TheTreesOwn404PageIsUsed) {
  EXPECT_THAT(fetch("/missing").body, HasSubstr("/missing"));
  put("404.html", "<h1>lost</h1>");
  const auto answer = fetch("/missing", "Range: bytes=0-1\r\nIf-None-Match: *\r\n");
  EXPECT_EQ(answer.status(), 404);
  EXPECT_EQ(answer.body, "<h1>lost</h1>");
}

TEST_F(StaticTrees, SendsLargeFilesWhole) {
  std::string content;
  for (int i = 0; content.size() < 20'000'000; ++i) content += std::to_string(i) + "\n";
  put("large.bin", content);
  auto peer = client();
  peer.write(get("/large.bin") + get("/about"));
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  const auto answer = peer.read_message();
  EXPECT_TRUE(answer.is_whole);
  EXPECT_TRUE(answer.body == content);
  EXPECT_EQ(peer.read_message().body, "<h1>about</h1>");
}

}  // namespace
}  // namespace temps::proxy::testing

// From `temps domain add` to a browser's padlock, with an authority that really checks.
#include <gmock/gmock.h>

#include "net/socket.hpp"
#include "system/checkout.hpp"
#include "system/world.hpp"
#include "testbed/dns_peer.hpp"
#include "testbed/pebble.hpp"

namespace temps::e2e {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

// A machine on whose ports 80 and 443 the authority finds the proxy.
class Https : public ::testing::Test {
 protected:
  void SetUp() override {
    auto started = world.loop().run(testbed::Pebble::start(
        world.loop(),
        {.dns_server = dns.address(), .http_port = world.port(), .tls_port = tls_port}));
    ASSERT_TRUE(started.has_value()) << started.error().detail();
    pebble.emplace(std::move(*started));
    world.set_variable("TEMPS_LISTEN_TLS", fmt::format("127.0.0.1:{}", tls_port));
    world.set_variable("TEMPS_ACME_DIRECTORY", pebble->directory_url());
    world.set_variable("TEMPS_CA_FILE", pebble->ca_file().string());
    world.set_variable("TEMPS_PUBLIC_ADDRESSES", "127.0.0.1");
    world.set_variable("TEMPS_DNS_SERVER", dns.address());
    ASSERT_TRUE(world.start()) << world.printed();
    world.make_owner();
    auto root = world.loop().run(pebble->issuing_root());
    ASSERT_TRUE(root && files::write_atomically(root_file(), *root).has_value());
  }
  void TearDown() override {
    world.stop();
    if (pebble) EXPECT_TRUE(world.loop().run(pebble->stop()).has_value());
    EXPECT_TRUE(world.loop().run(dns.close()).has_value());
  }
  [[nodiscard]] std::filesystem::path root_file() const { return world.folder() / "root.pem"; }
  void deploy(const std::string& project, std::string_view page) {
    Checkout checkout(world, project);
    checkout.write("index.html", page);
    const auto pushed = checkout.release("one");
    ASSERT_EQ(pushed.code, 0) << pushed.all();
  }
  // As a browser does that trusts the authority only.
  Outcome curl(const std::string& name, Words more = {}) {
    Words words{"curl",
                "--silent",
                "--show-error",
                "--cacert",
                root_file().string(),
                "--resolve",
                fmt::format("{}:{}:127.0.0.1", name, tls_port)};
    if (more.empty()) more = {fmt::format("https://{}:{}/", name, tls_port)};
    words.insert(words.end(), more.begin(), more.end());
    return world.run(std::move(words));
  }

  World world;
  testbed::DnsPeer dns{world.loop()};
  std::uint16_t tls_port = net::free_port().value();
  std::optional<testbed::Pebble> pebble;
};

TEST_F(Https, ComesByItselfAndOutlivesRestarts) {
  deploy("shop", "<h1>the shop</h1>");
  const auto added = world.temps({"domain", "add", "shop.example.org", "--project", "shop"});
  ASSERT_EQ(added.code, 0) << added.all();
  EXPECT_THAT(added.out, AllOf(HasSubstr("DNS is right"), HasSubstr("Issued: https://shop")));
  EXPECT_THAT(added.err, AllOf(HasSubstr("whose terms you agree to by this: data:text/plain")));
  const auto page = curl("shop.example.org");
  ASSERT_EQ(page.code, 0) << page.all();
  EXPECT_THAT(page.out, HasSubstr("the shop"));

  const auto plain =
      fetch(world.loop(), world.port(), {.target = "/cart?x=1", .host = "shop.example.org"});
  EXPECT_EQ(plain.status, 308);
  EXPECT_EQ(plain.field("Location"), fmt::format("https://shop.example.org:{}/cart?x=1", tls_port));

  EXPECT_THAT(world.temps({"certificate", "list"}).out,
              AllOf(HasSubstr("shop.example.org"), HasSubstr("acme")));
  const auto renewed = world.temps({"certificate", "renew", "1"});
  EXPECT_EQ(renewed.code, 0) << renewed.all();
  EXPECT_TRUE(eventually(world.loop(), [this] {
    return content(world.data() / "routes/table.json").find("\"1-2-") != std::string::npos;
  }));
  world.stop();
  ASSERT_TRUE(world.start()) << world.printed();
  EXPECT_EQ(curl("shop.example.org").code, 0);
}

TEST_F(Https, TakesTheTokenOfADnsProviderAndNeverShowsIt) {
  world.keep_secret("a-token-of-this-test");
  const auto added =
      world.temps({"dns", "add", "example.net", "--kind", "cloudflare", "--key-stdin"},
                  "a-token-of-this-test\n");
  ASSERT_EQ(added.code, 0) << added.all();
  EXPECT_THAT(world.temps({"dns", "list"}).out,
              AllOf(HasSubstr("example.net"), HasSubstr("cloudflare")));
  const auto wrong = world.temps({"dns", "add", "example.com", "--server", "ns.example.com",
                                  "--key-name", "temps", "--key-stdin"},
                                 "no base64\n");
  EXPECT_EQ(wrong.code, 1);
  EXPECT_THAT(wrong.err, HasSubstr("secret in base64"));
  EXPECT_EQ(world.temps({"dns", "remove", "example.net"}).code, 0);
}

TEST_F(Https, SaysWhatIsMissingAndComesOnceItIsThere) {
  deploy("blog", "<h1>the blog</h1>");
  dns.forget("blog.example.org");
  const auto added =
      world.temps({"domain", "add", "blog.example.org", "--project", "blog", "--no-wait"});
  EXPECT_EQ(added.code, 0) << added.all();
  EXPECT_TRUE(eventually(world.loop(), [this] {
    return world.temps({"domain", "list", "--project", "blog"}).says("certificate waiting for dns");
  }));
  EXPECT_THAT(
      world.temps({"domain", "list", "--project", "blog"}).out,
      AllOf(HasSubstr("create: A blog.example.org -> 127.0.0.1"), HasSubstr("next try at")));
  dns.remember("blog.example.org");
  EXPECT_EQ(world.temps({"domain", "check", "blog.example.org", "--project", "blog"}).code, 0);
  EXPECT_TRUE(eventually(world.loop(), [this] { return curl("blog.example.org").code == 0; }));
}

}  // namespace
}  // namespace temps::e2e

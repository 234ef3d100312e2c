// Names of a user's own: added, visited, redirected, with a certificate, removed.
#include <gmock/gmock.h>

#include "core/text.hpp"
#include "routing/table.hpp"
#include "system/checkout.hpp"
#include "system/one_world.hpp"
#include "x509/authority_for_tests.hpp"

namespace temps::e2e {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class Domain : public OneWorld {
 protected:
  // What a visitor of `host` sees, whatever DNS says.
  Answer visit(std::string host, std::string target = "/") {
    return fetch(world.loop(), world.port(),
                 {.target = std::move(target), .host = std::move(host)});
  }
  // A static site of this name, deployed.
  void deploy(const std::string& project, std::string_view page) {
    Checkout checkout(world, project);
    checkout.write("index.html", page);
    const auto pushed = checkout.release("one");
    ASSERT_EQ(pushed.code, 0) << pushed.all();
  }
  Outcome upload(const x509::Issued& issued) {
    const auto chain = (world.folder() / "chain.pem").string();
    const auto key = (world.folder() / "key.pem").string();
    EXPECT_TRUE(files::write_atomically(chain, issued.certificate, 0600).has_value());
    EXPECT_TRUE(files::write_atomically(key, issued.key, 0600).has_value());
    return world.temps({"certificate", "upload", "--chain", chain, "--key", key});
  }
  x509::AuthorityForTests authority;
  Instant now = SystemClock{}.now();
};

TEST_F(Domain, AnswersFromTheMomentWhenItWasAddedUntilItIsRemoved) {
  deploy("shop", "<h1>the shop</h1>");
  EXPECT_EQ(visit("shop.example.com").status, 404);
  const auto added = world.temps({"domain", "add", "shop.example.com", "--project", "shop"});
  ASSERT_EQ(added.code, 0) << added.all();
  EXPECT_THAT(added.out, AllOf(HasSubstr("Added shop.example.com"), HasSubstr("DNS is ")));
  EXPECT_THAT(added.err, AllOf(HasSubstr("temps domain check shop.example.com --project shop"),
                               HasSubstr("temps certificate upload")));
  EXPECT_THAT(visit("shop.example.com").body, HasSubstr("the shop"));

  const auto listed = world.temps({"domain", "list", "--project", "shop"});
  EXPECT_THAT(listed.out, AllOf(HasSubstr("shop.example.com"), HasSubstr("serves production"),
                                HasSubstr("no certificate")));
  EXPECT_EQ(world.temps({"domain", "check", "shop.example.com", "--project", "shop"}).code, 0);

  const auto removed = world.temps({"domain", "remove", "shop.example.com", "--project", "shop"});
  EXPECT_EQ(removed.code, 0) << removed.all();
  EXPECT_EQ(visit("shop.example.com").status, 404);
}

TEST_F(Domain, AnEnvironmentSaysWhoGetsThroughAndWhatIsAnswered) {
  deploy("desk", "<h1>the desk</h1>");
  const auto set = [this](std::vector<std::string> words) {
    words.insert(words.begin(), {"project", "set", "desk"});
    return world.temps(words);
  };
  EXPECT_EQ(set({"maintenance=true"}).code, 0);
  EXPECT_EQ(visit("desk.localhost").status, 503);
  EXPECT_EQ(set({"maintenance=false", "response_header.X-Frame-Options=DENY"}).code, 0);
  const auto open = visit("desk.localhost");
  EXPECT_EQ(open.status, 200);
  EXPECT_EQ(open.field("X-Frame-Options"), "DENY");

  const auto locked = set({"basic_auth=ann:open sesame"});
  EXPECT_EQ(locked.code, 0) << locked.all();
  EXPECT_THAT(locked.all(), AllOf(HasSubstr("ann:****"), Not(HasSubstr("sesame"))));
  EXPECT_EQ(visit("desk.localhost").status, 401);
  const auto known = fetch(world.loop(), world.port(),
                           {.host = "desk.localhost",
                            .fields = {"Authorization: Basic " + to_base64("ann:open sesame")}});
  EXPECT_EQ(known.status, 200);
  EXPECT_THAT(content(world.data() / "routes/table.json"), Not(HasSubstr("sesame")));

  EXPECT_EQ(set({"basic_auth=", "allowed_addresses=203.0.113.0/24, 2001:db8::/32"}).code, 0);
  EXPECT_EQ(visit("desk.localhost").status, 403);
  EXPECT_EQ(set({"allowed_addresses=", "requests_per_minute=2"}).code, 0);
  EXPECT_EQ(visit("desk.localhost").status, 200);
  EXPECT_EQ(visit("desk.localhost").status, 200);
  EXPECT_EQ(visit("desk.localhost").status, 429);
  const auto wrong = set({"allowed_addresses=everywhere"});
  EXPECT_EQ(wrong.code, 1);
  EXPECT_THAT(wrong.err, HasSubstr("203.0.113.7"));
}

TEST_F(Domain, IsRefusedWithWhatToDoInstead) {
  deploy("blog", "<h1>the blog</h1>");
  const auto own = world.temps({"domain", "add", "x.localhost", "--project", "blog"});
  EXPECT_EQ(own.code, 1);
  EXPECT_THAT(own.err, HasSubstr("choose a name elsewhere"));
  const auto pasted = world.temps({"domain", "add", "https://a.example/", "--project", "blog"});
  EXPECT_THAT(pasted.err, HasSubstr("a.example"));
  EXPECT_EQ(world.temps({"domain", "add", "a.example"}).code, 2);
}

TEST_F(Domain, ACertificateIsUploadedListedAndRemoved) {
  deploy("store", "<h1>the store</h1>");
  ASSERT_EQ(world.temps({"domain", "add", "store.example.com", "--project", "store"}).code, 0);
  const auto issued = authority.issue({"store.example.com"}, now);
  const auto uploaded = upload(issued);
  ASSERT_EQ(uploaded.code, 0) << uploaded.all();
  EXPECT_THAT(uploaded.out, HasSubstr("for store.example.com"));
  const auto listed = world.temps({"certificate", "list"});
  EXPECT_THAT(listed.out, AllOf(HasSubstr("store.example.com"), HasSubstr("uploaded"),
                                HasSubstr("by Authority of the Tests"), HasSubstr("used by")));
  EXPECT_THAT(world.temps({"domain", "list", "--project", "store"}).out,
              HasSubstr("certificate for 88 days"));

  // The data plane has it, before and after everything was started again.
  const auto published = [this] {
    return routing::decode_table(content(world.data() / "routes/table.json"))
        .value_or(routing::Table{})
        .certificates;
  };
  ASSERT_EQ(published().size(), 1U);
  std::filesystem::remove_all(world.data() / "certificates");
  world.stop();
  ASSERT_TRUE(world.start()) << world.printed();
  ASSERT_EQ(published().size(), 1U);
  EXPECT_THAT(content(published().front().chain), HasSubstr("BEGIN CERTIFICATE"));
  EXPECT_THAT(content(published().front().key), HasSubstr("BEGIN PRIVATE KEY"));

  const auto number = published().front().id.substr(0, published().front().id.find('-'));
  const auto removed = world.temps({"certificate", "remove", number});
  EXPECT_EQ(removed.code, 0) << removed.all();
  EXPECT_THAT(removed.err, HasSubstr("over http only: store.example.com"));
  EXPECT_TRUE(published().empty());
  EXPECT_THAT(world.temps({"certificate", "list"}).out, Not(HasSubstr("store.example.com")));
}

TEST_F(Domain, ACertificateWithAnothersKeyIsRefused) {
  const auto one = authority.issue({"a.example"}, now);
  const auto refused = upload({one.certificate, authority.issue({"a.example"}, now).key});
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.err, HasSubstr("belongs to another certificate"));
}

}  // namespace
}  // namespace temps::e2e

// Releases one after another: rollback, redeploy, settings, logs, and no failed request.
#include <gmock/gmock.h>

#include "core/concurrency.hpp"
#include "core/text.hpp"
#include "system/apps.hpp"
#include "system/load.hpp"
#include "system/one_world.hpp"

namespace temps::e2e {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class Release : public OneWorld {
 protected:
  // A project whose live release shows `page`.
  Checkout with_app(const std::string& project, std::string_view page = "one") {
    Checkout checkout(world, project);
    write_node_app(checkout, {.page = page});
    const auto pushed = checkout.release("release " + std::string(page));
    EXPECT_EQ(pushed.code, 0) << pushed.all();
    return checkout;
  }
  Outcome push_page(Checkout& checkout, const std::string& page) {
    checkout.write("page.txt", page);
    return checkout.release("release " + page);
  }
};

TEST_F(Release, TellsItsStoryToThePushingTerminal) {
  Checkout checkout(world, "story");
  write_node_app(checkout, {.build = "echo compiled the thing"});
  const auto pushed = checkout.release("first words");
  ASSERT_EQ(pushed.code, 0) << pushed.all();
  std::size_t from = 0;
  const auto address = "http://" + world.host("story");
  for (const auto& part :
       {std::string("received"), std::string("first words"), std::string("detected"),
        std::string("compiled the thing"), std::string("built in"), std::string("started"),
        std::string("healthy"), "live at " + address}) {
    const auto at = pushed.err.find(part, from);
    ASSERT_NE(at, std::string::npos) << "no \"" << part << "\" where it should be in\n"
                                     << pushed.err;
    const auto line = pushed.err.rfind('\n', at) + 1;
    EXPECT_EQ(pushed.err.substr(line, 7), "remote:") << part;
    from = at;
  }
}

TEST_F(Release, KeepsAVisitorsConnection) {
  with_app("kept");
  auto statuses = world.loop().run(
      [](net::Loop& loop, std::uint16_t port, std::string host) -> Task<std::vector<int>> {
        auto connection = co_await Connection::open(loop, port);
        std::vector<int> seen;
        for (int i = 0; i < 5; ++i) {
          auto answer = co_await connection.ask({.host = host});
          seen.push_back(answer.status);
        }
        co_return seen;
      }(world.loop(), world.port(), world.host("kept")));
  ASSERT_TRUE(statuses) << statuses.error().detail();
  EXPECT_THAT(*statuses, ::testing::Each(200));
}

TEST_F(Release, CarriesWebSockets) {
  with_app("talk");
  auto answers = world.loop().run(
      [](net::Loop& loop, std::uint16_t port, std::string host) -> Task<std::vector<std::string>> {
        auto socket = co_await WebSocket::open(loop, port, host, "/ws");
        std::vector<std::string> said;
        said.push_back(co_await socket.echo("hello"));
        said.push_back(co_await socket.echo("again"));
        co_return said;
      }(world.loop(), world.port(), world.host("talk")));
  ASSERT_TRUE(answers) << answers.error().detail();
  EXPECT_THAT(*answers, ::testing::ElementsAre("hello", "again"));
}

TEST_F(Release, IsReplacedRolledBackAndBuiltAgain) {
  auto checkout = with_app("shop");
  ASSERT_EQ(push_page(checkout, "two").code, 0);
  EXPECT_EQ(world.visit("shop").body, "two\n");

  const auto back = world.temps({"rollback", "shop"});
  EXPECT_EQ(back.code, 0) << back.all();
  EXPECT_EQ(world.visit("shop").body, "one\n");
  EXPECT_FALSE(back.says("built in")) << "a rollback builds nothing";

  const auto again = world.temps({"redeploy", "shop"});
  EXPECT_EQ(again.code, 0) << again.all();
  EXPECT_EQ(world.visit("shop").body, "two\n");

  const auto chosen = world.temps({"rollback", "shop", "--to", "1"});
  EXPECT_EQ(chosen.code, 0) << chosen.all();
  EXPECT_EQ(world.visit("shop").body, "one\n");

  const auto list = world.temps({"deployments", "shop"});
  for (const auto* word : {"push", "rollback", "redeploy"}) EXPECT_THAT(list.out, HasSubstr(word));
}

TEST_F(Release, HasNothingToGoBackToAtFirst) {
  with_app("young");
  const auto back = world.temps({"rollback", "young"});
  EXPECT_EQ(back.code, 1);
  EXPECT_THAT(back.err, HasSubstr("temps deployments"));
}

TEST_F(Release, ShowsWhatTheAppPrintsAndGoesOnShowingIt) {
  with_app("chatty");
  world.visit("chatty", "/hello-log");
  Outcome logs;
  EXPECT_TRUE(eventually(world.loop(), [&] {
    logs = world.temps({"logs", "chatty"});
    return logs.says("served /hello-log");
  })) << logs.all();

  auto following = world.begin({temps_binary(), "logs", "chatty", "-f"}, "follow");
  EXPECT_TRUE(following.says("served /hello-log")) << following.err();
  world.visit("chatty", "/while-following");
  EXPECT_TRUE(following.says("served /while-following")) << following.out() << following.err();

  const auto build = world.temps({"logs", "chatty", "--build"});
  EXPECT_EQ(build.code, 0) << build.all();
  EXPECT_THAT(build.out, HasSubstr("live at"));
}

TEST_F(Release, ShowsWhatVisitorsAskForAndGoesOnShowingIt) {
  with_app("visited");
  world.visit("visited", "/first?key=hidden");
  Outcome shown;
  EXPECT_TRUE(eventually(world.loop(), [&] {
    shown = world.temps({"requests", "visited"});
    return shown.says("/first");
  })) << shown.all();
  EXPECT_THAT(shown.out, HasSubstr("200  GET"));
  EXPECT_THAT(shown.out, Not(HasSubstr("hidden")));

  auto following = world.begin({temps_binary(), "requests", "visited", "-f", "--json"}, "requests");
  EXPECT_TRUE(following.says("/first")) << following.err();
  world.visit("visited", "/second");
  EXPECT_TRUE(following.says("/second")) << following.out() << following.err();
  EXPECT_THAT(following.out(), HasSubstr(R"("environment":"production","deployment":1,)"));

  const auto none = world.temps({"requests", "visited", "--status", "5xx", "--since", "1h"});
  EXPECT_EQ(none.code, 0) << none.all();
  EXPECT_THAT(none.err, HasSubstr("No requests"));
  EXPECT_THAT(world.temps({"requests", "visited", "--status", "bad"}).err, HasSubstr("5xx"));
  EXPECT_EQ(world.temps({"requests", "visited", "--since", "yesterday"}).code, 1);
  EXPECT_THAT(world.temps({"proxy", "status"}).all(), HasSubstr("Access log"));
}

TEST_F(Release, UsesSettingsFromTheNextDeploymentOn) {
  auto checkout = with_app("tuned");
  const auto set = world.temps(
      {"project", "set", "tuned", "start_command=PAGE=x node server.js", "health-path=/up"});
  EXPECT_EQ(set.code, 0) << set.all();
  const auto shown = world.temps({"project", "set", "tuned"});
  EXPECT_THAT(shown.out, HasSubstr("PAGE=x node server.js"));
  EXPECT_THAT(shown.out, HasSubstr("/up"));
  EXPECT_EQ(push_page(checkout, "two").code, 0);
  EXPECT_TRUE(world.temps({"logs", "tuned", "--build"}).says("GET /up answered 200"));
}

TEST_F(Release, IsListedAndDeletedWithItsProject) {
  with_app("gone");
  EXPECT_THAT(world.temps({"project", "list"}).out, HasSubstr("gone"));
  const auto shown = world.temps({"project", "show", "gone"});
  EXPECT_THAT(shown.out, HasSubstr("http://" + world.host("gone")));
  EXPECT_THAT(shown.out, HasSubstr("live"));

  EXPECT_NE(world.temps({"project", "delete", "gone"}, "something else\n").code, 0);
  EXPECT_EQ(world.visit("gone").status, 200) << "not confirmed, not deleted";
  const auto deleted = world.temps({"project", "delete", "gone", "--confirm", "gone"});
  EXPECT_EQ(deleted.code, 0) << deleted.all();
  EXPECT_EQ(world.visit("gone").status, 404);
  EXPECT_FALSE(std::filesystem::exists(world.data() / "git/gone.git"));

  // The name is free for a project that shares nothing with the old one.
  Checkout anew(world, "gone");
  EXPECT_TRUE(world.deployments("gone").empty());
}

TEST_F(Release, IsClonedAndFetchedBack) {
  auto checkout = with_app("cloned");
  const auto clone =
      world.run({"git", "clone", "-q", world.url() + "/git/cloned.git", "clone-of-cloned"},
                world.folder().string());
  EXPECT_EQ(clone.code, 0) << clone.all();
  EXPECT_EQ(content(world.folder() / "clone-of-cloned/page.txt"), "one");
}

// What was begun with the old release ends with it: an upload that waits for its answer, an answer
// that comes in pieces, a WebSocket.
struct Across {
  net::Loop& loop;
  std::uint16_t port;
  std::string host;
  Answer uploaded{};
  Answer streamed{};
  std::vector<std::string> said{};

  Task<> upload() {
    auto connection = co_await Connection::open(loop, port);
    uploaded = co_await connection.ask(
        {.method = "POST", .target = "/long", .host = host, .body = std::string(300'000, 'x')});
  }
  Task<> stream() {
    auto connection = co_await Connection::open(loop, port);
    streamed = co_await connection.ask({.target = "/stream", .host = host});
  }
  // Speaks before the switch and after it, on one connection.
  Task<> talk() {
    auto socket = co_await WebSocket::open(loop, port, host, "/ws");
    said.push_back(co_await socket.echo("before"));
    for (;;) {
      auto connection = co_await Connection::open(loop, port);
      const auto page = co_await connection.ask({.host = host});
      if (page.says("two")) break;
      co_await temps::sleep(50ms);
    }
    said.push_back(co_await socket.echo("after"));
  }
};

TEST_F(Release, LetsUploadsStreamsAndWebSocketsEndAcrossASwitch) {
  auto checkout = with_app("across");
  checkout.write("page.txt", "two");
  checkout.commit("two");
  Across visitor{world.loop(), world.port(), world.host("across")};
  auto push = checkout.begin_push();
  ASSERT_TRUE(push.says("waiting for it to answer")) << push.err();
  std::vector<Task<>> visits;
  visits.push_back(visitor.upload());
  visits.push_back(visitor.stream());
  visits.push_back(visitor.talk());
  auto ended = world.loop().run(temps::within(30s, all(std::move(visits))));
  ASSERT_TRUE(ended) << ended.error().detail();
  EXPECT_EQ(push.wait(), 0) << push.err();
  EXPECT_EQ(visitor.uploaded.body, "one\ntook 300000\n");
  EXPECT_TRUE(visitor.streamed.says("piece 0\n") && visitor.streamed.says("piece 19\n"));
  EXPECT_TRUE(visitor.streamed.says("one\n"));
  EXPECT_THAT(visitor.said, ::testing::ElementsAre("before", "after"));
  EXPECT_EQ(world.visit("across").body, "two\n");
}

TEST_F(Release, LetsNoRequestFailInTenSwitches) {
  auto checkout = with_app("busy", "page-1");
  Load load({.port = world.port(), .host = world.host("busy"), .expected = "page-"});
  for (int i = 0; i < 10; ++i) {
    const auto pushed = push_page(checkout, i % 2 == 0 ? "page-2" : "page-1");
    EXPECT_EQ(pushed.code, 0) << pushed.all();
    EXPECT_THAT(pushed.err, HasSubstr("live at http"));
  }
  // Some of the old instances are drained and stopped under load, too.
  (void)world.loop().run(temps::sleep(2s));
  const auto tally = load.stop();
  fmt::print("{} requests during ten releases\n", tally.answered);
  EXPECT_THAT(tally.failures, IsEmpty());
  EXPECT_GT(tally.answered, 500U);
  EXPECT_THAT(tally.bodies, ::testing::UnorderedElementsAre("page-1\n", "page-2\n"));
}

}  // namespace
}  // namespace temps::e2e

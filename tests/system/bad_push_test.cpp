// Pushes and projects that cannot be taken, each with what to do next.
#include <gmock/gmock.h>

#include <fstream>
#include <random>

#include "core/text.hpp"
#include "system/apps.hpp"
#include "system/one_world.hpp"

namespace temps::e2e {
namespace {

using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::HasSubstr;

class BadPush : public OneWorld {};

// Bytes that git cannot make smaller.
std::string noise(std::size_t size) {
  std::mt19937 random(7);
  std::string text(size, '\0');
  for (auto& c : text) c = static_cast<char>(random());
  return text;
}

TEST_F(BadPush, LargerThanTheLimitIsRefused) {
  Checkout checkout(world, "heavy");
  checkout.write("index.html", "<h1>light</h1>");
  ASSERT_EQ(checkout.release("light").code, 0);
  checkout.write("film.bin", noise(3U << 20U));
  const auto pushed = checkout.release("heavy");
  EXPECT_NE(pushed.code, 0);
  EXPECT_THAT(pushed.err, AllOf(HasSubstr("larger than"), HasSubstr("push_size_max")));
  EXPECT_TRUE(world.visit("heavy").says("light"));
  checkout.git({"reset", "--hard", "HEAD~1"});
  checkout.write("index.html", "<h1>lighter</h1>");
  EXPECT_EQ(checkout.release("lighter").code, 0);
}

TEST_F(BadPush, WithoutFilesIsToldWhatIsMissing) {
  Checkout checkout(world, "hollow");
  checkout.commit("nothing in it");
  const auto pushed = checkout.push();
  EXPECT_NE(pushed.code, 0);
  EXPECT_THAT(pushed.err, HasSubstr("remote: "));
  EXPECT_THAT(pushed.err, AnyOf(HasSubstr("no files"), HasSubstr("is empty")));
}

TEST_F(BadPush, WithoutACommitChangesNothing) {
  Checkout checkout(world, "unborn");
  EXPECT_NE(checkout.push().code, 0);
  EXPECT_TRUE(world.deployments("unborn").empty());
}

TEST_F(BadPush, OfABranchThatIsNotTrackedIsStoredOnly) {
  Checkout checkout(world, "branches");
  checkout.write("index.html", "<h1>main</h1>");
  ASSERT_EQ(checkout.release("main").code, 0);
  checkout.git({"checkout", "-q", "-b", "draft"});
  checkout.write("index.html", "<h1>draft</h1>");
  checkout.commit("draft");
  const auto pushed = checkout.push("draft");
  EXPECT_EQ(pushed.code, 0) << pushed.all();
  EXPECT_THAT(pushed.err,
              AllOf(HasSubstr("not deployed"), HasSubstr("temps project set branches branch=")));
  EXPECT_TRUE(world.visit("branches").says("main"));
  EXPECT_EQ(world.deployments("branches").size(), 1U);

  ASSERT_EQ(world.temps({"project", "set", "branches", "branch=draft"}).code, 0);
  checkout.write("index.html", "<h1>draft now</h1>");
  checkout.commit("draft again");
  EXPECT_EQ(checkout.push("draft").code, 0);
  EXPECT_TRUE(world.visit("branches").says("draft now"));
}

TEST_F(BadPush, ThatDeletesTheTrackedBranchIsRefused) {
  Checkout checkout(world, "rooted");
  checkout.write("index.html", "<h1>here</h1>");
  ASSERT_EQ(checkout.release("one").code, 0);
  const auto pushed = checkout.push(":main");
  EXPECT_NE(pushed.code, 0);
  EXPECT_THAT(pushed.err, HasSubstr("temps project delete rooted"));
  EXPECT_TRUE(world.visit("rooted").says("here"));
}

TEST_F(BadPush, ThatRewritesHistoryIsDeployed) {
  Checkout checkout(world, "rewritten");
  checkout.write("index.html", "<h1>first</h1>");
  ASSERT_EQ(checkout.release("first").code, 0);
  checkout.write("index.html", "<h1>amended</h1>");
  checkout.git({"add", "-A"});
  checkout.git({"commit", "-q", "--amend", "-m", "amended"});
  EXPECT_EQ(checkout.push().code, 0);
  EXPECT_TRUE(world.visit("rewritten").says("amended"));
}

TEST_F(BadPush, ToAProjectThatDoesNotExistSaysSo) {
  Checkout checkout(world, "real");
  checkout.write("index.html", "x");
  checkout.commit("one");
  const auto pushed = checkout.git({"push", world.url() + "/git/imaginary.git", "main"});
  EXPECT_NE(pushed.code, 0);
  EXPECT_THAT(pushed.err, HasSubstr("not found"));
}

TEST_F(BadPush, OfTheNewestWinsOverThoseThatWait) {
  Checkout checkout(world, "hurried");
  write_node_app(checkout, {.page = "one", .build = "echo at work && sleep 2"});
  checkout.commit("one");
  auto first = checkout.begin_push();
  ASSERT_TRUE(first.says("at work")) << first.err();
  checkout.write("page.txt", "two");
  checkout.commit("two");
  auto second = checkout.begin_push();
  ASSERT_TRUE(second.says("received")) << second.err();
  checkout.write("page.txt", "three");
  checkout.commit("three");
  const auto third = checkout.push();
  EXPECT_EQ(third.code, 0) << third.all();
  EXPECT_NE(second.wait(), 0);
  EXPECT_THAT(second.err(), HasSubstr("superseded by deployment #3"));
  EXPECT_EQ(world.visit("hurried").body, "three\n");
}

TEST_F(BadPush, ProjectsWithOddNamesAreNotMade) {
  for (const auto* name : {"My Shop", "../etc", "-x", "a--b", "shop.de", "git", "", "émile",
                           "a-name-that-is-far-too-long-for-a-label-in-a-host-name"}) {
    const auto made = world.temps({"project", "create", "--", name});
    EXPECT_EQ(made.code, 1) << name << made.all();
    EXPECT_THAT(made.err, HasSubstr("name")) << name;
  }
  EXPECT_THAT(world.temps({"project", "create", "My Shop"}).err, HasSubstr("my-shop"));
}

TEST_F(BadPush, ATakenNameIsNotTakenAgain) {
  Checkout checkout(world, "taken");
  const auto again = world.temps({"project", "create", "taken"});
  EXPECT_EQ(again.code, 1);
  EXPECT_THAT(again.err, HasSubstr("taken"));
}

}  // namespace
}  // namespace temps::e2e

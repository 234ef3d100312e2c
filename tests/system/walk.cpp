#include "system/walk.hpp"

#include <gmock/gmock.h>

#include "core/text.hpp"
#include "system/checkout.hpp"
#include "system/engine.hpp"

namespace temps::e2e {

namespace {

using ::testing::HasSubstr;

// The example's Dockerfile names an image of a registry; where ours stands in, it is named instead.
void use_own_base_image(Checkout& checkout, World& world) {
  constexpr std::string_view own = "temps-base/debian:12";
  if (!has_image(world.loop(), std::string(own))) return;
  checkout.write("Dockerfile", replaced(checkout.read("Dockerfile"), "debian:12-slim", own));
}

void expect_story(const Outcome& pushed, const Example& example, const std::string& address) {
  EXPECT_THAT(pushed.err, HasSubstr("remote: received"));
  EXPECT_THAT(pushed.err, HasSubstr("remote: detected"));
  EXPECT_THAT(pushed.err, HasSubstr(std::string(example.built)));
  if (example.runs) EXPECT_THAT(pushed.err, HasSubstr("remote: started"));
  if (example.runs) EXPECT_THAT(pushed.err, HasSubstr("remote: healthy"));
  EXPECT_THAT(pushed.err, HasSubstr("remote: live at " + address));
}

void expect_logs(World& world, const Example& example, const std::string& project) {
  const auto build = world.temps({"logs", project, "--build"});
  EXPECT_THAT(build.out, HasSubstr("live at"));
  if (!example.runs) return;
  EXPECT_TRUE(eventually(world.loop(), [&] { return !world.temps({"logs", project}).out.empty(); }))
      << "the app's output is not kept";
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const Example& example) { return out << example.name; }

void walk(World& world, const Example& example) {
  const std::string project(example.name);
  Checkout checkout(world, project);
  checkout.copy(e2e::example(example.name));
  if (example.name == dockerfile_app.name) use_own_base_image(checkout, world);
  const auto first = checkout.release("first");
  ASSERT_EQ(first.code, 0) << first.all();
  expect_story(first, example, "http://" + world.host(project));
  const auto page = world.visit(project);
  EXPECT_EQ(page.status, 200) << page.failure;
  EXPECT_THAT(page.body, HasSubstr(std::string(example.shows)));
  expect_logs(world, example, project);

  const std::string file(example.file);
  const auto other = fmt::format("Now {}", example.shows);
  checkout.write(file, replaced(checkout.read(file), example.shows, other));
  const auto second = checkout.release("second");
  ASSERT_EQ(second.code, 0) << second.all();
  EXPECT_THAT(world.visit(project).body, HasSubstr(other));

  const auto back = world.temps({"rollback", project});
  EXPECT_EQ(back.code, 0) << back.all();
  EXPECT_THAT(world.visit(project).body, Not(HasSubstr(other)));
  EXPECT_THAT(world.visit(project).body, HasSubstr(std::string(example.shows)));
}

}  // namespace temps::e2e

// Passwords at a terminal.
#include <gmock/gmock.h>

#include "core/text.hpp"
#include "system/pty.hpp"
#include "system/world.hpp"

namespace temps::e2e {
namespace {

TEST(PasswordPrompt, CtrlCGivesTheEchoBack) {
  World world;
  Terminal terminal(world.loop());
  Background login(world.loop(),
                   world.call(terminal.attached({temps_binary(), "login", "http://127.0.0.1:9"})),
                   {world.folder() / "login.out", world.folder() / "login.err"});
  ASSERT_TRUE(terminal.shows("E-mail")) << terminal.shown();
  terminal.type("ann@example.org\n");
  ASSERT_TRUE(terminal.shows("Password")) << terminal.shown();
  ASSERT_TRUE(eventually(world.loop(), [&] { return !terminal.echoes(); }));
  terminal.type("\x03");
  EXPECT_EQ(login.wait(10s), 128 + SIGINT);
  EXPECT_TRUE(terminal.echoes());
}

TEST(PasswordPrompt, BlanksArePartOfAPassword) {
  World world;
  ASSERT_TRUE(world.start()) << world.printed();
  const std::string spaced = "  blanks around ";
  const auto made = world.temps(
      {"admin", "create", "--data-dir", world.data().string(), "--email", "ann@example.org"},
      spaced + "\n");
  ASSERT_EQ(made.code, 0) << made.all();
  EXPECT_EQ(world.temps({"login", world.url()}, "ann@example.org\nblanks around\n").code, 4);
  const auto logged_in = world.temps({"login", world.url()}, "ann@example.org\n" + spaced + "\n");
  EXPECT_EQ(logged_in.code, 0) << logged_in.all();
}

}  // namespace
}  // namespace temps::e2e

// Completion in a real bash, and words that are none.
#include <gmock/gmock.h>

#include "core/text.hpp"
#include "system/one_world.hpp"

namespace temps::e2e {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class CommandLine : public OneWorld {
 protected:
  // What bash would offer for this line.
  std::string offered(const std::string& line) {
    const auto script = fmt::format(
        R"(PATH={}:$PATH
source <(temps completion bash)
COMP_LINE=$1 COMP_POINT=${{#1}}
read -r -a COMP_WORDS <<<"$1"
[[ $1 == *' ' ]] && COMP_WORDS+=("")
COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
_temps
printf '%s\n' "${{COMPREPLY[@]}}")",
        std::filesystem::path(temps_binary()).parent_path().string());
    return world.run({"bash", "-c", script, "bash", line}, world.folder().string()).all();
  }
};

TEST_F(CommandLine, BashOffersCommandsFlagsProjectsAndFiles) {
  ASSERT_EQ(world.temps({"project", "create", "comp-shop"}).code, 0);
  EXPECT_THAT(offered("temps dep"),
              AllOf(HasSubstr("deploy\n"), HasSubstr("deployments\n"), Not(HasSubstr("login"))));
  EXPECT_THAT(offered("temps domain "), AllOf(HasSubstr("add\n"), HasSubstr("check\n")));
  EXPECT_EQ(offered("temps deploy --det"), "--detach\n");
  EXPECT_EQ(offered("temps logs comp-"), "comp-shop\n");
  EXPECT_EQ(offered("temps deploy --project comp-"), "comp-shop\n");
  EXPECT_EQ(offered("temps deploy --project comp-shop --message x --jso"), "--json\n");
  EXPECT_THAT(offered("temps deploy hom"), HasSubstr("home"));
  EXPECT_EQ(offered("temps git-cred"), "\n");
  EXPECT_EQ(offered("temps nothing of the kind "), "\n");
}

TEST_F(CommandLine, ScriptsAreThereForThreeShells) {
  for (const auto* shell : {"bash", "zsh", "fish"}) {
    const auto script = world.temps({"completion", shell});
    EXPECT_EQ(script.code, 0);
    EXPECT_THAT(script.out, HasSubstr("complete --"));
  }
  EXPECT_EQ(
      world.run({"bash", "-n", "/dev/stdin"}, "/", world.temps({"completion", "bash"}).out).code,
      0);
  EXPECT_EQ(world.temps({"completion", "cmd"}).code, 2);
}

TEST_F(CommandLine, AWordThatIsNoneIsCorrected) {
  const auto wrong = world.temps({"depoly"});
  EXPECT_EQ(wrong.code, 2);
  EXPECT_THAT(wrong.err, HasSubstr("Did you mean: temps deploy"));
  EXPECT_THAT(world.temps({"project", "lst"}).err, HasSubstr("Did you mean: temps project list"));
  EXPECT_THAT(world.temps({"xyzzy"}).err, Not(HasSubstr("Did you mean")));
}

TEST_F(CommandLine, StatusWithoutAProjectIsAboutAll) {
  ASSERT_EQ(world.temps({"project", "create", "comp-all"}).code, 0);
  EXPECT_THAT(world.temps({"status"}).out, HasSubstr("comp-all "));
  EXPECT_THAT(world.temps({"status", "comp-all"}).out, HasSubstr("Name        comp-all"));
  const auto removed =
      world.temps({"project", "delete", "comp-all", "--confirm", "comp-all", "--json"});
  EXPECT_EQ(removed.out, "{\"done\":\"Deleted comp-all.\"}\n");
}

}  // namespace
}  // namespace temps::e2e

// Completion in a real bash, fish and zsh, and words that are none.
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
  static std::string program_folder() {
    return std::filesystem::path(temps_binary()).parent_path().string();
  }
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
        program_folder());
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

TEST_F(CommandLine, FishOffersCommandsFlagsAndProjects) {
  ASSERT_EQ(world.temps({"project", "create", "fish-shop"}).code, 0);
  const auto fish = [this](const std::string& line) {
    const auto script =
        fmt::format("set PATH {} $PATH; temps completion fish | source; complete -C $argv[1]",
                    program_folder());
    return world.run({"fish", "--no-config", "-c", script, line}, world.folder().string()).all();
  };
  EXPECT_THAT(fish("temps dep"),
              AllOf(HasSubstr("deploy\n"), HasSubstr("deployments\n"), Not(HasSubstr("login"))));
  EXPECT_EQ(fish("temps deploy --det"), "--detach\n");
  EXPECT_EQ(fish("temps logs fish-"), "fish-shop\n");
  EXPECT_THAT(fish("temps deploy hom"), HasSubstr("home"));
}

// zsh completes at a terminal only, so that it is given one, and Tab is pressed.
TEST_F(CommandLine, ZshCompletesWhatIsBegun) {
  ASSERT_EQ(world.temps({"project", "create", "zsh-shop"}).code, 0);
  const auto typed = [this](const std::string& line, const std::string& wanted) {
    const auto script = fmt::format(
        R"(zmodload zsh/zpty
zpty -b shell zsh -f -i
wait_for() {{
  local part
  for i in {{1..400}}; do
    if zpty -r -t shell part; then seen+=$part; [[ $seen == *$1* ]] && return; else sleep 0.05; fi
  done
}}
zpty -w shell "PATH={}:\$PATH; autoload -Uz compinit; compinit -u -D"
zpty -w shell 'source <(temps completion zsh); print rea''dy'
wait_for ready
seen=
zpty -w -n shell $1$'\t'
wait_for $2
print -r -- $seen)",
        program_folder());
    return world.run({"zsh", "-f", "-c", script, "zsh", line, wanted}, world.folder().string())
        .all();
  };
  EXPECT_THAT(typed("temps deploy --det", "--detach"), HasSubstr("temps deploy --detach"));
  EXPECT_THAT(typed("temps logs zsh-", "zsh-shop"), HasSubstr("temps logs zsh-shop"));
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

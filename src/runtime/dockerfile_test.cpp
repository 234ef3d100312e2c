#include "runtime/dockerfile.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace temps::runtime {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// "1 FROM, 3 RUN"
std::string read(std::string_view text) {
  std::string words;
  for (const auto& instruction : parse_dockerfile(text)) {
    words += (words.empty() ? "" : ", ") + std::to_string(instruction.line) + " " +
             instruction.word + (instruction.has_heredoc ? " <<" : "");
  }
  return words;
}

std::string with_line(std::string_view text) {
  SentDockerfile dockerfile(std::string(text), "Dockerfile");
  dockerfile.insert_before_first_steps({"ARG OURS"});
  return dockerfile.text();
}

TEST(DockerfileText, InstructionsBeginWhereTheEngineSaysTheyDo) {
  EXPECT_EQ(read("\xEF\xBB\xBF"
                 "# syntax=docker/dockerfile:1\nFROM a AS b\n\n  run x\r\nCMD y"),
            "2 FROM, 4 RUN, 5 CMD");
  EXPECT_EQ(read(""), "");
  EXPECT_EQ(read("\n# only a comment\n"), "");
}

TEST(DockerfileText, ALineGoesOnPastCommentsAndEmptyLines) {
  EXPECT_EQ(read("FROM a\nRUN x \\  \n  # RUN no\n\n && y\nRUN z"), "1 FROM, 2 RUN, 6 RUN");
  EXPECT_EQ(read("FROM a\nRUN x \\\r\n y\r\nRUN z"), "1 FROM, 2 RUN, 4 RUN");
  // Two backslashes are one that is meant, as the engine has it.
  EXPECT_EQ(read("FROM a\nRUN x \\\\\nRUN z"), "1 FROM, 2 RUN, 3 RUN");
  EXPECT_EQ(read("FROM a\n\\\nRUN z"), "1 FROM, 2 RUN");
  EXPECT_EQ(read("FROM a\nRUN x \\"), "1 FROM, 2 RUN");
}

TEST(DockerfileText, AnotherEscapeCharacterIsHonouredAtTheTopOnly) {
  EXPECT_EQ(read("# syntax=x\n# escape=`\nFROM a\nRUN x `\n y\nRUN \\\nRUN z"),
            "3 FROM, 4 RUN, 6 RUN, 7 RUN");
  EXPECT_EQ(read("FROM a\n# escape=`\nRUN x `\nRUN z"), "1 FROM, 3 RUN, 4 RUN");
  EXPECT_EQ(read("# words\n# escape=`\nFROM a\nRUN x `\nRUN z"), "3 FROM, 4 RUN, 5 RUN");
}

TEST(DockerfileText, AHereDocumentIsNoInstruction) {
  EXPECT_EQ(read("FROM a\nRUN cat <<EOF >x\nRUN no\nEOF\nRUN z"), "1 FROM, 2 RUN <<, 5 RUN");
  EXPECT_EQ(read("FROM a\nCOPY <<-'A' <<\"B\" /\n\tRUN no\n\tA\nRUN no\nB\nRUN z"),
            "1 FROM, 2 COPY <<, 7 RUN");
  // Not ended, or not one.
  EXPECT_EQ(read("FROM a\nRUN cat <<EOF\nRUN z"), "1 FROM, 2 RUN, 3 RUN");
  EXPECT_EQ(read("FROM a\nRUN echo $((1 << 3))\nRUN z"), "1 FROM, 2 RUN, 3 RUN");
  EXPECT_EQ(read("FROM a\nENV x <<EOF\nRUN z\nEOF"), "1 FROM, 2 ENV, 3 RUN, 4 EOF");
}

TEST(DockerfileText, LinesComeBeforeTheFirstRunOfEachStage) {
  EXPECT_EQ(with_line("# escape=\\\nARG V=1\nFROM a:$V AS b\nUSER app\nRUN x \\\n y\nRUN z\n"
                      "from b\nENV k=v\nrun q"),
            "# escape=\\\nARG V=1\nFROM a:$V AS b\nUSER app\nARG OURS\nRUN x \\\n y\nRUN z\n"
            "from b\nENV k=v\nARG OURS\nrun q");
}

TEST(DockerfileText, StagesWithoutStepsStayAsTheyAre) {
  const std::string text =
      "FROM a AS b\nONBUILD RUN x\nLABEL l=\"\\\nRUN no\"\nFROM scratch\nCOPY --from=b /x /x\n";
  EXPECT_EQ(with_line(text), text);
  EXPECT_FALSE(SentDockerfile(text, "Dockerfile").has_steps());
  EXPECT_EQ(with_line("RUN before any stage"), "RUN before any stage");
}

struct SentDockerfileTest : testing::Test {
  SentDockerfile dockerfile{"FROM a\n\nCOPY . .\nRUN x\nRUN y\nFROM b\nRUN z\n", "docker/File"};
};

TEST_F(SentDockerfileTest, SpeaksOfLinesOfTheUsersFile) {
  dockerfile.insert_before_first_steps({"COPY --from=c /d /d", "ARG e"});
  EXPECT_EQ(dockerfile.place_of_step(1), "line 1 of docker/File: ");
  EXPECT_EQ(dockerfile.place_of_step(2), "line 3 of docker/File: ");
  EXPECT_TRUE(dockerfile.is_inserted(3));
  EXPECT_TRUE(dockerfile.is_inserted(4));
  EXPECT_EQ(dockerfile.place_of_step(3), "");
  EXPECT_EQ(dockerfile.place_of_step(5), "line 4 of docker/File: ");
  EXPECT_EQ(dockerfile.inserted_before(5), 2U);
  EXPECT_EQ(dockerfile.place_of_step(10), "line 7 of docker/File: ");
  EXPECT_EQ(dockerfile.inserted_before(10), 4U);
  EXPECT_EQ(dockerfile.inserted_steps(), 4U);
  // The engine adds labels at the end.
  EXPECT_EQ(dockerfile.place_of_step(11), "");
  EXPECT_EQ(dockerfile.place_of_step(0), "");
}

TEST_F(SentDockerfileTest, TranslatesTheLineOfARefusal) {
  dockerfile.insert_before_first_steps({"COPY --from=c /d /d", "ARG e"});
  EXPECT_EQ(dockerfile.explain("dockerfile parse error line 7: unknown instruction: FLY"),
            "line 5 of docker/File: unknown instruction: FLY");
  EXPECT_EQ(dockerfile.explain("dockerfile parse error on line 1: what: is: this"),
            "line 1 of docker/File: what: is: this");
  for (const auto* words : {"no such image", "parse error line x: y", "parse error line 0: y",
                            "dockerfile parse error line 5"}) {
    EXPECT_EQ(dockerfile.explain(words), words);
  }
}

TEST(DockerfileText, SaysThatHereDocumentsAreNotForThisBuilder) {
  const SentDockerfile dockerfile("FROM a\nRUN <<EOF\nnpm ci\nEOF\n", "Dockerfile");
  const auto words = dockerfile.explain("dockerfile parse error line 3: unknown instruction: NPM");
  EXPECT_THAT(words, HasSubstr("line 3 of Dockerfile: unknown instruction: NPM"));
  EXPECT_THAT(words, HasSubstr("line 2 of Dockerfile: here-documents (<<) need BuildKit"));
}

TEST(DockerfileText, OfATextThatWeWroteNoLineIsNamed) {
  const SentDockerfile dockerfile("FROM a\nRUN x\n", "");
  EXPECT_THAT(dockerfile.place_of_step(2), IsEmpty());
  EXPECT_EQ(dockerfile.explain("parse error line 2: x"), "parse error line 2: x");
}

TEST(DeclaredArguments, AreThoseOfArgInstructions) {
  constexpr std::string_view text =
      "ARG BASE=debian\nFROM $BASE\n# ARG COMMENT\nARG\tA B=1 \\\n  C\r\nRUN echo ARG D\n"
      "arg LAST";
  for (const auto* name : {"BASE", "A", "B", "C", "LAST"}) {
    EXPECT_TRUE(declares_argument(text, name)) << name;
  }
  for (const auto* name : {"COMMENT", "D", "echo", "debian", "X"}) {
    EXPECT_FALSE(declares_argument(text, name)) << name;
  }
}

}  // namespace
}  // namespace temps::runtime

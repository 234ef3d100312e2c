// Holds each rule to snippets that break it and snippets that do not.
#include "tidy/rules.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace temps::tidy {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

using Files = std::vector<std::pair<std::string, std::string>>;

constexpr std::string_view modules = R"(
module(core FLOOR core LINK fmt::fmt)
module(net FLOOR platform DEPENDS core)
module(testbed FLOOR platform DEPENDS core)
module(uptime FLOOR domain DEPENDS core deploys TEST_DEPENDS testbed)
module(deploys FLOOR domain DEPENDS core))";

Tree tree_of(const Files& files) {
  Tree tree;
  tree.modules = modules_of(modules);
  for (const auto& [path, text] : files) tree.sources.push_back(source(path, text));
  return tree;
}

std::string repeated(std::string_view line, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += line;
  return text;
}

std::string only_message(const Findings& findings) {
  return findings.size() == 1 ? findings.front().message
                              : std::to_string(findings.size()) + " findings";
}

TEST(Code, IsWhatIsLeftWithoutCommentsAndLiterals) {
  const auto file = source("a.cpp", "int a; // b\n/* c\n */ d(\"e\", 'f', R\"(g)\", 1'000);\n");
  EXPECT_EQ(file.code, "int a;     \n    \n    d(\" \", ' ',       , 1'000);\n");
}

TEST(Code, KeepsItsPlaceAcrossDirectives) {
  const auto file = source("a.cpp", "#define A { \\\n  {\n  #if X\nint b;\n");
  EXPECT_EQ(line_at(file.code, file.code.find("int b")), 4u);
  EXPECT_EQ(file.code.find('{'), std::string::npos);
}

TEST(Modules, AreReadFromTheirCMakeCalls) {
  const auto found =
      modules_of("# a module of ours\nmodule(a FLOOR shared\n  DEPENDS b c LINK d TEST_DEPENDS e)");
  ASSERT_THAT(found, SizeIs(1));
  const auto& module = found.at("a");
  EXPECT_EQ(module.floor, "shared");
  EXPECT_THAT(module.depends, testing::ElementsAre("b", "c"));
  EXPECT_THAT(module.test_depends, testing::ElementsAre("e"));
}

TEST(Sizes, WarnOfAFileAbove400LinesAndRefuseOneAbove600) {
  const auto soft = check_sizes(tree_of({{"src/net/a.cpp", repeated("int a;\n", 401)}}));
  ASSERT_THAT(soft, SizeIs(1));
  EXPECT_EQ(soft.front().weight, Weight::warning);
  const auto hard = check_sizes(tree_of({{"src/net/a.cpp", repeated("int a;\n", 601)}}));
  ASSERT_THAT(hard, SizeIs(1));
  EXPECT_EQ(hard.front().weight, Weight::error);
  EXPECT_THAT(check_sizes(tree_of({{"src/net/a.cpp", repeated("int a;\n", 400)}})), SizeIs(0));
}

TEST(Sizes, RefuseALongLineUnlessItHoldsALiteralOrAnAddress) {
  const std::string wide(90, 'x');
  EXPECT_THAT(
      only_message(check_sizes(tree_of({{"src/net/a.cpp", "int " + wide + "yyyyyyyy;\n"}}))),
      HasSubstr("103 columns"));
  EXPECT_THAT(check_sizes(tree_of({{"src/net/a.cpp", "f(\"" + wide + "yyyyyyyyy\");\n"}})),
              SizeIs(0));
  EXPECT_THAT(check_sizes(tree_of({{"src/net/a.cpp", "// https://" + wide + "yyyy\n"}})),
              SizeIs(0));
}

TEST(Sizes, DoNotMeasureTheLinesOfARawLiteral) {
  const auto text = "auto a = R\"(\n" + std::string(120, 'x') + "\n)\";\n";
  EXPECT_THAT(check_sizes(tree_of({{"src/net/a.cpp", text}})), SizeIs(0));
}

TEST(Sizes, CountCharactersAndNotBytes) {
  EXPECT_THAT(check_sizes(tree_of({{"src/net/a.cpp", "// " + repeated("é", 97) + "\n"}})),
              SizeIs(0));
}

TEST(Sizes, RefuseALongFunctionInAClassInANamespace) {
  const auto text = "namespace a {\nstruct B : C {\n  template <class T>\n  int f(T t) const {\n" +
                    repeated("    g();\n", 70) + "  }\n};\n}\n";
  const auto findings = check_sizes(tree_of({{"src/net/a.cpp", text}}));
  EXPECT_THAT(only_message(findings), HasSubstr("a function of 72 lines"));
  EXPECT_EQ(findings.front().line, 4u);
}

TEST(Sizes, DoNotCountTablesAndClassesAsFunctions) {
  const auto rows = repeated("    {1, \"a\"},\n", 80);
  EXPECT_THAT(check_sizes(tree_of({{"src/net/a.cpp", "const Row rows[] = {\n" + rows + "};\n"}})),
              SizeIs(0));
  EXPECT_THAT(
      check_sizes(tree_of({{"src/net/a.cpp", "Rows rows() {\n  return {\n" + rows + "  };\n}\n"}})),
      SizeIs(0));
  EXPECT_THAT(check_sizes(tree_of(
                  {{"src/net/a.hpp", "class A {\n" + repeated("  int a;\n", 80) + "};\n"}})),
              SizeIs(0));
}

TEST(Words, RefuseABannedWordAndSayWhatToUse) {
  const auto findings = check_words(tree_of({{"src/uptime/a.cpp", "void f() {\n  throw 1;\n}\n"}}));
  EXPECT_THAT(only_message(findings), HasSubstr("co_await fail"));
  EXPECT_EQ(findings.front().line, 2u);
}

TEST(Words, AreFoundInCodeOnlyAndAsWholeWords) {
  const auto text =
      "// throw it away\nauto a = \"throw\";\nint rethrow_count = catcher();\nint strand(1);\n";
  EXPECT_THAT(check_words(tree_of({{"src/uptime/a.cpp", text}})), SizeIs(0));
}

TEST(Words, AreAllowedWhereTheirRuleSaysSo) {
  const Files files{{"src/core/task.cpp", "void f() { throw 1; }\n"},
                    {"src/settings/environment.cpp", "auto a = getenv(\"A\");\n"},
                    {"src/net/a_test.cpp", "auto a = getenv(\"A\");\n"}};
  EXPECT_THAT(check_words(tree_of(files)), SizeIs(0));
  EXPECT_THAT(check_words(tree_of({{"src/net/a.cpp", "auto a = getenv(\"A\");\n"}})), SizeIs(1));
}

TEST(Words, RefuseUnfinishedWorkAndBanners) {
  const auto unfinished = std::string("// TO") + "DO: more\n";
  EXPECT_THAT(only_message(check_words(tree_of({{"src/net/a.cpp", unfinished}}))),
              HasSubstr("finish it"));
  EXPECT_THAT(only_message(check_words(tree_of({{"src/net/a.cpp", "// ==== here\n"}}))),
              HasSubstr("banner"));
}

TEST(Names, RefuseVagueFilesAndFolders) {
  EXPECT_THAT(
      check_names(tree_of(
          {{"src/net/util.hpp", ""}, {"src/common/a.hpp", ""}, {"src/net/text_helpers.hpp", ""}})),
      SizeIs(3));
  EXPECT_THAT(check_names(tree_of({{"src/net/utility.hpp", ""}, {"src/net/typeset.hpp", ""}})),
              SizeIs(0));
}

TEST(Names, RefuseThePathsOfOneMachineInAnyFile) {
  const auto path = std::string("cd /wo") + "rk/main\n";
  EXPECT_THAT(only_message(check_names(tree_of({{"README.md", "# Temps\n" + path}}))),
              HasSubstr("make it relative"));
  EXPECT_THAT(check_names(tree_of({{"README.md", "see src/network/x.cpp"}})), SizeIs(0));
}

std::string included(std::string path, std::string header) {
  return only_message(
      check_includes(tree_of({{std::move(path), "#include " + std::move(header) + "\n"}})));
}

TEST(Includes, AreOfTheModuleItselfOrOfADirectDependency) {
  EXPECT_EQ(included("src/uptime/a.cpp", "\"uptime/a.hpp\""), "0 findings");
  EXPECT_EQ(included("src/uptime/a.cpp", "\"core/task.hpp\""), "0 findings");
  EXPECT_THAT(included("src/uptime/a.cpp", "\"net/loop.hpp\""),
              HasSubstr("does not say that it depends on net"));
  EXPECT_THAT(included("src/uptime/a.cpp", "\"nothing/a.hpp\""), HasSubstr("no module nothing"));
  EXPECT_THAT(included("src/uptime/a.cpp", "\"a.hpp\""), HasSubstr("write the module"));
}

TEST(Includes, OfTestsMayUseTheirTestDependencies) {
  EXPECT_EQ(included("src/uptime/a_test.cpp", "\"testbed/fake.hpp\""), "0 findings");
  EXPECT_THAT(included("src/uptime/a.cpp", "\"testbed/fake.hpp\""), HasSubstr("does not say"));
}

TEST(Includes, BetweenDomainsAreTheFrontDoorAndTheErrors) {
  EXPECT_EQ(included("src/uptime/a.cpp", "\"deploys/deploys.hpp\""), "0 findings");
  EXPECT_EQ(included("src/uptime/a.cpp", "\"deploys/errors.hpp\""), "0 findings");
  EXPECT_THAT(included("src/uptime/a.cpp", "\"deploys/stage.hpp\""), HasSubstr("front door"));
  EXPECT_THAT(included("src/uptime/a.cpp", "\"deploys/module.hpp\""), HasSubstr("only app"));
}

TEST(Includes, OfLibrariesEnterOnTheLowerFloors) {
  EXPECT_EQ(included("src/net/a.cpp", "<boost/asio.hpp>"), "0 findings");
  EXPECT_EQ(included("src/uptime/a.cpp", "<vector>"), "0 findings");
  EXPECT_THAT(included("src/uptime/a.cpp", "<boost/asio.hpp>"), HasSubstr("libraries enter"));
}

TEST(Includes, OfALibraryStayInTheSourcesOfTheirModule) {
  const std::pair<std::string, std::string> hidden{"src/net/asio.hpp",
                                                   "#include <boost/asio.hpp>\n"};
  const std::string include = "#include \"net/asio.hpp\"\n";
  EXPECT_THAT(check_includes(tree_of({hidden, {"src/net/loop.cpp", include}})), SizeIs(0));
  EXPECT_THAT(check_includes(tree_of({hidden, {"src/net/loop.hpp", include}})), SizeIs(1));
  EXPECT_THAT(check_includes(tree_of({hidden, {"src/core/a.cpp", include}})), SizeIs(2));
}

Files complete() {
  Files files;
  for (const std::string name : {"core", "net", "testbed", "uptime", "deploys"}) {
    files.emplace_back("src/" + name + "/README.md", "");
    files.emplace_back("src/" + name + "/" + name + "_test.cpp", "");
  }
  return files;
}

TEST(ModuleFolders, HoldAReadmeAndATest) {
  auto files = complete();
  EXPECT_THAT(check_modules(tree_of(files)), SizeIs(0));
  files.pop_back();
  EXPECT_EQ(only_message(check_modules(tree_of(files))), "no test");
}

TEST(ErrorCodes, BeginWithTheirModuleAndAreThereOnce) {
  auto files = complete();
  files.emplace_back("src/net/errors.hpp",
                     "inline constexpr ErrorCode gone{\"net.gone\", ErrorKind::gone, \"Gone\"};\n");
  EXPECT_THAT(check_modules(tree_of(files)), SizeIs(0));
  files.emplace_back("src/uptime/errors.hpp",
                     "constexpr ErrorCode gone{\n    \"net.gone\", ErrorKind::gone};\nbool f(const "
                     "ErrorCode& code) {}\n");
  EXPECT_THAT(check_modules(tree_of(files)), SizeIs(2));
}

}  // namespace
}  // namespace temps::tidy

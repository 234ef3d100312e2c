// The trees that detection must understand, one row each.
#include <gtest/gtest.h>

#include <string>

#include "detect/fixture.hpp"

namespace temps::detect {
namespace {

class DetectFixture : public testing::TestWithParam<Fixture> {};

TEST_P(DetectFixture, GivesThePlan) {
  const auto plan = detect(Tree::of(GetParam().files), GetParam().settings);
  EXPECT_EQ(summary(plan), GetParam().expected) << (plan ? "" : plan.error().detail());
}

const auto name_of = [](const auto& row) { return row.param.name; };

INSTANTIATE_TEST_SUITE_P(
    Static, DetectFixture,
    testing::Values(
        Fixture{"IndexHtml", {{"index.html", ""}, {"css/a.css", ""}}, "static | static ."},
        Fixture{"PublicFolder", {{"public/index.html", ""}}, "static | static public"},
        Fixture{"Staticfile",
                {{"Staticfile", "root: site/\nindex_fallback: true\n"}},
                "static | spa site"},
        Fixture{"StaticfileOutside", {{"Staticfile", "root: ../x\n"}}, "detect.invalid_manifest"},
        Fixture{"OutputSetting",
                {{"README.md", ""}},
                "static | static dist",
                {.output_directory = "./dist/"}},
        Fixture{"PackageJsonForToolsOnly",
                {{"index.html", ""}, {"package.json", R"({"devDependencies":{"prettier":"3"}})"}},
                "static | static ."},
        Fixture{"BrowserScriptIsNoServer",
                {{"index.html", ""},
                 {"index.js", "document.title = 1"},
                 {"package.json", R"({"main":"index.js"})"}},
                "static | static ."}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    Dockerfile, DetectFixture,
    testing::Values(Fixture{"BeatsLanguagesAndKeepsItsCommand",
                            {{"Dockerfile", "FROM x"},
                             {"package.json", "{}"},
                             {"Procfile", "web: node x.js\nrelease: ./migrate\n"}},
                            "dockerfile | Dockerfile | release ./migrate"},
                    Fixture{"NamedOne",
                            {{"docker/Dockerfile.web", ""}, {"package.json", "{}"}},
                            "dockerfile | docker/Dockerfile.web",
                            {.dockerfile = "./docker/Dockerfile.web"}},
                    Fixture{"NamedOneIsMissing",
                            {{"package.json", "{}"}},
                            "detect.bad_setting",
                            {.dockerfile = "Dockerfile.web"}},
                    Fixture{"NamedOneIsOutside",
                            {{"Dockerfile", ""}},
                            "detect.bad_setting",
                            {.dockerfile = "../Dockerfile"}},
                    Fixture{"OnlyByItsExactName",
                            {{"MyDockerfile", ""}, {"Dockerfile.old", ""}},
                            "detect.no_provider"},
                    Fixture{"OnlyAtTheRoot",
                            {{"docker/Dockerfile", ""}, {"index.html", ""}},
                            "static | static ."}),
    name_of);

}  // namespace
}  // namespace temps::detect

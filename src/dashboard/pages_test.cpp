#include "dashboard/pages.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>

#include "dashboard/dashboard.hpp"

namespace temps::dashboard {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr Page all_pages[] = {Page::login, Page::welcome, Page::projects, Page::proxy,
                              Page::setup, Page::message, Page::problem};

TEST(Pages, HoldNoInlineScriptOrStyleAndNothingFromElsewhere) {
  for (const auto which : all_pages) {
    const auto html = page(which).body;
    EXPECT_THAT(html, Not(HasSubstr("<style")));
    EXPECT_THAT(html, Not(HasSubstr("style=")));
    EXPECT_THAT(html, Not(HasSubstr("javascript:")));
    EXPECT_FALSE(std::regex_search(html, std::regex("<script(?![^>]* src=\"/assets/)")));
    EXPECT_FALSE(std::regex_search(html, std::regex(" on[a-z]+=")));
    EXPECT_FALSE(std::regex_search(html, std::regex("(src|href)=\"(?!/)")));
  }
}

TEST(Pages, EveryFileTheyNameIsThere) {
  const std::regex name("/assets/([a-z.]+)");
  for (const auto which : all_pages) {
    const auto html = page(which).body;
    for (std::sregex_iterator at(html.begin(), html.end(), name), end; at != end; ++at) {
      EXPECT_TRUE(asset(at->str(1)).has_value()) << at->str(1);
    }
  }
  EXPECT_FALSE(asset("../app.css").has_value());
}

TEST(Pages, EveryFieldHasALabelAndAPlaceForItsError) {
  const std::regex input("<input id=\"([a-z]+)\"");
  for (const auto which : {Page::login, Page::setup}) {
    const auto html = page(which).body;
    int fields = 0;
    for (std::sregex_iterator at(html.begin(), html.end(), input), end; at != end; ++at, ++fields) {
      EXPECT_THAT(html, HasSubstr("<label for=\"" + at->str(1) + "\">"));
      EXPECT_THAT(html, HasSubstr("id=\"" + at->str(1) + "-wrong\""));
    }
    EXPECT_GE(fields, 2);
  }
}

TEST(Pages, TextsAreEscapedAndNotReadAsPlacesAgain) {
  const auto html = message(404, "<b>{{text}}</b>", "\"a\" & 'b'").body;
  EXPECT_THAT(html, HasSubstr("&lt;b&gt;{{text}}&lt;/b&gt;"));
  EXPECT_THAT(html, HasSubstr("&quot;a&quot; &amp; &#39;b&#39;"));
}

TEST(Explanations, KnowTheCodesThatWereAdded) {
  Explanations explanations;
  EXPECT_EQ(explanations.find("shop.sold_out"), nullptr);
  explanations.add({{"shop.sold_out", ErrorKind::conflict, "Sold out"}});
  EXPECT_EQ(explanations.find("shop.sold_out")->title, "Sold out");
  EXPECT_NE(explanations.find("identity.bad_credentials"), nullptr);
}

}  // namespace
}  // namespace temps::dashboard

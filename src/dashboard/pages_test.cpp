#include "dashboard/pages.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <regex>
#include <string>
#include <vector>

#include "dashboard/console_files.hpp"
#include "dashboard/dashboard.hpp"

namespace temps::dashboard {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr Page all_pages[] = {Page::message, Page::problem};

// The console's page is built by others; it has to keep to the policy all the same.
std::vector<std::string> all_texts() {
  std::vector<std::string> texts;
  if (!console_files().empty()) texts.emplace_back(console_page());
  for (const auto which : all_pages) texts.push_back(page(which).body);
  return texts;
}

TEST(Pages, HoldNoInlineScriptOrStyleAndNothingFromElsewhere) {
  for (const auto& html : all_texts()) {
    EXPECT_THAT(html, Not(HasSubstr("<style")));
    EXPECT_THAT(html, Not(HasSubstr("style=")));
    EXPECT_THAT(html, Not(HasSubstr("javascript:")));
    EXPECT_FALSE(std::regex_search(html, std::regex("<script(?![^>]* src=\"/assets/)")));
    EXPECT_FALSE(std::regex_search(html, std::regex(" on[a-z]+=")));
    EXPECT_FALSE(std::regex_search(html, std::regex("(src|href)=\"(?!/)")));
  }
}

TEST(Pages, EveryFileTheyNameIsThere) {
  const std::regex name("/assets/([A-Za-z0-9_.-]+)");
  for (const auto& html : all_texts()) {
    int files = 0;
    for (std::sregex_iterator at(html.begin(), html.end(), name), end; at != end; ++at, ++files) {
      const auto wanted = at->str(1);
      const bool built =
          std::ranges::any_of(console_files(), [&](auto& file) { return file.name == wanted; });
      EXPECT_TRUE(built || own_asset(wanted).has_value()) << wanted;
    }
    EXPECT_GE(files, 2);
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

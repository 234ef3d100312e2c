#include "certificates/own_names.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace temps::certificates {
namespace {

using testing::ElementsAre;

TEST(OwnNames, OnlyThoseThatOthersKnowHaveCertificates) {
  EXPECT_TRUE(can_have_certificate("temps.example.com"));
  for (const auto* host :
       {"localhost", "shop.localhost", "203.0.113.7", "2001:db8::7", "intranet"}) {
    EXPECT_FALSE(can_have_certificate(host)) << host;
  }
}

TEST(OwnNames, HostsOfAppsAreOneLevelBelowTheBase) {
  const std::vector<routing::Route> routes{
      {.host = "shop.apps.example.com"}, {.host = "blog.apps.example.com"},
      {.host = "a.b.apps.example.com"},  {.host = "*.apps.example.com"},
      {.host = "apps.example.com"},      {.host = "www.example.org"}};
  EXPECT_THAT(hosts_below("apps.example.com", routes),
              ElementsAre("blog.apps.example.com", "shop.apps.example.com"));
}

TEST(OwnNames, TheBaseIsInTheWildcardsCertificateWhereItIsNotTheConsoles) {
  const OwnOptions apart{.console = "temps.example.com", .base = "apps.example.com"};
  EXPECT_THAT(names_of_order("*.apps.example.com", apart),
              ElementsAre("*.apps.example.com", "apps.example.com"));
  EXPECT_THAT(names_of_order("temps.example.com", apart), ElementsAre("temps.example.com"));
  const OwnOptions same{.console = "temps.example.com", .base = "temps.example.com"};
  EXPECT_THAT(names_of_order("*.temps.example.com", same), ElementsAre("*.temps.example.com"));
}

TEST(OwnNames, FirstOrdersAreBoundedByTheHourAndTheWeek) {
  EXPECT_EQ(starts_left(0, 0), starts_per_hour);
  EXPECT_EQ(starts_left(9, 12), 1);
  EXPECT_EQ(starts_left(10, 12), 0);
  EXPECT_EQ(starts_left(0, starts_per_week - 2), 2);
  EXPECT_EQ(starts_left(3, starts_per_week + 5), 0);
}

}  // namespace
}  // namespace temps::certificates

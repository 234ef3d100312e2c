#include "http/principal.hpp"

#include <gtest/gtest.h>

namespace temps::http {
namespace {

constexpr Permission look{"things.read", Role::viewer, Scope::project};
constexpr auto ship = Permission{"things.ship", Role::developer, Scope::project}.deploying();
constexpr Permission change{"things.write", Role::developer, Scope::project};
constexpr Permission remove_all{"things.remove", Role::admin, Scope::project};
constexpr Permission manage{"users.manage", Role::admin, Scope::installation};
constexpr Permission own{"account.own", Role::guest, Scope::own};

Principal limited_to(std::vector<std::string> scopes, Role role = Role::owner) {
  Principal who{.role = role};
  who.access.scopes = std::move(scopes);
  return who;
}

TEST(Scopes, AreSetsOrSinglePermissions) {
  EXPECT_TRUE(covers({"read"}, look));
  EXPECT_FALSE(covers({"read"}, change));
  EXPECT_TRUE(covers({"deploy"}, ship));
  EXPECT_FALSE(covers({"deploy"}, change));
  EXPECT_TRUE(covers({"write"}, change));
  EXPECT_FALSE(covers({"write"}, remove_all));
  EXPECT_FALSE(covers({"write"}, own)) << "a key that deploys makes no other keys";
  EXPECT_TRUE(covers({"admin"}, own));
  EXPECT_TRUE(covers({"admin"}, manage));
  EXPECT_TRUE(covers({"things.write"}, change));
  EXPECT_FALSE(covers({"things.write"}, look));
  EXPECT_FALSE(covers({}, look));
  EXPECT_TRUE(covers({}, permissions::self));
}

TEST(Scopes, ContainEachOther) {
  EXPECT_TRUE(covers_set({"write"}, "read"));
  EXPECT_TRUE(covers_set({"write"}, "deploy"));
  EXPECT_TRUE(covers_set({"admin"}, "write"));
  EXPECT_FALSE(covers_set({"write"}, "admin"));
  EXPECT_FALSE(covers_set({"read"}, "deploy"));
  EXPECT_FALSE(covers_set({"deploy"}, "read"));
  EXPECT_FALSE(covers_set({"things.read", "things.ship"}, "read"));
}

TEST(Principal, HasTheGreaterOfRoleAndGrant) {
  Principal who{.role = Role::viewer};
  who.access.projects = {{"shop", Role::admin}, {"blog", Role::guest}};
  EXPECT_EQ(who.role_on("shop"), Role::admin);
  EXPECT_EQ(who.role_on("blog"), Role::viewer);
  EXPECT_EQ(who.role_on("none"), Role::viewer);
  EXPECT_TRUE(who.may(remove_all, {"shop"}));
  EXPECT_FALSE(who.may(remove_all, {"blog"}));
  EXPECT_FALSE(who.may(manage)) << "a grant on a project says nothing of the installation";
}

TEST(Principal, GuestsSeeWhatWasGranted) {
  Principal who{.role = Role::guest};
  EXPECT_FALSE(who.sees("shop"));
  who.access.projects = {{"shop", Role::viewer}};
  EXPECT_TRUE(who.sees("shop"));
  EXPECT_EQ(who.projects_with(look), std::vector<std::string>{"shop"});
  EXPECT_EQ(who.projects_with(change), std::vector<std::string>{});
  EXPECT_EQ(Principal{.role = Role::viewer}.projects_with(look), std::nullopt);
}

TEST(Principal, ALimitToAProjectHidesTheOthersAndTheInstallation) {
  Principal who{.role = Role::owner};
  who.access.project = "shop";
  EXPECT_TRUE(who.may(remove_all, {"shop"}));
  EXPECT_FALSE(who.sees("blog"));
  EXPECT_FALSE(who.may(look, {"blog"}));
  EXPECT_FALSE(who.may(manage));
  EXPECT_FALSE(who.may(own));
  EXPECT_TRUE(who.may(permissions::self));
  EXPECT_EQ(who.projects_with(look), std::vector<std::string>{"shop"});
}

TEST(Principal, ALimitToWhatIsGoneLeavesNothing) {
  Principal who{.role = Role::owner};
  who.access.project = "";
  EXPECT_FALSE(who.may(look, {"shop"}));
  EXPECT_FALSE(who.may(manage));
  who.access.project = "shop";
  who.access.environment = "";
  EXPECT_FALSE(who.may(look, {"shop", "production"}));
}

TEST(Principal, ALimitToAnEnvironmentHoldsWhereOneIsConcerned) {
  Principal who{.role = Role::owner};
  who.access.project = "shop";
  who.access.environment = "staging";
  EXPECT_TRUE(who.may(ship, {"shop", "staging"}));
  EXPECT_FALSE(who.may(ship, {"shop", "production"}));
  EXPECT_TRUE(who.may(ship, {"shop"}));
}

TEST(Principal, ScopesNarrowTheRoleAndNeverWidenIt) {
  EXPECT_FALSE(limited_to({"read"}).may(change, {"shop"}));
  EXPECT_TRUE(limited_to({"read"}).may(look, {"shop"}));
  EXPECT_FALSE(limited_to({"admin"}, Role::viewer).may(change, {"shop"}));
}

TEST(Principal, GivesWhatItHasAtMost) {
  EXPECT_EQ(Principal{.role = Role::admin}.gives(), Role::admin);
  EXPECT_EQ(limited_to({"admin"}).gives(), Role::admin);
  EXPECT_EQ(limited_to({"write"}).gives(), Role::anonymous);
  EXPECT_EQ(limited_to({"users.manage"}).gives(), Role::anonymous);
  EXPECT_EQ(limited_to({"grants.manage"}).gives_on("shop"), Role::anonymous);
  EXPECT_EQ(limited_to({"write"}).gives_on("shop"), Role::developer);
  EXPECT_EQ(limited_to({"read", "deploy"}).gives_on("shop"), Role::viewer);
  Principal who{.role = Role::guest};
  EXPECT_EQ(who.gives_on("shop"), Role::anonymous);
  who.access.projects = {{"shop", Role::admin}};
  EXPECT_EQ(who.gives_on("shop"), Role::admin);
  EXPECT_EQ(who.gives(), Role::guest);
  who.access.project = "shop";
  who.access.environment = "staging";
  EXPECT_EQ(who.gives_on("shop"), Role::anonymous) << "a grant is for all environments";
}

}  // namespace
}  // namespace temps::http

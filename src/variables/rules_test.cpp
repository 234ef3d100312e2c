#include "variables/rules.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace temps::variables {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(VariableName, IsThatOfAShell) {
  for (const auto* name : {"A", "_", "a1", "DATABASE_URL", "port", "TEMPSX", "TEMPS"}) {
    EXPECT_TRUE(check_name(name)) << name;
  }
  for (const std::string& name :
       {std::string(), std::string("1A"), std::string("A-B"), std::string("A B"), std::string("A="),
        std::string("Ä"), std::string("A\nB"), std::string(129, 'A')}) {
    const auto checked = check_name(name);
    ASSERT_FALSE(checked) << name;
    EXPECT_EQ(checked.error().code().code, "variables.bad_variable");
  }
  EXPECT_TRUE(check_name(std::string(128, 'A')));
}

TEST(VariableName, OfTempsItselfIsRefusedWithTheReason) {
  for (const auto* name : {"PORT", "HOST", "HOSTNAME", "TEMPS_URL", "TEMPS_"}) {
    const auto checked = check_name(name);
    ASSERT_FALSE(checked) << name;
    EXPECT_EQ(checked.error().code().code, "variables.reserved");
    EXPECT_THAT(std::string(checked.error().detail()), HasSubstr(name));
  }
}

TEST(Edit, IsRefusedWithEachFaultAndWithoutAnyValue) {
  Edit edit{.remove = {"B C", "TEMPS_OLD"}};
  edit.set.push_back({"PORT", Secret("hidden-1")});
  edit.set.push_back({"hidden-2 =", Secret("x")});
  edit.set.push_back({"ZERO", Secret(std::string("hidden-3\0", 9))});
  edit.set.push_back({"LONG", Secret("hidden-4" + std::string(value_bytes_max, 'x'))});
  const auto checked = check(edit);
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().fields().size(), 5U);
  for (const auto& field : checked.error().fields()) {
    EXPECT_THAT(field.pointer + field.detail, Not(HasSubstr("hidden")));
  }
  EXPECT_EQ(checked.error().fields()[2].pointer, "/set/ZERO");
}

TEST(Edit, NamesEachVariableOnce) {
  Edit edit{.remove = {"A"}};
  edit.set.push_back({"A", Secret("1")});
  EXPECT_FALSE(check(edit));
  edit.remove = {"B"};
  EXPECT_TRUE(check(edit));
  edit.set.push_back({"A", Secret("2")});
  EXPECT_FALSE(check(edit));
}

TEST(Size, OfASetIsBounded) {
  EXPECT_TRUE(check_size(variables_max, set_bytes_max));
  EXPECT_FALSE(check_size(variables_max + 1, 0));
  EXPECT_FALSE(check_size(1, set_bytes_max + 1));
}

}  // namespace
}  // namespace temps::variables

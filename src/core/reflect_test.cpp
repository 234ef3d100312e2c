#include "core/reflect.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace temps::reflect_example {

enum class Colour { red, light_green, blue };
struct Inner {
  int x = 0;
};
struct Shop {
  std::string name;
  std::optional<int> floor{};
  std::vector<Inner> shelves{};
  std::map<std::string, std::string> labels{};
  Colour colour = Colour::red;
};

}  // namespace temps::reflect_example

namespace temps::reflect {
namespace {

using reflect_example::Colour;
using reflect_example::Shop;
using testing::ElementsAre;

struct Hidden {
  int first = 1;
  std::string second = "two";
};
struct Single {
  std::vector<int> numbers;
};
struct Wide {
  int a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x, y, z, aa, bb, cc, dd,
      ee, ff;
};
enum class Local { first, second };

template <class T>
std::vector<std::string> names_of(T value) {
  std::vector<std::string> names;
  for_each_field(value, [&](std::string_view name, auto&) { names.emplace_back(name); });
  return names;
}

TEST(Reflect, NamesTheFieldsInOrder) {
  EXPECT_THAT(names_of(Shop{}), ElementsAre("name", "floor", "shelves", "labels", "colour"));
  EXPECT_THAT(names_of(Single{}), ElementsAre("numbers"));
}

TEST(Reflect, KnowsTypesOfAnAnonymousNamespace) {
  EXPECT_THAT(names_of(Hidden{}), ElementsAre("first", "second"));
  EXPECT_EQ(enum_name(Local::second), "second");
}

TEST(Reflect, CountsUpTo32Fields) {
  static_assert(field_count<Wide> == 32);
  const auto names = names_of(Wide{});
  EXPECT_EQ(names.front(), "a");
  EXPECT_EQ(names.back(), "ff");
}

TEST(Reflect, FieldsAreReferences) {
  Hidden hidden;
  std::get<0>(fields(hidden)) = 7;
  for_each_field(hidden, [](std::string_view, auto& field) {
    if constexpr (std::is_same_v<std::remove_reference_t<decltype(field)>, std::string>) {
      field += "!";
    }
  });
  EXPECT_EQ(hidden.first, 7);
  EXPECT_EQ(hidden.second, "two!");
}

TEST(Reflect, NamesEnumeratorsBothWays) {
  EXPECT_EQ(enum_name(Colour::light_green), "light_green");
  EXPECT_EQ(enum_value<Colour>("blue"), Colour::blue);
  EXPECT_EQ(enum_value<Colour>("Blue"), std::nullopt);
  EXPECT_EQ(enum_value<Colour>(""), std::nullopt);
}

TEST(Reflect, AValueWithoutAnEnumeratorHasNoName) {
  EXPECT_EQ(enum_name(static_cast<Colour>(7)), "");
}

}  // namespace
}  // namespace temps::reflect

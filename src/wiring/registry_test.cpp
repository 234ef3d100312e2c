#include "wiring/registry.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "wiring/errors.hpp"

namespace temps {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

using Journal = std::vector<std::string>;

struct Base {
  explicit Base(Journal& j) : journal(j) { journal.emplace_back("+base"); }
  ~Base() { journal.emplace_back("-base"); }
  Journal& journal;
};
struct Middle {
  explicit Middle(Base& b) : base(b) { base.journal.emplace_back("+middle"); }
  ~Middle() { base.journal.emplace_back("-middle"); }
  Base& base;
};
struct Top {
  Top(Middle& m, Base& b) : middle(m), base(b) { base.journal.emplace_back("+top"); }
  ~Top() { base.journal.emplace_back("-top"); }
  Middle& middle;
  Base& base;
};

struct Hen;
struct Egg {
  explicit Egg(Hen&) {}
};
struct Hen {
  explicit Hen(Egg&) {}
};
struct Self {
  explicit Self(Self&) {}
};

struct Voice {
  virtual ~Voice() = default;
  [[nodiscard]] virtual std::string says() const = 0;
};
struct Padding {
  virtual ~Padding() = default;
  int filler = 0;
};
struct Dog final : Padding, Voice {
  [[nodiscard]] std::string says() const override { return "woof"; }
};

constexpr Module base_module{.name = "base",
                             .provide = [](Registry& r) { r.provide<Base>(from<Journal>); }};
constexpr Module middle_module{.name = "middle",
                               .provide = [](Registry& r) { r.provide<Middle>(from<Base>); }};
constexpr Module top_module{.name = "top",
                            .provide = [](Registry& r) { r.provide<Top>(from<Middle, Base>); }};

struct RegistryTest : testing::Test {
  Journal journal;
  Registry registry;
};

TEST_F(RegistryTest, BuildsBottomUpAndDestroysInReverseWhateverTheOrderOfModules) {
  registry.add(top_module);
  registry.add(base_module);
  registry.add(middle_module);
  registry.supply(journal);
  {
    const auto services = registry.build();
    ASSERT_TRUE(services) << services.error().detail();
    EXPECT_EQ(&services->get<Top>().middle, &services->get<Middle>());
    EXPECT_EQ(&services->get<Top>().base, &services->get<Base>());
    EXPECT_THAT(journal, ElementsAre("+base", "+middle", "+top"));
  }
  EXPECT_THAT(journal, ElementsAre("+base", "+middle", "+top", "-top", "-middle", "-base"));
}

TEST_F(RegistryTest, NamesBothSidesOfEveryUnmetNeedAtOnce) {
  registry.add(top_module);
  registry.add(middle_module);
  const auto services = registry.build();
  ASSERT_FALSE(services);
  EXPECT_TRUE(services.error().is(wiring::errors::unmet));
  const std::string detail(services.error().detail());
  EXPECT_THAT(detail, HasSubstr("Middle (module middle) needs temps::(anonymous namespace)::Base"));
  EXPECT_THAT(detail, HasSubstr("Top (module top) needs temps::(anonymous namespace)::Base"));
}

TEST_F(RegistryTest, BuildsNothingWhileANeedIsUnmet) {
  registry.add(base_module);
  registry.supply(journal);
  registry.provide<Egg>(from<Hen>);
  EXPECT_FALSE(registry.build());
  EXPECT_TRUE(journal.empty());
}

TEST_F(RegistryTest, NamesEveryServiceAndModuleOfACircle) {
  registry.add({.name = "eggs", .provide = [](Registry& r) { r.provide<Egg>(from<Hen>); }});
  registry.add({.name = "hens", .provide = [](Registry& r) { r.provide<Hen>(from<Egg>); }});
  registry.add({.name = "mirror", .provide = [](Registry& r) { r.provide<Self>(from<Self>); }});
  const auto services = registry.build();
  ASSERT_FALSE(services);
  EXPECT_TRUE(services.error().is(wiring::errors::circle));
  EXPECT_EQ(services.error().detail(),
            "temps::(anonymous namespace)::Egg (module eggs) needs "
            "temps::(anonymous namespace)::Hen (module hens) needs "
            "temps::(anonymous namespace)::Egg\n"
            "temps::(anonymous namespace)::Self (module mirror) needs "
            "temps::(anonymous namespace)::Self");
}

TEST_F(RegistryTest, NamesBothModulesThatProvideTheSame) {
  registry.supply(journal);
  registry.add(base_module);
  registry.add({.name = "other", .provide = base_module.provide});
  const auto services = registry.build();
  ASSERT_FALSE(services);
  EXPECT_TRUE(services.error().is(wiring::errors::twice));
  EXPECT_THAT(std::string(services.error().detail()),
              HasSubstr("Base is provided by module base and by module other"));
}

TEST_F(RegistryTest, RefusesToProvideWhatIsSupplied) {
  registry.supply(journal);
  registry.add({.name = "writer", .provide = [](Registry& r) { r.provide<Journal>(from<>); }});
  EXPECT_TRUE(registry.build().error().is(wiring::errors::twice));
}

TEST_F(RegistryTest, ReportsProblemsOfAllKindsTogether) {
  registry.add(middle_module);
  registry.add({.name = "mirror", .provide = [](Registry& r) { r.provide<Self>(from<Self>); }});
  const auto services = registry.build();
  EXPECT_TRUE(services.error().is(wiring::errors::unmet));
  EXPECT_THAT(std::string(services.error().detail()), HasSubstr("module mirror"));
}

TEST_F(RegistryTest, AServiceIsFoundByItsInterfaceToo) {
  registry.add({.name = "pets", .provide = [](Registry& r) { r.provide_as<Voice, Dog>(from<>); }});
  const auto services = registry.build();
  ASSERT_TRUE(services) << services.error().detail();
  EXPECT_EQ(services->get<Voice>().says(), "woof");
  EXPECT_EQ(&services->get<Voice>(), static_cast<Voice*>(&services->get<Dog>()));
}

}  // namespace
}  // namespace temps

#include "system/one_world.hpp"

namespace temps::e2e {

namespace {

std::unique_ptr<World>& the_world() {
  static std::unique_ptr<World> world;
  return world;
}

// Ends the world while failures still count.
class End : public ::testing::Environment {
 public:
  void TearDown() override { the_world().reset(); }
};

}  // namespace

void OneWorld::SetUpTestSuite() {
  if (the_world()) return;
  ::testing::AddGlobalTestEnvironment(new End);
  // All that these tests push is far smaller.
  the_world() =
      std::make_unique<World>(World::Options{.variables = {{"TEMPS_PUSH_SIZE_MAX", "1MB"}}});
  ASSERT_TRUE(the_world()->start()) << the_world()->printed();
  the_world()->make_owner();
}

World& OneWorld::shared() { return *the_world(); }

}  // namespace temps::e2e

// One running Temps with its owner for all tests of a program, because each start takes seconds.
#pragma once
#include <memory>

#include "system/world.hpp"

namespace temps::e2e {

class OneWorld : public ::testing::Test {
 protected:
  static void SetUpTestSuite();
  static World& shared();
  World& world = shared();
};

}  // namespace temps::e2e

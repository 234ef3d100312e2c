// The examples on the process runtime.
#include <algorithm>

#include "system/walk.hpp"

namespace temps::e2e {
namespace {

class ProcessExamples : public ::testing::TestWithParam<Example> {
 protected:
  static void SetUpTestSuite() {
    world_ = std::make_unique<World>();
    ASSERT_TRUE(world_->start()) << world_->printed();
    world_->make_owner();
  }
  static void TearDownTestSuite() { world_.reset(); }
  static inline std::unique_ptr<World> world_;
};

TEST_P(ProcessExamples, GoesLiveIsReplacedAndRolledBack) { walk(*world_, GetParam()); }

INSTANTIATE_TEST_SUITE_P(Examples, ProcessExamples,
                         ::testing::Values(hello_node, node_express, python_flask, static_site,
                                           vite_static),
                         [](const auto& info) {
                           std::string name(info.param.name);
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace temps::e2e

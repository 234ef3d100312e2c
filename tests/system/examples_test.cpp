// The examples on the process runtime.
#include <algorithm>

#include "system/one_world.hpp"
#include "system/walk.hpp"

namespace temps::e2e {
namespace {

class ProcessExamples : public OneWorld, public ::testing::WithParamInterface<Example> {};

TEST_P(ProcessExamples, GoesLiveIsReplacedAndRolledBack) { walk(world, GetParam()); }

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

// Tests whose body is a coroutine: a failing co_await fails the test and names the error.
#pragma once
#include <gtest/gtest.h>

#include "core/manual_loop.hpp"

namespace temps::testing_detail {
inline void report(const Result<void>& result) {
  if (result) return;
  ADD_FAILURE() << "task failed: " << result.error().code().code << ": " << result.error().detail()
                << " (" << result.error().cause() << ")";
}
}  // namespace temps::testing_detail

// `fixture` must have a member `loop` with `Result<void> run(Task<>)`, such as ManualLoop or
// net::Loop.
#define TASK_TEST_F(fixture, name)                                                        \
  struct fixture##_##name final : fixture {                                               \
    ::temps::Task<> body();                                                               \
    void TestBody() override { ::temps::testing_detail::report(this->loop.run(body())); } \
  };                                                                                      \
  [[maybe_unused]] const auto* const fixture##_##name##_registered =                      \
      ::testing::RegisterTest(#fixture, #name, nullptr, nullptr, __FILE__, __LINE__,      \
                              []() -> fixture* { return new fixture##_##name; });         \
  ::temps::Task<> fixture##_##name::body()

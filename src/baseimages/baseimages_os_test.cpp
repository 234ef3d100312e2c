// Making a real image takes minutes and a package mirror: what is tested here is what comes before.
// The images themselves are proven by the end-to-end tests, which build on them.
#include <gtest/gtest.h>
#include <unistd.h>

#include "baseimages/baseimages.hpp"
#include "baseimages/errors.hpp"

namespace temps::baseimages {
namespace {

TEST(BaseImages, WithoutAnEngineNothingIsMade) {
  net::Loop loop;
  bool said = false;
  const auto built = loop.run(build(loop, {.engine_socket = "/nonexistent/docker.sock"},
                                    [&said](std::string_view) { said = true; }));
  ASSERT_FALSE(built);
  const bool refused =
      built.error().is(::geteuid() == 0 ? runtime::errors::unavailable : errors::needs_root) ||
      built.error().is(errors::no_debootstrap);
  EXPECT_TRUE(refused) << built.error().code().code;
  EXPECT_FALSE(said);
}

}  // namespace
}  // namespace temps::baseimages

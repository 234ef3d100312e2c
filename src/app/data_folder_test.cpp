#include "app/data_folder.hpp"

#include <gtest/gtest.h>

#include "app/errors.hpp"
#include "files/files.hpp"

namespace temps::app {
namespace {

TEST(DataFolder, IsMadeAtTheFirstStart) {
  const files::TemporaryFolder folder;
  const Layout layout{folder.path() / "data"};
  ASSERT_TRUE(prepare(layout).has_value());
  EXPECT_EQ(files::read(layout.version_file()).value_or(""), "1\n");
  EXPECT_TRUE(prepare(layout).has_value());
}

TEST(DataFolder, OfANewerVersionIsLeftAsItIs) {
  const files::TemporaryFolder folder;
  const Layout layout{folder.path()};
  ASSERT_TRUE(files::write_atomically(layout.version_file(), "99\n"));
  const auto refused = prepare(layout);
  ASSERT_FALSE(refused.has_value());
  EXPECT_TRUE(refused.error().is(errors::newer_data));
  EXPECT_FALSE(std::filesystem::exists(layout.run()));
  EXPECT_FALSE(std::filesystem::exists(layout.logs()));
}

}  // namespace
}  // namespace temps::app

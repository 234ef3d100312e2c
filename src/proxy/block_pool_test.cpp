#include "proxy/block_pool.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

namespace temps::proxy {
namespace {

TEST(BlockPool, GivesABlockOutAgain) {
  if (!BlockPool::keeps) GTEST_SKIP() << "not under a sanitizer";
  BlockPool pool;
  auto* first = pool.take(100);
  auto* second = pool.take(100);
  EXPECT_NE(first, second);
  pool.give(first);
  EXPECT_EQ(pool.kept_bytes(), 128);
  EXPECT_EQ(pool.take(120), first);
  EXPECT_EQ(pool.kept_bytes(), 0);
  pool.give(first);
  pool.give(second);
}

TEST(BlockPool, DoesNotGiveASmallBlockToWhomItIsTooSmallFor) {
  BlockPool pool;
  auto* small = pool.take(64);
  pool.give(small);
  auto* larger = pool.take(65);
  std::memset(larger, 1, 65);
  pool.give(larger);
}

TEST(BlockPool, KeepsNeitherLargeBlocksNorManyOfThem) {
  BlockPool pool;
  pool.give(pool.take(BlockPool::block_bytes_max + 1));
  EXPECT_EQ(pool.kept_bytes(), 0);
  std::vector<void*> blocks;
  constexpr auto count = BlockPool::kept_bytes_max / BlockPool::block_bytes_max + 10;
  for (std::size_t i = 0; i < count; ++i) blocks.push_back(pool.take(BlockPool::block_bytes_max));
  for (auto* block : blocks) pool.give(block);
  EXPECT_LE(pool.kept_bytes(), BlockPool::kept_bytes_max);
}

TEST(BlockPool, KeepsWhatABlockHoldsWhenItGrows) {
  BlockPool pool;
  constexpr std::string_view text = "sixteen letters.";
  auto* block = pool.resize(nullptr, text.size());
  std::memcpy(block, text.data(), text.size());
  for (const std::size_t bytes : {65UL, 2000UL, 5000UL, 100'000UL})
    block = pool.resize(block, bytes);
  EXPECT_EQ(std::string_view(static_cast<char*>(block), text.size()), text);
  pool.give(block);
  pool.give(nullptr);
}

TEST(BlockPool, GivesZerosWhereTheyAreAskedFor) {
  BlockPool pool;
  auto* dirty = pool.take(256);
  std::memset(dirty, 0xff, 256);
  pool.give(dirty);
  auto* clean = static_cast<std::uint8_t*>(pool.take_zeroed(4, 64));
  for (int i = 0; i < 256; ++i) ASSERT_EQ(clean[i], 0);
  pool.give(clean);
  EXPECT_EQ(pool.take_zeroed(SIZE_MAX / 2, 3), nullptr);
  EXPECT_EQ(pool.take(SIZE_MAX - 8), nullptr);
}

}  // namespace
}  // namespace temps::proxy

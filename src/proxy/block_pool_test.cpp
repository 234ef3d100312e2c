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
  auto* memory = pool.for_nghttp2();
  constexpr std::string_view text = "sixteen letters.";
  auto* block = memory->realloc(nullptr, text.size(), memory->mem_user_data);
  std::memcpy(block, text.data(), text.size());
  for (const std::size_t bytes : {65UL, 2000UL, 5000UL, 100'000UL})
    block = memory->realloc(block, bytes, memory->mem_user_data);
  EXPECT_EQ(std::string_view(static_cast<char*>(block), text.size()), text);
  memory->free(block, memory->mem_user_data);
  memory->free(nullptr, memory->mem_user_data);
}

TEST(BlockPool, GivesZerosWhereTheyAreAskedFor) {
  BlockPool pool;
  auto* memory = pool.for_nghttp2();
  auto* dirty = pool.take(256);
  std::memset(dirty, 0xff, 256);
  pool.give(dirty);
  auto* clean = static_cast<std::uint8_t*>(memory->calloc(4, 64, memory->mem_user_data));
  for (int i = 0; i < 256; ++i) ASSERT_EQ(clean[i], 0);
  pool.give(clean);
  EXPECT_EQ(memory->calloc(SIZE_MAX / 2, 3, memory->mem_user_data), nullptr);
  EXPECT_EQ(pool.take(SIZE_MAX - 8), nullptr);
}

}  // namespace
}  // namespace temps::proxy

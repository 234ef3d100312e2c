// Memory of what comes and goes with every request of HTTP/2: blocks that one loop uses again.
#pragma once
#include <array>
#include <cstddef>

namespace temps::proxy {

// Small blocks are kept, up to a limit in all, for the next one of about their size; all others
// come from, and go back to, the allocator. Belongs to one loop's thread and outlives its blocks.
class BlockPool {
 public:
  static constexpr std::size_t kept_bytes_max = 2UL * 1024 * 1024;
  static constexpr std::size_t block_bytes_max = 2048;
  // A kept block looks alive to the sanitizers: where they run, every block is the allocator's, so
  // that they see what is used after its end.
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
  static constexpr bool keeps = false;
#else
  static constexpr bool keeps = true;
#endif

  BlockPool() = default;
  ~BlockPool();
  BlockPool(const BlockPool&) = delete;
  BlockPool& operator=(const BlockPool&) = delete;

  // Aligned as malloc() does; nullptr where there is no memory.
  [[nodiscard]] void* take(std::size_t bytes) noexcept;
  void give(void* block) noexcept;
  // As calloc() and realloc().
  [[nodiscard]] void* take_zeroed(std::size_t count, std::size_t each) noexcept;
  [[nodiscard]] void* resize(void* block, std::size_t bytes) noexcept;
  [[nodiscard]] std::size_t kept_bytes() const { return kept_bytes_; }

 private:
  // Stands before each block.
  struct alignas(std::max_align_t) Header {
    std::size_t bytes;  // of the block, this not counted
    Header* next;       // while it is kept
  };
  static constexpr std::size_t step = 64;
  static constexpr std::size_t classes = block_bytes_max / step + 1;

  std::array<Header*, classes> kept_{};
  std::size_t kept_bytes_ = 0;
};

}  // namespace temps::proxy

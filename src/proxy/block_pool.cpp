#include "proxy/block_pool.hpp"

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace temps::proxy {

BlockPool::~BlockPool() {
  for (auto* first : kept_)
    while (first != nullptr) std::free(std::exchange(first, first->next));
}

void* BlockPool::take(std::size_t bytes) noexcept {
  if (bytes > SIZE_MAX - sizeof(Header) - step) return nullptr;
  if (keeps && bytes <= block_bytes_max) {
    const auto number = (bytes + step - 1) / step;
    if (auto* header = kept_[number]; header != nullptr) {
      kept_[number] = header->next;
      kept_bytes_ -= header->bytes;
      return header + 1;
    }
    bytes = number * step;
  }
  auto* header = static_cast<Header*>(std::malloc(sizeof(Header) + bytes));
  if (header == nullptr) return nullptr;
  header->bytes = bytes;
  return header + 1;
}

void* BlockPool::take_zeroed(std::size_t count, std::size_t each) noexcept {
  if (each != 0 && count > SIZE_MAX / each) return nullptr;
  auto* block = take(count * each);
  if (block != nullptr) std::memset(block, 0, count * each);
  return block;
}

void BlockPool::give(void* block) noexcept {
  if (block == nullptr) return;
  auto* header = static_cast<Header*>(block) - 1;
  const auto bytes = header->bytes;
  if (!keeps || bytes > block_bytes_max || kept_bytes_ + bytes > kept_bytes_max)
    return std::free(header);
  auto*& first = kept_[bytes / step];
  header->next = std::exchange(first, header);
  kept_bytes_ += bytes;
}

void* BlockPool::resize(void* block, std::size_t bytes) noexcept {
  if (block == nullptr) return take(bytes);
  const auto held = (static_cast<Header*>(block) - 1)->bytes;
  if (bytes <= held) return block;
  auto* larger = take(bytes);
  if (larger == nullptr) return nullptr;
  std::memcpy(larger, block, held);
  give(block);
  return larger;
}

}  // namespace temps::proxy

// Waits until every loop has done something.
#pragma once
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>

namespace temps::proxy {

// Shared with the loops, which may arrive after nobody waits any more.
class LoopBarrier {
 public:
  static constexpr std::chrono::seconds limit{5};

  static std::shared_ptr<LoopBarrier> of(std::size_t loops) {
    auto barrier = std::make_shared<LoopBarrier>();
    barrier->open_ = loops;
    return barrier;
  }
  void arrive() {
    const std::lock_guard lock(mutex_);
    --open_;
    changed_.notify_one();
  }
  // How many have not arrived after `limit`.
  std::size_t wait() {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, limit, [this] { return open_ == 0; });
    return open_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t open_ = 0;
};

}  // namespace temps::proxy

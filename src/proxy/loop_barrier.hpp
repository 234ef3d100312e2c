// Waits until every loop has done something, or has ended.
#pragma once
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <utility>

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
  // Kept with the work of one loop; the loop has arrived when it is destroyed.
  class Arrival {
   public:
    explicit Arrival(std::shared_ptr<LoopBarrier> barrier) : barrier_(std::move(barrier)) {}
    Arrival(Arrival&&) = default;
    Arrival& operator=(Arrival&&) = delete;
    ~Arrival() {
      if (barrier_ != nullptr) barrier_->arrive();
    }

   private:
    std::shared_ptr<LoopBarrier> barrier_;
  };
  // How many have not arrived after `limit`.
  std::size_t wait() {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, limit, [this] { return open_ == 0; });
    return open_;
  }

 private:
  void arrive() {
    const std::lock_guard lock(mutex_);
    --open_;
    changed_.notify_one();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t open_ = 0;
};

}  // namespace temps::proxy

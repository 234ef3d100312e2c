// Which upstream a request goes to, and to which other one when that cannot be reached.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "proxy/page.hpp"
#include "proxy/snapshot.hpp"
#include "proxy/upstream.hpp"
#include "proxy/worker.hpp"

namespace temps::proxy {

class UpstreamChoice {
 public:
  explicit UpstreamChoice(Worker& worker) : worker_(worker) {}
  // Of the table that the loop uses now, which stays alive until clear().
  void begin(const Target& target);
  // Of the table that the other one chooses from.
  void begin(const UpstreamChoice& other);
  void clear();

  // Leases the least loaded upstream of this loop that is not done with for this request. False
  // where there is none.
  [[nodiscard]] bool take_next();
  // The leased one is not taken again for this request.
  void mark_tried();
  // The leased one cannot be reached. For a while it is only used when all others cannot, either.
  void note_unreachable();
  // Counts what came of the leased one: the status of its answer, or that none came.
  // Yields how long the answer took.
  TimePoint::duration note_answer(int status) {
    const auto time = now() - taken_at_;
    lease_.share().answers.count(status, time);
    return time;
  }
  void note_failure() { lease_.share().failures.add(); }
  // As note_unreachable(), and it is done with.
  void give_up();

  [[nodiscard]] const Target& target() const { return *target_; }
  [[nodiscard]] Lease& lease() { return lease_; }
  // What a client is told when no upstream answers.
  [[nodiscard]] Notice unreachable(std::string_view host) const;

 private:
  [[nodiscard]] TimePoint now() const { return worker_.reactor.now(); }

  Worker& worker_;
  std::shared_ptr<const LoopTable> table_;  // keeps `target_` alive
  const Target* target_ = nullptr;
  Lease lease_;
  TimePoint taken_at_{};
  std::size_t at_ = 0;       // of the leased one
  std::uint64_t tried_ = 0;  // one bit for each of the first 64
  bool exhausted_ = false;
};

}  // namespace temps::proxy

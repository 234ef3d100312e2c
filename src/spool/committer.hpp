// Group commit: many append at the same time, and one sync acknowledges all of them.
#pragma once
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "core/result.hpp"
#include "core/task.hpp"
#include "core/timers.hpp"
#include "spool/output.hpp"

namespace temps::spool {

// What waits to be written at most; beyond that, records are refused.
inline constexpr std::size_t queue_bytes_max = 16UL << 20U;

// Has a thread of its own, which writes what has come while it was writing. A resource; at its end
// what was taken is written first.
class Committer {
 public:
  Committer(Options options, const Clock& clock);
  ~Committer();
  Committer(const Committer&) = delete;
  Committer& operator=(const Committer&) = delete;

  // Calls `done` on the committer's thread once the record survives a power cut, or with why it was
  // not taken: `full`, `too_large`, `core.system`. From any thread.
  using Done = std::move_only_function<void(Result<>)>;
  void append(std::string record, Done done);
  // The same for a task of the loop that `timers` belongs to. A task that is cancelled meanwhile
  // waits all the same, for its record may be there.
  Task<> append(Timers& timers, std::string record);

  [[nodiscard]] Counts counts() const;

 private:
  struct Entry {
    std::string record;
    Done done;
  };
  void run();
  void commit(std::vector<Entry> batch);

  Output output_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Entry> queue_;
  std::size_t queued_bytes_ = 0;
  Counts counts_;
  std::chrono::milliseconds look_;
  bool stopping_ = false;
  std::thread thread_;  // last: it uses the others
};

}  // namespace temps::spool

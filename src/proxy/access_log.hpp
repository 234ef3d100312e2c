// The access log: loops encode what they have answered into a buffer of their own, and hand it over
// full or after a moment to the one thread that writes. No loop ever waits for the disk: what there
// is no room for is counted, and gone.
#pragma once
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "core/clock.hpp"
#include "proxy/json_lines.hpp"
#include "proxy/proxy.hpp"
#include "proxy/reactor.hpp"
#include "routing/access_record.hpp"
#include "routing/report.hpp"
#include "spool/output.hpp"

namespace temps::proxy {

class Exchange;

// Encoded records, each behind its length in 4 bytes.
struct AccessBatch {
  std::string bytes;
  std::uint64_t requests = 0;
};

class AccessLog {
 public:
  // Into a spool, a file of JSON lines, or both.
  explicit AccessLog(AccessLogOptions options);
  ~AccessLog();  // writes what it has been given
  AccessLog(const AccessLog&) = delete;
  AccessLog& operator=(const AccessLog&) = delete;

  // Takes the batch and leaves an empty one. From any thread.
  void hand_over(AccessBatch& batch);
  [[nodiscard]] double share() const { return options_.share; }
  [[nodiscard]] routing::AccessLogReport report() const;

 private:
  void run();
  void write(const AccessBatch& batch);
  // One of the two places that are written to.
  struct Sink {
    std::string_view name;
    bool is_failing = false;
  };
  void note(Sink& sink, const Result<>& outcome);

  AccessLogOptions options_;
  SystemClock clock_;
  std::optional<spool::Output> output_;  // of the thread
  std::optional<JsonLines> lines_;       // of the thread
  Sink spool_sink_{"spool"};             // of the thread
  Sink file_sink_{"file"};               // of the thread

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<AccessBatch> waiting_;
  std::vector<AccessBatch> spare_;
  bool stopping_ = false;
  std::atomic<std::uint64_t> written_{0};
  std::atomic<std::uint64_t> lost_{0};
  std::atomic<std::uint64_t> given_up_{0};
  std::thread thread_;  // last: it uses the others
};

// One loop's part.
class AccessBuffer final : private Timer {
 public:
  AccessBuffer(Reactor& reactor, AccessLog& log);
  ~AccessBuffer() override { flush(); }

  // Is the next request one of those that are logged?
  [[nodiscard]] bool takes_next();
  // The exchange's request has ended.
  void add(const Exchange& exchange);
  void flush();

 private:
  void on_time() override { flush(); }
  void begin_batch();

  Reactor& reactor_;
  AccessLog& log_;
  AccessBatch batch_;
  std::uint64_t threshold_;  // of 2^32
  std::uint64_t random_;
  Instant::duration wall_offset_{};  // from the loop's clock to that of the world
};

}  // namespace temps::proxy

#include "spool/committer.hpp"

#include <optional>
#include <utility>

#include "core/log.hpp"

namespace temps::spool {

Committer::Committer(Options options, const Clock& clock)
    : output_(options, clock), look_(options.segment_age), thread_([this] { run(); }) {}

Committer::~Committer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void Committer::append(std::string record, Done done) {
  {
    const std::lock_guard lock(mutex_);
    if (!stopping_ && queued_bytes_ + record.size() <= queue_bytes_max) {
      queued_bytes_ += record.size();
      queue_.push_back({std::move(record), std::move(done)});
      changed_.notify_one();
      return;
    }
  }
  done(fail(Error(errors::full, "too much is being stored at the moment; try again")
                .retry_in(std::chrono::seconds{1})));
}

Task<> Committer::append(Timers& timers, std::string record) {
  auto outcome = std::make_shared<std::optional<Result<>>>();
  co_await External<void>{
      .start = [this, &timers, &record, outcome](Completer<void> done) -> External<void>::Abort {
        append(std::move(record), [&timers, outcome, done](Result<> result) {
          timers.post([outcome, done, result = std::move(result)]() mutable {
            outcome->emplace(std::move(result));
            done({});
          });
        });
        return {};
      },
      .cancellable = false};
  co_await std::move(**outcome);
}

Counts Committer::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

void Committer::run() {
  for (;;) {
    std::vector<Entry> batch;
    {
      std::unique_lock lock(mutex_);
      const auto has_work = [this] { return stopping_ || !queue_.empty(); };
      if (output_.is_open()) {
        changed_.wait_for(lock, look_, has_work);
      } else {
        changed_.wait(lock, has_work);
      }
      if (stopping_ && queue_.empty()) return;
      batch = std::exchange(queue_, {});
      queued_bytes_ = 0;
    }
    commit(std::move(batch));
    if (auto closed = output_.close_if_old(); !closed)
      log::warning("a segment of a spool was not closed", {{"detail", closed.error().detail()}});
    const std::lock_guard lock(mutex_);
    counts_ = output_.counts();
  }
}

void Committer::commit(std::vector<Entry> batch) {
  // What a failed write takes with it is all that was appended since the last success.
  std::vector<Done> waiting;
  const auto settle = [&waiting](const Result<>& result) {
    for (auto& done : std::exchange(waiting, {})) done(result);
  };
  for (auto& entry : batch) {
    const auto taken = output_.append(entry.record);
    if (!taken && taken.error().is(errors::too_large)) {
      entry.done(taken);
      continue;
    }
    waiting.push_back(std::move(entry.done));
    if (!taken) settle(taken);
  }
  settle(output_.sync());
}

}  // namespace temps::spool
